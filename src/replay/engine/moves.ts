import { assert, isRefused } from "#base";
import type { Fabric, FabricFlow, FlowEnd } from "#rack";
import type { Census } from "./census.ts";
import type { Live } from "./live.ts";
import { workerOf } from "./places.ts";
import type { EngineWorker } from "./worker.ts";

/** KV on its way to a worker for a request: a run that another worker has, or all that a prefill has made. */
export type Move = {
  readonly kind: "fetch" | "kv-transfer";
  readonly live: Live;
  /** Nobody where the switch of the target's domain has it. */
  readonly source: EngineWorker | undefined;
  readonly target: EngineWorker;
  /** Leading blocks of the prompt that the target can read afterwards. */
  readonly run: number;
  readonly bytes: number;
  readonly distance: 0 | 1 | 2 | 3;
  readonly startNs: number;
};

/** What becomes of moves, told to whoever runs the workers. */
export type MoveEvents = {
  /** Blocks of a worker are about to be held or let go by somebody else; afterwards, they have been. */
  touching(worker: EngineWorker, nowNs: number): void;
  touched(worker: EngineWorker, nowNs: number): void;
  /** A copy is about to be read at its source. */
  reading(move: Move): void;
  /** Blocks are about to become readable at a worker for a request. */
  filling(worker: EngineWorker, live: Live): void;
  /** It is all there. */
  arrived(move: Move, nowNs: number): void;
};

/** Holders in pools: requests count from 0 upwards, moves from −2 downwards. */
const holderOf = (flow: number): number => -2 - flow;

/** KV that goes from worker to worker over the fabric. Its source holds it until it is there. */
export class Moves {
  readonly #fabric: Fabric;
  readonly #census: Census;
  readonly #events: MoveEvents;
  readonly #moves = new Map<number, Move>();
  #begun = 0;

  constructor(fabric: Fabric, census: Census, events: MoveEvents) {
    this.#fabric = fabric;
    this.#census = census;
    this.#events = events;
  }

  /** When to look again. */
  nextNs(): number {
    return this.#fabric.nextNs();
  }

  /** How long it would take, with the links to itself, to bring so many blocks from one worker to another. */
  aloneNs(source: EngineWorker | undefined, target: EngineWorker, blocks: number): number {
    return this.#fabric.aloneNs({
      ...way(source, target),
      bytes: blocks * target.costs.blockBytes,
    });
  }

  /**
   * Copies the blocks of a run from the first that the target lacks. A worker that has them all holds the run meanwhile, as the target does; a switch has
   * served them by now.
   */
  fetch(
    live: Live,
    source: EngineWorker | undefined,
    target: EngineWorker,
    missing: number,
    run: number,
    nowNs: number,
  ): void {
    const move = this.#move("fetch", live, source, target, run, run - missing, nowNs);
    this.#events.reading(move);
    const holder = holderOf(this.#begun);
    const names = live.blocks.subarray(0, run);
    if (source !== undefined) {
      this.#events.touching(source, nowNs);
      held(source.serving.pool.admit(holder, names, 0));
      this.#events.touched(source, nowNs);
    }
    held(target.serving.pool.admit(holder, names, 0));
    this.#census.move(live, "fetching");
    this.#begin(move, nowNs);
  }

  /** Moves what a request holds at the worker that has prefilled it to the one that will decode it, `blocks` of it. */
  handOver(live: Live, target: EngineWorker, blocks: number, nowNs: number): void {
    const source = workerOf(live) as EngineWorker;
    const move = this.#move("kv-transfer", live, source, target, live.blocks.length, blocks, nowNs);
    this.#events.reading(move);
    live.transferNs = nowNs;
    this.#census.move(live, "moving");
    this.#begin(move, nowNs);
  }

  /** Lets time pass, and ends what has arrived. */
  advance(nowNs: number): void {
    for (const { flow } of this.#fabric.advance(nowNs) as readonly FlowEnd[])
      this.#arrive(flow, nowNs);
  }

  /** Ends whatever is on its way for a request. */
  cancel(live: Live, nowNs: number): void {
    for (const [flow, move] of this.#moves) {
      if (move.live !== live) continue;
      this.#fabric.cancel(flow, nowNs);
      this.#end(flow, move, nowNs);
      return;
    }
  }

  /** Who has something on its way from or to a worker. */
  of(worker: EngineWorker): readonly Move[] {
    return [...this.#moves.values()].filter(
      ({ source, target }) => source === worker || target === worker,
    );
  }

  #move(
    kind: Move["kind"],
    live: Live,
    source: EngineWorker | undefined,
    target: EngineWorker,
    run: number,
    blocks: number,
    startNs: number,
  ): Move {
    const { distance } = way(source, target);
    const bytes = blocks * target.costs.blockBytes;
    return { kind, live, source, target, run, bytes, distance, startNs };
  }

  #begin(move: Move, nowNs: number): void {
    const { source, target, bytes } = move;
    const flow = this.#begun;
    const begun = this.#fabric.begin(
      { flow, ...way(source, target), target: target.number, bytes },
      nowNs,
    );
    assert(!isRefused(begun), "blocks between two workers can be moved", bytes);
    this.#begun += 1;
    this.#moves.set(flow, move);
    target.expecting += 1;
  }

  #arrive(flow: number, nowNs: number): void {
    const move = this.#moves.get(flow) as Move;
    const { kind, live, target } = move;
    if (live.blocks.length > 0) {
      this.#events.filling(target, live);
      target.serving.pool.fill(kind === "fetch" ? holderOf(flow) : live.number);
    }
    this.#end(flow, move, nowNs);
    this.#events.arrived(move, nowNs);
  }

  #end(flow: number, { kind, source, target }: Move, nowNs: number): void {
    this.#moves.delete(flow);
    target.expecting -= 1;
    if (kind !== "fetch") return;
    const holder = holderOf(flow);
    if (source !== undefined) {
      this.#events.touching(source, nowNs);
      source.serving.pool.release(holder);
      this.#events.touched(source, nowNs);
    }
    this.#events.touching(target, nowNs);
    target.serving.pool.release(holder);
    this.#events.touched(target, nowNs);
  }
}

type Way = Pick<FabricFlow, "source" | "shards"> & { readonly distance: 0 | 1 | 2 | 3 };

const way = (source: EngineWorker | undefined, { serving: target }: EngineWorker): Way => {
  const shards = target.group.tp;
  if (source === undefined) return { source: "switch", distance: 0, shards };
  const distance = target.group.distance(target, source.serving) as 0 | 1 | 2 | 3;
  return { source: source.number, distance, shards };
};

const held = (answer: { readonly kind: string }): void =>
  assert(!isRefused(answer), "a run that is held or readable can be held once more");
