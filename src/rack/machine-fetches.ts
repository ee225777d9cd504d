import { assert, bytes, isRefused, timeToMove } from "#base";
import { transferTime } from "#cost";
import { type Distance, linkAt, type Profile, workerDistance } from "#spec";
import type { Elsewhere, FetchEnd } from "./machine-contract.ts";
import type { RackWorker } from "./machine-worker.ts";

/** A block on its way from a switch has no number among transfers. */
const FROM_SWITCH = -1;

/** Where blocks would be copied from: a worker of the same kind, or the switch of the worker's domain. */
export type FetchSource = RackWorker | "switch";

/** Copies of some leading blocks on their way to a worker, which all arrive at once. */
export type Fetch = {
  readonly request: number;
  readonly target: RackWorker;
  readonly source: FetchSource;
  /** The run that the target can read afterwards. */
  readonly names: Uint32Array;
  /** By block, its transfer: those that have not been computed at the target meanwhile. */
  readonly flights: Map<number, number>;
  /** Holds the run at the target, and at a source that is a worker, until it is over. */
  readonly holder: number;
  readonly dueNs: number;
};

/** How far apart two workers of one kind are. */
export const farApart = (profile: Profile, left: RackWorker, right: RackWorker): Distance =>
  workerDistance(profile, placed(left), placed(right));

const placed = ({ number, gpus, domain }: RackWorker) => ({ id: number, gpus, domain });

/**
 * How long some blocks take, all shards at once: between workers as `transferTime` says; from a switch over one link of its domain instead of two.
 */
const fetchNs = (
  profile: Profile,
  target: RackWorker,
  source: FetchSource,
  blocks: number,
): number => {
  const { blockBytes, tp } = target.kind;
  const size = bytes(blocks * blockBytes);
  if (source !== "switch") {
    return transferTime(profile, farApart(profile, target, source), size, tp).total;
  }
  const moving = timeToMove(bytes(Math.ceil(size / tp)), linkAt(profile, 2).rate.value);
  return profile.hopLatency.value + moving;
};

/** The copies under way in a rack: what they hold meanwhile in pools and transfers, and how they end. */
export class Fetches {
  readonly #fetches = new Set<Fetch>();
  /** Those to a worker, by its number; most workers have none, and blocks are computed one by one. */
  readonly #toWorker = new Map<number, Set<Fetch>>();
  /** Those of which every block was computed at the target while they were under way. */
  #overtaken: Fetch[] = [];

  /** Copies the blocks of a run from the first that is missing; a source that is a worker has them all. */
  begin(fetch: Omit<Fetch, "flights">, missing: number): void {
    const { target, source, names, holder } = fetch;
    const flights = new Map<number, number>();
    hold(target, holder, names);
    if (source !== "switch") hold(source, holder, names);
    for (const name of names.subarray(missing)) {
      flights.set(name, source === "switch" ? FROM_SWITCH : flightOf(target, source, name));
    }
    const begun = { ...fetch, flights };
    this.#fetches.add(begun);
    const others = this.#toWorker.get(target.number);
    if (others === undefined) this.#toWorker.set(target.number, new Set([begun]));
    else others.add(begun);
  }

  /** Whether a block is on its way to a worker. */
  isOnItsWay(target: RackWorker, name: number): boolean {
    return this.#to(target, name) !== undefined;
  }

  /** The next to arrive: the earliest, then the one begun first. */
  next(): Fetch | undefined {
    let next: Fetch | undefined;
    for (const fetch of this.#fetches)
      if (next === undefined || fetch.dueNs < next.dueNs) next = fetch;
    return next;
  }

  /** Everything is there: it can be read at the target. Returns the blocks that were copied. */
  arrive(fetch: Fetch): readonly number[] {
    const { target, holder, flights } = fetch;
    const {
      transfers,
      kind: { tp },
    } = target;
    this.#forget(fetch);
    for (const flight of flights.values()) {
      if (flight === FROM_SWITCH) continue;
      for (let shard = 0; shard < tp; shard += 1) transfers.arrive(flight, shard);
    }
    target.pool.fill(holder);
    letGo(fetch);
    return [...flights.keys()];
  }

  /** A block has been computed at a worker: a copy that is on its way there is not needed any more. */
  overtake(target: RackWorker, name: number): void {
    const fetch = this.#to(target, name);
    if (fetch === undefined) return;
    const flight = fetch.flights.get(name) as number;
    if (flight !== FROM_SWITCH) target.transfers.abort(flight);
    fetch.flights.delete(name);
    if (fetch.flights.size === 0) this.#overtaken.push(fetch);
  }

  /** Ends those that were overtaken. To be called when no pool is half way. */
  settle(): readonly Fetch[] {
    const over = this.#overtaken;
    this.#overtaken = [];
    for (const fetch of over) this.#end(fetch);
    return over;
  }

  /** A worker's blocks are about to be gone: ends every copy from or to it. */
  abort(worker: RackWorker): readonly (readonly [Fetch, FetchEnd])[] {
    const ended = [...this.#fetches].filter(
      ({ target, source }) => target === worker || source === worker,
    );
    for (const fetch of ended) {
      const { transfers } = fetch.target;
      for (const flight of fetch.flights.values())
        if (flight !== FROM_SWITCH) transfers.abort(flight);
      this.#end(fetch);
    }
    return ended.map((fetch) => [fetch, fetch.target === worker ? "target-gone" : "source-gone"]);
  }

  /** All that are under way, in the order in which they began. */
  underway(): readonly Fetch[] {
    return [...this.#fetches];
  }

  #to(worker: RackWorker, name: number): Fetch | undefined {
    const own = this.#toWorker.get(worker.number);
    if (own === undefined) return undefined;
    for (const fetch of own) if (fetch.flights.has(name)) return fetch;
    return undefined;
  }

  #end(fetch: Fetch): void {
    this.#forget(fetch);
    letGo(fetch);
  }

  #forget(fetch: Fetch): void {
    const { number } = fetch.target;
    const own = this.#toWorker.get(number);
    this.#fetches.delete(fetch);
    own?.delete(fetch);
    if (own?.size === 0) this.#toWorker.delete(number);
  }
}

/** Everything in the run is there or has its place: nobody is evicted for it, and nothing is refused. */
const hold = ({ pool }: RackWorker, holder: number, names: Uint32Array): void => {
  const answer = pool.admit(holder, names, 0);
  assert(!isRefused(answer), "a run that is held or readable can be held once more");
};

const letGo = ({ target, source, holder }: Fetch): void => {
  target.pool.release(holder);
  if (source !== "switch") source.pool.release(holder);
};

const flightOf = (target: RackWorker, source: RackWorker, name: number): number => {
  const answer = target.transfers.begin("copy", name, source.place, target.place);
  assert(answer.kind === "begun", "a block that one holds and the other lacks can be copied", name);
  return answer.transfer;
};

/** What would be copied: from whom, how much, and how long it takes. */
export const elsewhere = (
  profile: Profile,
  target: RackWorker,
  source: FetchSource,
  { run, missing }: { readonly run: number; readonly missing: number },
): Elsewhere => ({
  source: source === "switch" ? { domain: target.domain } : { worker: source.number },
  run,
  blocks: run - missing,
  ns: fetchNs(profile, target, source, run - missing),
});
