import { assert, isRefused } from "#base";
import type { Directory } from "./directory/index.ts";
import type { PlacedWorker } from "./machine-contract.ts";
import type { KvKind } from "./machine-kinds.ts";
import type { CreatePool, Pool } from "./pool/index.ts";

/** The tier of the directory that a worker's own blocks lie in. */
const HBM = 0;

/** Another model on its way to a worker. */
export type Swap = {
  readonly kind: KvKind;
  /** Who holds the blocks, in the pool, whose room the new weights take. */
  readonly holder: number;
  readonly blocks: number;
};

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
export type WorkerSetup = PlacedWorker & {
  readonly owner: number;
  readonly domain: number;
  readonly kind: KvKind;
  readonly createPool: CreatePool;
  readonly directory: Directory;
  /** Hears of a block that has become readable before transfers and anybody else do. */
  readonly computed: (worker: RackWorker, name: number) => void;
};

/**
 * One worker: its GPUs, the model on them and the pool of its blocks. What the pool announces the directory hears at once, and the transfers of
 * its kind, so that the three hold the same.
 */
export class RackWorker {
  readonly number: number;
  readonly owner: number;
  readonly gpus: readonly number[];
  readonly domain: number;
  /** Whether its first weights are whole. It serves from then on until it ends. */
  isServing = false;
  swap: Swap | undefined;
  /** Requests sent to it and not yet ended. */
  readonly requests = new Set<number>();
  #kind: KvKind;
  #pool: Pool;
  #eventId = 0;
  readonly #setup: WorkerSetup;

  constructor(setup: WorkerSetup) {
    this.number = setup.worker;
    this.owner = setup.owner;
    this.gpus = setup.gpus;
    this.domain = setup.domain;
    this.#setup = setup;
    this.#kind = setup.kind;
    this.#pool = this.#createPool();
  }

  get kind(): KvKind {
    return this.#kind;
  }

  get pool(): Pool {
    return this.#pool;
  }

  /** Its number among the workers of its degree, as transfers count them. */
  get place(): number {
    return this.number / this.#kind.tp;
  }

  /** Runs another kind from now on. Its blocks are gone, and the directory and the transfers know it. */
  become(kind: KvKind): void {
    this.#setup.directory.cleared(this.number, this.#nextId());
    this.#kind.transfers.lose(this.place);
    this.#kind = kind;
    this.#pool = this.#createPool();
  }

  /** Is gone with its blocks; whoever has its number next begins anew. */
  close(): void {
    this.#setup.directory.drop(this.number);
    this.#kind.transfers.lose(this.place);
  }

  #nextId(): number {
    const id = this.#eventId;
    this.#eventId += 1;
    return id;
  }

  #createPool(): Pool {
    const { createPool, directory, computed } = this.#setup;
    const kind = this.#kind;
    return createPool(kind.capacityBlocks, {
      stored: (name) => {
        directory.stored(this.number, HBM, name, this.#nextId());
        computed(this, name);
        if (kind.transfers.holds(this.place, name)) return;
        const answer = kind.transfers.store(this.place, name);
        assert(!isRefused(answer), "what a pool can read has a place at the worker", name);
      },
      removed: (name) => {
        directory.removed(this.number, HBM, name, this.#nextId());
        const answer = kind.transfers.drop(this.place, name);
        assert(!isRefused(answer), "what a pool evicts is not being copied", name);
      },
    });
  }
}
