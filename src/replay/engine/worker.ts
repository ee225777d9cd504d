import type { Costs } from "#cost";
import type { ServingWorker } from "#rack";
import { Batch } from "./batch.ts";
import type { Live } from "./live.ts";
import { countsAfter, OutputBlocks } from "./output-blocks.ts";
import { type DecodedSteps, Phase } from "./phase.ts";
import type { EngineWorkerSetup } from "./worker-setup.ts";

/**
 * One worker at work. `step`: it makes one step that prefills. `phase`: it decodes a batch that does not change, step after step, of which each is known by a
 * formula and none is an event. `boundary`: a step has ended and the next has not begun.
 */
export class EngineWorker {
  readonly number: number;
  readonly serving: ServingWorker;
  readonly deployment: number;
  readonly costs: Costs;
  readonly batch: Batch;
  /** Who waits: most urgent first, then by arrival, then by number. Those in front of `head` have left. */
  queue: Live[] = [];
  head = 0;
  /** By the order in which they were taken up. */
  readonly prefilling: Live[] = [];
  /** Whose KV has come from elsewhere: they join at the next step. */
  ready: Live[] = [];
  /** Requests whose blocks are here and whose KV is on its way. */
  expecting = 0;
  /** Requests of the batch, or being prefilled, that are to leave at the end of a step. */
  leavers: Live[] = [];
  at: "idle" | "boundary" | "step" | "phase" = "idle";
  /** When the step or the phase began. */
  startNs = 0;
  /** When it is next to be looked at; infinity when it is idle. */
  wakeNs = Number.POSITIVE_INFINITY;
  /** Whether it is to be scheduled at this instant. */
  isCalled = false;
  /** Whether nobody had to go for the blocks of the next step, so that others may come. */
  isOpen = true;
  /** Blocks that this batch has taken for its output. */
  readonly output: OutputBlocks;
  /** When the batch next takes a block that somebody's cached block must go for. */
  evictNs = Number.POSITIVE_INFINITY;
  orders = 0;
  busyNs = 0;
  prefillTokens = 0;
  decodeTokens = 0;
  readonly #isLeaping: boolean;
  readonly #isExactlyEvicting: boolean;
  readonly #phase: Phase;
  /** The step of the phase at which to wake. */
  #wakeStep = 0;
  /** Tokens that the step under way prefills. */
  #prefilling = 0;
  /** At which step somebody has asked to be woken, however the phase is planned anew. */
  #askedStep = Number.POSITIVE_INFINITY;

  constructor(setup: EngineWorkerSetup) {
    const { serving, deployment, costs } = setup;
    this.number = serving.number;
    this.serving = serving;
    this.deployment = deployment;
    this.costs = costs;
    this.batch = new Batch(costs.blockTokens);
    this.output = new OutputBlocks(serving.pool, this.batch, costs.blockTokens);
    this.#phase = new Phase(costs);
    this.#isLeaping = setup.isLeaping;
    this.#isExactlyEvicting = setup.isExactlyEvicting;
  }

  /** Requests that have their blocks here, or will at the next step. */
  get sequences(): number {
    return this.batch.size + this.prefilling.length + this.ready.length + this.expecting;
  }

