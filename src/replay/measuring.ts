import type { RackObserver } from "#rack";
import type { RunControl } from "./control.ts";
import type { Engine } from "./engine/engine.ts";
import type { EngineWatcher } from "./engine/watcher.ts";
import { isHearingLate } from "./event-feed.ts";
import { Measures, type RunMeasures } from "./measures/index.ts";
import type { Plan } from "./options/index.ts";
import type { Recorder } from "./record.ts";

const nothing = (): void => undefined;

/** Measures a run: hears what an engine and its pools tell, and what comes of it. */
export class Measuring {
  /** To be told of everything that the engine does. */
  readonly engine: EngineWatcher;
  /** To be told of everything that pools announce. */
  readonly rack: RackObserver;
  readonly #measures: Measures;
  #evictions = 0;

  constructor(plan: Plan, recorder: Recorder | undefined) {
    const { slo } = plan.options;
    this.#measures = new Measures({
      slo,
      recorder,
      isHearingLate: isHearingLate(plan),
    });
    this.engine = this.#watcher(plan);
    this.rack = {
      stored: nothing,
      removed: (_worker, _names, count) => {
        this.#evictions += count;
      },
    };
  }

  /** Everything, once the run has ended. */
  finish(engine: Engine, control: RunControl): RunMeasures {
    return this.#measures.finish({
      endNs: engine.endNs,
      failedAtSource: engine.tally.failedAtSource,
      evictions: this.#evictions,
      promotions: control.service.switches.promotions,
      swaps: control.service.demand.swaps,
    });
  }

  #watcher({ deploymentOf, deployments }: Plan): EngineWatcher {
    const measures = this.#measures;
    const kinds = [...new Set(deployments.map(({ kind }) => kind))];
    const kindOf = (model: number): number =>
      kinds.indexOf(deployments[deploymentOf(model)]?.kind ?? "");
    return {
      instant: (nowNs) => measures.until(nowNs),
      opened: (worker, nowNs) => measures.opened(worker, nowNs),
      gone: (worker, nowNs) => measures.gone(worker, nowNs),
      arrived: ({ request, blocks }) =>
        measures.arrived(Math.max(0, kindOf(request.model)), blocks),
      moves: nothing,
      routed: nothing,
      unloaded: nothing,
      decided: (decision) => measures.decided(decision),
      hits: nothing,
      reading: nothing,
      filling: nothing,
      prefilled: (live, worker, nowNs) => measures.prefilled(live, worker, nowNs),
      decoded: (worker, stretch) => measures.decoded(worker, stretch),
      paused: (live) => measures.paused(live),
      resumed: (live, worker) => measures.resumed(live, worker),
      moved: ({ kind, live, source, target, distance, bytes, startNs }, endNs) =>
        measures.moved({
          kind,
          request: live.number,
          worker: target.number,
          from: source?.number ?? -1,
          distance,
          blocks: bytes / target.costs.blockBytes,
          bytes,
          startNs,
          endNs,
        }),
      ended: (live, outcome, reason, nowNs) => measures.ended(live, outcome, reason, nowNs),
      scheduled: nothing,
      happened: nothing,
    };
  }
}
