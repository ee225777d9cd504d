import type { Fabric, RackObserver } from "#rack";
import type { TraceRequest } from "#trace";
import type { Control, Route, SwitchMemories } from "./engine/contract.ts";
import type { Engine } from "./engine/engine.ts";
import type { EngineWorker } from "./engine/worker.ts";
import type { FaultOptions, Plan } from "./options/index.ts";
import { Service } from "./service.ts";
import type { PlacementWatcher, RackParts } from "./service-contract.ts";

/** What an engine is driven by besides requests: who serves, the weights on their way, and the schedule of faults. */
export class RunControl implements Control {
  readonly service: Service;
  readonly faultsNs: readonly number[];
  readonly switches: SwitchMemories;
  readonly #plan: Plan;
  readonly #fabric: Fabric;
  #engine: Engine | undefined;
  /** Whether the fleet is in the middle of something, and what is to be done when it is not: it must not be called back. */
  #isBusy = false;
  readonly #after: (() => void)[] = [];

  constructor(
    plan: Plan,
    parts: RackParts,
    fabric: Fabric,
    isLeaping: boolean,
    observer: RackObserver | undefined,
    placements: PlacementWatcher | undefined,
  ) {
    this.#plan = plan;
    this.#fabric = fabric;
    this.faultsNs = plan.faults.map(({ atNs }) => atNs);
    this.service = new Service(plan, parts, isLeaping, observer, {
      opened: (worker, nowNs) => this.#whenDone(() => this.#engine?.opened(worker, nowNs)),
      closing: (worker, nowNs) => this.#engine?.lose(worker, nowNs),
      touching: (worker) => worker.settle(this.service.fleet.nowNs, false),
      nowNs: () => this.#engine?.nowNs ?? 0,
      ...(placements && { placements }),
    });
    this.switches = switchMemories(this.service);
    this.#whenDone(() => this.service.open());
  }

  get workers(): readonly (EngineWorker | undefined)[] {
    return this.service.workers;
  }

  /** Tells who is driven: workers that come and go from now on are told to it. */
  drives(engine: Engine): void {
    this.#engine = engine;
    for (const worker of this.workers) if (worker !== undefined) engine.opened(worker, 0);
  }

  routeOf(request: TraceRequest): Route | undefined {
    return this.service.routeOf(request);
  }

  nextNs(): number {
    return this.service.fleet.nextNs() ?? Number.POSITIVE_INFINITY;
  }

  advance(nowNs: number): void {
    this.#whenDone(() => this.service.fleet.advance(nowNs));
  }

  strike(place: number, nowNs: number): void {
    const step = this.#plan.faults[place];
    if (step === undefined) return;
    this.advance(nowNs);
    this.#whenDone(() => this.#strike(step.fault, step.kind === "begin", nowNs));
    this.#engine?.askAgain(nowNs);
  }

  want(deployment: number, nowNs: number): void {
    this.advance(nowNs);
    this.#whenDone(() => this.service.demand.want(deployment));
    this.#engine?.look();
  }

  relieved(worker: EngineWorker, nowNs: number): void {
    if (!this.service.demand.isDraining) return;
    this.advance(nowNs);
    this.#whenDone(() => this.service.demand.drained(worker));
    this.#engine?.look();
  }

  /** Does something at once, or when the fleet has done what it is at. */
  #whenDone(act: () => void): void {
    this.#after.push(act);
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#after.shift(); next !== undefined; next = this.#after.shift()) next();
    this.#isBusy = false;
  }

  #strike(fault: FaultOptions, isBegin: boolean, nowNs: number): void {
    switch (fault.kind) {
      case "lose":
        if (isBegin) this.service.lose(fault.what);
        else this.service.regain(fault.what);
        return;
      case "slow":
        this.#fabric.slow(fault.link, isBegin ? fault.factor : 1, nowNs);
        return;
      case "events":
        this.service.disturb(fault, isBegin, nowNs);
    }
  }
}

/** The switches of those whose degree can make use of them; nobody else reads or counts. */
const switchMemories = (service: Service): SwitchMemories => ({
  run: ({ serving, deployment }, blocks, hits) =>
    service.switchesOf(deployment)?.run(serving, service.kindOf(deployment), blocks, hits) ?? hits,
  serve: ({ serving, deployment }, blocks) =>
    service.switchesOf(deployment)?.serve(serving, service.kindOf(deployment), blocks),
  count: ({ serving, deployment, costs }, blocks) =>
    service
      .switchesOf(deployment)
      ?.count(serving, service.kindOf(deployment), blocks, costs.blockBytes),
});
