import { assert, isRefused } from "#base";
import type { Directory } from "./directory/index.ts";
import type { SeenWorker } from "./fleet-contract.ts";
import type { KvKind } from "./fleet-kinds.ts";
import type { CreatePool, Pool } from "./pool/index.ts";
import type { Transfers } from "./transfer/index.ts";

/** The tier of the directory that a worker's own blocks lie in. */
const HBM = 0;

/** A request from when it is sent until it is released or ended. */
export type MachineRequest = {
  readonly number: number;
  readonly worker: RackWorker;
  /** Its blocks under the names of its worker's kind. */
  readonly names: Uint32Array;
  readonly unnamed: number;
  /** What it adds to its worker's load. */
  load: number;
  isStarted: boolean;
};

/** What a worker is made with. */
export type WorkerSetup = {
  /** The same worker as the fleet has it. */
  readonly seat: SeenWorker;
  readonly createPool: CreatePool;
  readonly directory: Directory;
  /** Who holds which block of a kind, shard by shard. */
  readonly transfersOf: (kind: KvKind) => Transfers;
  /** Hears of a block that has become readable before transfers and anybody else do. */
  readonly computed: (worker: RackWorker, name: number) => void;
};

/**
 * One worker of the fleet with the pool of its blocks. What the pool announces the directory hears at once, and the transfers of
 * its kind, so that the three hold the same.
 */
export class RackWorker {
  /** Requests sent to it and not yet ended. */
  readonly requests = new Set<number>();
  /** Who holds the blocks, in the pool, whose room new weights take; nobody when no swap is under way or none are in the way. */
  roomHolder: number | undefined;
  readonly #setup: WorkerSetup;
  #kind: KvKind;
  #transfers: Transfers;
  #pool: Pool;
  #eventId = 0;

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
    this.#kind = setup.seat.kind;
    this.#transfers = setup.transfersOf(this.#kind);
    this.#pool = this.#createPool();
  }

  get number(): number {
    return this.#setup.seat.number;
  }

  get owner(): number {
    return this.#setup.seat.owner;
  }

  get gpus(): readonly number[] {
    return this.#setup.seat.gpus;
  }

  get domain(): number {
    return this.#setup.seat.domain;
  }

  /** Whether its first weights are whole. It serves from then on until it ends. */
  get isServing(): boolean {
    return this.#setup.seat.isServing;
  }

  get swap(): SeenWorker["swap"] {
    return this.#setup.seat.swap;
  }

  get capacityBlocks(): number {
    return this.#setup.seat.capacityBlocks;
  }

  /** Whose blocks are in the pool. */
  get kind(): KvKind {
    return this.#kind;
  }

  get transfers(): Transfers {
    return this.#transfers;
  }

  get pool(): Pool {
    return this.#pool;
  }

  /** Its number among the workers of its degree, as transfers count them. */
  get place(): number {
    return this.number / this.#kind.tp;
  }

  /** Has blocks of the kind that the fleet says from now on. Those before are gone, and the directory and the transfers know it. */
  become(): void {
    const { seat, directory, transfersOf } = this.#setup;
    directory.cleared(this.number, this.#nextId());
    this.#transfers.lose(this.place);
    this.#kind = seat.kind;
    this.#transfers = transfersOf(this.#kind);
    this.#pool = this.#createPool();
    this.roomHolder = undefined;
  }

  /** Is gone with its blocks; whoever has its number next begins anew. */
  close(): void {
    this.#setup.directory.drop(this.number);
    this.#transfers.lose(this.place);
  }

  #nextId(): number {
    const id = this.#eventId;
    this.#eventId += 1;
    return id;
  }

  #createPool(): Pool {
    const { createPool, directory, computed } = this.#setup;
    const transfers = this.#transfers;
    return createPool(this.capacityBlocks, {
      stored: (name) => {
        directory.stored(this.number, HBM, name, this.#nextId());
        computed(this, name);
        if (transfers.holds(this.place, name)) return;
        const answer = transfers.store(this.place, name);
        assert(!isRefused(answer), "what a pool can read has a place at the worker", name);
      },
      removed: (name) => {
        directory.removed(this.number, HBM, name, this.#nextId());
        const answer = transfers.drop(this.place, name);
        assert(!isRefused(answer), "what a pool evicts is not being copied", name);
      },
    });
  }
}
