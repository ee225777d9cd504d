import { assert } from "#base";
import type { Costs } from "#cost";
import type { DecodedSteps } from "../engine/phase.ts";
import type { Spread } from "./result.ts";
import { Values } from "./values.ts";

/** A worker that decodes, as far as it takes to know how long its steps took. */
export type Decoder = { readonly number: number; readonly costs: StepCosts };

type StepCosts = Pick<Costs, "stepNs">;

/** A request that is given tokens. */
type Reader = { readonly number: number; readonly emitted: number };

/**
 * The time between tokens, over every token of a run but the first of each request. Steps are not gone through one by one: their times rise within a
 * stretch, so that those of one bucket lie together. What a request waited for between two steps (to be moved, or to be computed again) is a part of
 * its gap. How stretches are cut makes no difference to the result.
 */
export class TokenGaps {
  readonly #values = new Values();
  /** When a request that is in no batch had its last token. */
  readonly #since = new Map<number, number>();
  /** By worker, of its batch, those who have not been given a token in it. */
  readonly #joined: (Set<number> | undefined)[] = [];
  /** By worker, when its last step ended. */
  readonly #stepNs: number[] = [];

  /** Steps have ended. To be told before anybody joins or leaves for it. */
  decoded(worker: Decoder, stretch: DecodedSteps): void {
    this.#stepNs[worker.number] = stretch.endNs;
    if (stretch.size === 0 || stretch.steps === 0) return;
    const joined = this.#joined[worker.number];
    if (joined === undefined || joined.size === 0) this.#count(worker.costs, stretch, 0, 0);
    else this.#countJoined(worker.costs, stretch, joined);
  }

  /** A prompt has been computed, and with it a token: not the first one, when it was computed again. */
  prefilled({ number }: Reader, nowNs: number): void {
    if (this.#since.size > 0) this.#end(number, nowNs);
  }

  /** A request has left a worker's batch, or will join another one's, and is to be given more tokens. */
  paused({ number, emitted }: Reader, worker: number): void {
    if (emitted === 0) return;
    this.#joined[worker]?.delete(number);
    if (this.#since.has(number)) return;
    const stepNs = this.#stepNs[worker];
    assert(stepNs !== undefined, "tokens are given by the steps of a worker", worker);
    this.#since.set(number, stepNs);
  }

  /** A request has joined a worker's batch with KV from elsewhere. */
  resumed({ number }: Reader, worker: number): void {
    const joined = this.#joined[worker];
    if (joined === undefined) this.#joined[worker] = new Set([number]);
    else joined.add(number);
  }

  /** A request is to be given no more. */
  ended({ number }: Reader, worker: number): void {
    if (this.#since.size > 0 && this.#since.delete(number)) this.#joined[worker]?.delete(number);
  }

  spread(): Spread {
    return this.#values.spread();
  }

  /** The first step ended a gap for each who has joined, which began elsewhere. */
  #countJoined(costs: StepCosts, stretch: DecodedSteps, joined: Set<number>): void {
    const { size, endNs, tookNs } = stretch;
    const firstNs = stepNsOf(costs, stretch, 0);
    const firstEndNs = endNs - tookNs + firstNs;
    if (size > joined.size) this.#values.count(firstNs, size - joined.size);
    this.#count(costs, stretch, 1, joined.size * firstNs);
    for (const number of joined) this.#end(number, firstEndNs);
    joined.clear();
  }

  #end(number: number, nowNs: number): void {
    const since = this.#since.get(number);
    if (since === undefined) return;
    this.#since.delete(number);
    this.#values.add(nowNs - since);
  }

  /** Counts the steps from one on, and sums up all of them but for what is counted otherwise. */
  #count(costs: StepCosts, stretch: DecodedSteps, from: number, lessNs: number): void {
    const values = this.#values;
    const { steps, size, tookNs } = stretch;
    values.sum(size * tookNs - lessNs);
    if (from === steps) return;
    const longestNs = stepNsOf(costs, stretch, steps - 1);
    let step = from;
    // Buckets are looked up anew each time: what is counted here may be what makes them wider.
    while (step < steps - 1) {
      const bucket = values.bucketOf(stepNsOf(costs, stretch, step));
      if (bucket === values.bucketOf(longestNs)) break;
      const end = this.#endOf(bucket, costs, stretch, step);
      values.count(stepNsOf(costs, stretch, end - 1), (end - step) * size);
      step = end;
    }
    values.count(longestNs, (steps - step) * size);
  }

  /** The first step that is in another bucket than `from` is, and the last one is: looked for in strides that double, then halve. */
  #endOf(bucket: number, costs: StepCosts, stretch: DecodedSteps, from: number): number {
    const last = stretch.steps - 1;
    let stride = 1;
    while (from + stride < last && this.#isIn(bucket, costs, stretch, from + stride)) stride *= 2;
    let same = from + Math.floor(stride / 2);
    let other = Math.min(from + stride, last);
    while (other - same > 1) {
      const middle = (same + other) >>> 1;
      if (this.#isIn(bucket, costs, stretch, middle)) same = middle;
      else other = middle;
    }
    return other;
  }

  #isIn(bucket: number, costs: StepCosts, stretch: DecodedSteps, step: number): boolean {
    return this.#values.bucketOf(stepNsOf(costs, stretch, step)) === bucket;
  }
}

/**
 * How long a step of a stretch took, by itself: rounded up, and so within a nanosecond of what the clock showed, because a stretch is rounded once.
 */
const stepNsOf = (costs: StepCosts, stretch: DecodedSteps, step: number): number =>
  stretch.isPrefilling
    ? stretch.tookNs
    : costs.stepNs(0, stretch.size, stretch.kvTokens + step * stretch.size);
