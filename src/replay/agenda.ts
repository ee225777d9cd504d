/** What is still to happen, in the one order of events. */
import { assert } from "#base";

/** There is one order of events at an instant, and it explains itself. Subjects at one instant go by their number. */
export const INSTANT_ORDER = [
  "step-finished", // frees seats and blocks
  "transfer-finished", // makes weights and blocks usable
  "fault", // takes away what was there until now
  "request-arrived", // sees all of the above
  "request-leaves", // even one that has only just come
  "blocks-taken", // for the next step of those who are in a batch
  "scheduled", // decides last, once everything that happened has been told
] as const;

/** What happens at an instant. */
export type InstantKind = (typeof INSTANT_ORDER)[number];

/** The place of a kind in the order, for hot loops. */
export const RANK = Object.freeze(
  Object.fromEntries(INSTANT_ORDER.map((kind, rank) => [kind, rank])),
) as Readonly<Record<InstantKind, number>>;

/**
 * A binary heap of (time, rank, request), three arrays side by side and nothing allocated an entry. No two entries are equal, because a
 * request is never due twice for the same thing; so the order is total and a run never wavers.
 */
export class Agenda {
  #times = new Float64Array(1024);
  #ranks = new Uint8Array(1024);
  #requests = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** When the next entry is due; infinity when nothing is. */
  get nextTime(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  /** The rank of the next entry. Only when there is one. */
  get nextRank(): number {
    return this.#ranks[0] as number;
  }

  /** The request of the next entry. Only when there is one. */
  get nextRequest(): number {
    return this.#requests[0] as number;
  }

  add(time: number, rank: number, request: number): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#precedes(time, rank, request, parent)) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, time, rank, request);
  }

  /** Takes the next entry off. */
  drop(): void {
    assert(this.#size > 0, "something is due");
    this.#size -= 1;
    const last = this.#size;
    const [time, rank, request] = [
      this.#times[last] as number,
      this.#ranks[last] as number,
      this.#requests[last] as number,
    ];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#before(child + 1, child)) child += 1;
      if (this.#precedes(time, rank, request, child)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#put(at, time, rank, request);
  }

  #before(left: number, right: number): boolean {
    return this.#precedes(
      this.#times[left] as number,
      this.#ranks[left] as number,
      this.#requests[left] as number,
      right,
    );
  }

  #precedes(time: number, rank: number, request: number, other: number): boolean {
    const otherTime = this.#times[other] as number;
    if (time !== otherTime) return time < otherTime;
    const otherRank = this.#ranks[other] as number;
    if (rank !== otherRank) return rank < otherRank;
    return request < (this.#requests[other] as number);
  }

  #put(at: number, time: number, rank: number, request: number): void {
    this.#times[at] = time;
    this.#ranks[at] = rank;
    this.#requests[at] = request;
  }

  #copy(from: number, to: number): void {
    this.#put(
      to,
      this.#times[from] as number,
      this.#ranks[from] as number,
      this.#requests[from] as number,
    );
  }

  #grow(): void {
    const length = 2 * this.#times.length;
    const times = new Float64Array(length);
    const ranks = new Uint8Array(length);
    const requests = new Int32Array(length);
    times.set(this.#times);
    ranks.set(this.#ranks);
    requests.set(this.#requests);
    [this.#times, this.#ranks, this.#requests] = [times, ranks, requests];
  }
}
