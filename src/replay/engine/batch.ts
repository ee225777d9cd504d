import { assert } from "#base";
import type { Live } from "./live.ts";

/** How often a pattern of `size` remainders is met by the whole numbers `from` … `to` − 1, summed over what lies at each remainder. */
const sumOver = (counts: Int32Array, from: number, to: number, total: number): number => {
  const size = counts.length;
  const span = to - from;
  let sum = Math.floor(span / size) * total;
  for (let left = span % size, at = from % size; left > 0; left -= 1) {
    sum += counts[at] as number;
    at = at + 1 === size ? 0 : at + 1;
  }
  return sum;
};

/**
 * The requests that a worker decodes together. Every step gives each of them a token, so that a request's place is known by the count of steps at which it
 * joined, and a stretch of steps costs the same whether it is one or a thousand.
 */
export class Batch {
  /** Decode steps of this worker so far. */
  steps = 0;
  /** Tokens of KV that the next step reads. */
  kvTokens = 0;
  /** How often somebody joined or left. */
  changes = 0;
  /** A heap by when a request has all its tokens, then by its number. */
  readonly members: Live[] = [];
  /** For each remainder of the count of steps, how many members need another block before a step of that remainder. */
  readonly #growth: Int32Array;

  constructor(blockTokens: number) {
    this.#growth = new Int32Array(blockTokens);
  }

  get size(): number {
    return this.members.length;
  }

  /** The count of steps at which the first member has all its tokens. Only when there is one. */
  get firstFinish(): number {
    return (this.members[0] as Live).finish;
  }

  /** A request that has been given some tokens joins; of those, `written` have their KV already. */
  join(live: Live, written: number): void {
    live.joined = this.steps;
    live.finish = this.steps + live.request.outputTokens - live.emitted;
    live.written = written;
    this.kvTokens += live.request.inputTokens + live.emitted;
    this.#grows(live, 1);
    this.changes += 1;
    this.members.push(live);
    this.#rise(this.members.length - 1);
  }

  /** Takes a member out; its count of tokens is settled. */
  leave(live: Live): void {
    const at = this.members[0] === live ? 0 : this.members.indexOf(live);
    assert(at >= 0, "who leaves a batch was in it", live.number);
    this.#grows(live, -1);
    live.emitted += this.steps - live.joined;
    live.joined = this.steps;
    this.kvTokens -= live.request.inputTokens + live.emitted;
    this.changes += 1;
    const last = this.members.pop() as Live;
    if (at === this.members.length) return;
    this.members[at] = last;
    this.#rise(at);
    this.#sink(at);
  }

  /** So many steps have been made. */
  advance(steps: number): void {
    this.steps += steps;
    this.kvTokens += steps * this.members.length;
  }

  /** How many blocks the members take for the steps `from` … `to` − 1. */
  growth(from: number, to: number): number {
    return sumOver(this.#growth, from, to, this.members.length);
  }

  /** The first step at or after `from` before which more than `room` blocks have been taken; `to` when there is none before it. */
  firstBeyond(room: number, from: number, to: number): number {
    const size = this.#growth.length;
    if (this.growth(from, to) <= room) return to;
    const round = this.members.length;
    const rounds = Math.floor(room / round);
    let step = from + rounds * size;
    let left = room - rounds * round;
    while (step < to) {
      left -= this.#growth[step % size] as number;
      if (left < 0) return step;
      step += 1;
    }
    return to;
  }

  /** Whether a member needs another block before the next step. */
  needsBlock(live: Live): boolean {
    return (live.written + this.steps - live.joined) % this.#growth.length === 0;
  }

  #grows(live: Live, change: number): void {
    const size = this.#growth.length;
    const at = (((live.joined - live.written) % size) + size) % size;
    this.#growth[at] = (this.#growth[at] as number) + change;
  }

  #precedes(left: Live, right: Live): boolean {
    return left.finish === right.finish ? left.number < right.number : left.finish < right.finish;
  }

  #rise(from: number): void {
    const { members } = this;
    const live = members[from] as Live;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = members[parent] as Live;
      if (!this.#precedes(live, other)) break;
      members[at] = other;
      at = parent;
    }
    members[at] = live;
  }

  #sink(from: number): void {
    const { members } = this;
    const live = members[from] as Live;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= members.length) break;
      const right = child + 1;
      if (
        right < members.length &&
        this.#precedes(members[right] as Live, members[child] as Live)
      ) {
        child = right;
      }
      if (!this.#precedes(members[child] as Live, live)) break;
      members[at] = members[child] as Live;
      at = child;
    }
    members[at] = live;
  }
}
