/** Broken engines: each is wrong in one thing, and most in one that a real engine was wrong in. */
import { BlockPool, type Pool } from "#rack";
import {
  EngineModel,
  type EngineSettings,
  EngineWorker,
  type EngineWorkerSetup,
  type Live,
} from "#replay";
import { ListeningEngine } from "./engines.ts";
import { engine, model } from "./scene-runs.ts";

const withWorkers = (create: new (setup: EngineWorkerSetup) => EngineWorker) =>
  engine({ createWorker: (setup) => new create(setup) });

const withEngine = (create: typeof ListeningEngine) =>
  engine({ createEngine: (...args) => new create(...args) });

/** Takes an arrival at the very end of a step for one that comes after it. */
class Inattentive extends EngineWorker {
  override wakeBy(nowNs: number): boolean {
    return super.wakeBy(nowNs, true);
  }
}

class Sleeper extends EngineWorker {
  override wakeBy(): boolean {
    return false;
  }
}

class Forgetful extends EngineWorker {
  #isPlanning = false;

  override plan(): void {
    if (this.#isPlanning || this.at !== "phase") {
      super.plan();
      return;
    }
    this.#isPlanning = true;
    super.beginPhase(this.startNs);
    this.#isPlanning = false;
  }
}

class LateGrower extends EngineWorker {
  constructor(setup: EngineWorkerSetup) {
    super(setup);
    const { batch } = this;
    const growth = batch.growth.bind(batch);
    batch.growth = (from, to) => growth(from + 3, to + 3);
  }
}

class Counter extends EngineWorker {
  override takeOut(live: Live): void {
    super.takeOut(live);
    if (live.emitted < live.request.outputTokens && live.leaving === "")
      live.emitted = Math.min(live.emitted + 1, live.request.outputTokens - 1);
  }
}

class LateJoiner extends ListeningEngine {
  protected override call(worker: EngineWorker, nowNs: number): void {
    if (worker.at !== "phase" || worker.ready.length === 0) super.call(worker, nowNs);
  }
}

class Blind extends ListeningEngine {
  #isBlind = false;

  override look(): void {
    if (!this.#isBlind) super.look();
  }

  protected override withdraw(live: Live, nowNs: number): void {
    this.#isBlind = true;
    super.withdraw(live, nowNs);
    this.#isBlind = false;
  }
}

class Closed extends ListeningEngine {
  #closed: EngineWorker | undefined;

  protected override admit(worker: EngineWorker | undefined, nowNs: number): void {
    this.#closed = worker;
    super.admit(worker, nowNs);
    this.#closed = undefined;
  }

  protected override call(worker: EngineWorker, nowNs: number): void {
    if (worker !== this.#closed || worker.ready.length > 0) super.call(worker, nowNs);
  }
}

class Detaining extends ListeningEngine {
  protected override prefilled(live: Live, worker: EngineWorker, nowNs: number): void {
    const { leaving } = live;
    live.leaving = "";
    super.prefilled(live, worker, nowNs);
    live.leaving = leaving;
  }
}

class Slow extends ListeningEngine {
  protected override leaveAt(nowNs: number, live: Live | undefined): void {
    const worker = this.parts.control.workers[live?.worker?.number ?? -1];
    if (live?.state !== "decoding" || worker?.at !== "boundary") {
      super.leaveAt(nowNs, live);
      return;
    }
    const reason = this.reasonToLeave(live, nowNs);
    if (reason === undefined || live.leaving !== "") return;
    live.leaving = reason;
    worker.leavers.push(live);
  }
}

class Early extends ListeningEngine {
  protected override hasGrown(): boolean {
    return false;
  }
}

class RowsFirst extends ListeningEngine {
  protected override runUntil(timeNs: number, rank: number): void {
    super.runUntil(timeNs, rank, 0);
  }
}

class Frozen extends EngineWorker {
  constructor(setup: EngineWorkerSetup) {
    const { costs } = setup;
    const phaseNs = (batch: number, kvTokens: number, steps: number): number =>
      steps * costs.stepNs(0, batch, kvTokens);
    super({ ...setup, costs: { ...costs, phaseNs } });
  }
}

class Timid extends BlockPool {
  override admit(...[request, blocks, unnamed]: Parameters<Pool["admit"]>) {
    return request >= 0 && blocks.length + unnamed === this.capacity
      ? ({ kind: "refused", because: "full" } as const)
      : super.admit(request, blocks, unnamed);
  }
}

class Greedy extends EngineModel {
  protected override room(): number {
    return super.room(0);
  }
}

/** The other order of preemption. */
const other = { newest: "oldest", oldest: "newest" } as const satisfies Record<
  EngineSettings["preemption"],
  EngineSettings["preemption"]
>;

/** By what they do wrong. */
export const ENGINE_MUTANTS = {
  "a leap that misses an arrival at the end of a step": withWorkers(Inattentive),
  "a leap that nobody can wake": withWorkers(Sleeper),
  "a plan made anew that forgets who asked to be woken": withWorkers(Forgetful),
  "blocks taken a step late": withWorkers(LateGrower),
  "KV that is read as it was when the phase began": withWorkers(Frozen),
  "a token counted twice when its request is preempted": withWorkers(Counter),
  "the oldest goes where the newest should": engine({}, (setup) => ({
    ...setup,
    settings: { ...setup.settings, preemption: other[setup.settings.preemption] },
  })),
  "who is ready joins when somebody ends": withEngine(LateJoiner),
  "a cut flow that makes no other one quicker": withEngine(Blind),
  "who was held back by a preemption waits until somebody calls": withEngine(Closed),
  "who is to leave is decoded elsewhere": withEngine(Detaining),
  "who leaves between two steps makes one more": withEngine(Slow),
  "caches as they were before the steps that begin now": withEngine(Early),
  "rows of the trace come before turns of the same instant": withEngine(RowsFirst),
  "a pool that is full one block too early": engine({
    createPool: (...args) => new Timid(...args),
  }),
  "a chunk as if nobody decoded": model((...args) => new Greedy(...args)),
};