  /** How it stands at an instant up to which everything has happened that is to happen by then, what is under way included. */
  reading(nowNs: number) {
    const isPhase = this.at === "phase";
    const isAtWork = isPhase || this.at === "step";
    // Blocks of steps that have begun are taken, whether or not anybody has looked.
    const begun = isPhase ? this.#begunBy(nowNs, true) : 0;
    const taken = begun > this.output.steps ? this.batch.growth(this.output.steps, begun) : 0;
    const steps = isPhase ? this.#endedBy(nowNs) : 0;
    return {
      waiting: this.waiting,
      running: this.sequences,
      ...countsAfter(this.serving.pool.counts(), taken),
      busyNs: this.busyNs + (isAtWork ? nowNs - this.startNs - this.#passedNs() : 0),
      prefillTokens: this.prefillTokens,
      decodeTokens: this.decodeTokens + steps * this.batch.size,
    };
  }

  get waiting(): number {
    return this.queue.length - this.head;
  }

  /** Begins to prefill, `tokens` in all, beside one token for each of the batch. */
  beginStep(nowNs: number, tokens: number): void {
    this.at = "step";
    this.startNs = nowNs;
    this.#phase.end();
    this.evictNs = Number.POSITIVE_INFINITY;
    this.wakeNs = nowNs + this.costs.stepNs(tokens, this.batch.size, this.batch.kvTokens);
    this.#prefilling = tokens;
  }

  /** Begins to decode, or goes on when the batch is what it was. */
  beginPhase(nowNs: number): void {
    const { batch } = this;
    this.at = "phase";
    this.#askedStep = Number.POSITIVE_INFINITY;
    this.#phase.begin(batch, nowNs);
    this.startNs = this.#phase.startNs;
    this.plan();
  }

  /** There is nothing to do. */
  rest(): void {
    this.at = "idle";
    this.output.rest();
    this.#phase.end();
    this.wakeNs = Number.POSITIVE_INFINITY;
    this.evictNs = Number.POSITIVE_INFINITY;
  }

  /** Works out anew when the phase must be looked at: when somebody has all its tokens, or when there is no block left for a step. */
  plan(): void {
    const { batch } = this;
    const { free, cached } = this.serving.pool.counts();
    const finish = batch.firstFinish;
    const last = batch.firstBeyond(free + cached, this.output.steps, finish);
    const evicting = batch.firstBeyond(free, this.output.steps, finish);
    const end = this.#isExactlyEvicting ? Math.min(last, evicting) : last;
    const next = this.#isLeaping ? end : Math.min(end, batch.steps + 1);
    this.#wakeStep = Math.min(next - this.#phase.base, this.#askedStep);
    this.wakeNs = this.#phase.momentNs(this.#wakeStep);
    this.#evictFrom(evicting);
  }

  /** Wakes at the first end of a step after an instant, or at it when the next step has not begun; whether that is sooner than it would have. */
  wakeBy(nowNs: number, hasBegun: boolean): boolean {
    if (this.at !== "phase") return false;
    const first = this.#phase.stepAt(hasBegun ? nowNs + 1 : nowNs);
    const step = Math.max(first, this.batch.steps - this.#phase.base + 1);
    // Even when it wakes by then as it is: it may find room, and plan to sleep on.
    this.#askedStep = Math.min(this.#askedStep, step);
    if (step >= this.#wakeStep) return false;
    this.#wakeStep = step;
    this.wakeNs = this.#phase.momentNs(step);
    return true;
  }

  /** The step, or the stretch of steps up to the one to wake at, has ended: says which. */
  arriveAtBoundary(): DecodedSteps {
    const isPrefilling = this.at === "step";
    const endNs = this.wakeNs;
    const stretch = isPrefilling
      ? this.#stretch(1, endNs - this.startNs, endNs, true)
      : this.#stretch(
          this.#phase.base + this.#wakeStep - this.batch.steps,
          endNs - this.startNs - this.#passedNs(),
          endNs,
          false,
        );
    this.#make(stretch);
    if (isPrefilling) this.prefillTokens += this.#prefilling;
    this.at = "boundary";
    this.wakeNs = Number.POSITIVE_INFINITY;
    this.evictNs = Number.POSITIVE_INFINITY;
    return stretch;
  }

  /** The worker is gone at an instant in the middle of whatever it does: the steps that had ended by then, if any, have. */
  breakOff(nowNs: number): DecodedSteps | undefined {
    let stretch: DecodedSteps | undefined;
    let endedNs = this.startNs;
    if (this.at === "phase") {
      const steps = this.#endedBy(nowNs);
      endedNs += this.#passedNs();
      if (steps > 0) {
        const endNs = this.#phase.momentNs(this.batch.steps + steps - this.#phase.base);
        stretch = this.#stretch(steps, endNs - endedNs, endNs, false);
        this.#make(stretch);
        endedNs = endNs;
      }
    }
    if (this.at === "phase" || this.at === "step") this.busyNs += nowNs - endedNs;
    this.rest();
    return stretch;
  }

  /**
   * Takes the blocks for every step that has begun before an instant, or by it, so that the pool and those who hear it are as if each step had taken its own.
   */
  sync(nowNs: number, isInclusive: boolean): void {
    if (this.at !== "phase") return;
    if (isInclusive ? this.evictNs > nowNs : this.evictNs >= nowNs) return;
    this.settle(nowNs, isInclusive);
    const { free } = this.serving.pool.counts();
    const { firstFinish } = this.batch;
    this.#evictFrom(this.batch.firstBeyond(free, this.output.steps, firstFinish));
  }

  /** As `sync`, whether or not anything has to go for it. */
  settle(nowNs: number, isInclusive: boolean): void {
    if (this.at === "phase") this.output.takeUpTo(this.#begunBy(nowNs, isInclusive));
  }

  /** Takes a request out of the batch, and its output's blocks out of the pool. */
  takeOut(live: Live): void {
    this.output.takeOut(live);
  }

  #evictFrom(step: number): void {
    const isAny = step < this.batch.firstFinish;
    this.evictNs = isAny ? this.#phase.momentNs(step - this.#phase.base) : Number.POSITIVE_INFINITY;
  }

  /** How long the phase had lasted at the last boundary that was looked at. */
  #passedNs(): number {
    if (this.at !== "phase") return 0;
    const steps = this.batch.steps - this.#phase.base;
    return steps === 0 ? 0 : this.#phase.momentNs(steps) - this.startNs;
  }

  /** The batch's count of steps that have begun before an instant, or by it. */
  #begunBy(nowNs: number, isInclusive: boolean): number {
    const begun = this.#phase.stepAt(isInclusive ? nowNs + 1 : nowNs);
    return this.#phase.base + Math.min(begun, this.#wakeStep);
  }

  /** How many more steps of the phase have ended by an instant. */
  #endedBy(nowNs: number): number {
    const ended = this.#phase.stepAt(nowNs + 1) - 1;
    return Math.max(0, this.#phase.base + ended - this.batch.steps);
  }

  #stretch(steps: number, tookNs: number, endNs: number, isPrefilling: boolean): DecodedSteps {
    const { size, kvTokens } = this.batch;
    return { steps, size, kvTokens, tookNs, endNs, isPrefilling };
  }

  /** Steps have been made. */
  #make({ steps, size, tookNs }: DecodedSteps): void {
    this.output.takeUpTo(this.batch.steps + steps);
    this.busyNs += tookNs;
    this.decodeTokens += steps * size;
    this.batch.advance(steps);
  }
}
