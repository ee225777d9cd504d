import { assert } from "#base";
import { blockBytes, weightBytes } from "#cost";
import { findFormat, findModel } from "#spec";
import type { MachineShape, NamedBlock, Running } from "./machine-contract.ts";
import type { CreateTransfers, Transfers } from "./transfer/index.ts";

/**
 * A kind of KV: that of a model with weights in one format, kept in one format, in so many shards. Workers of one kind can read each other's
 * blocks; all others hold other bytes under the same prefix.
 */
export type KvKind = {
  /** 0 … 254, in order of first use. */
  readonly number: number;
  /** `llama-70b/fp8/fp8/tp2`. */
  readonly text: string;
  readonly model: string;
  /** The weights alone, `llama-70b/fp8`: whoever has them can pass them on, whatever its degree. */
  readonly weights: string;
  readonly tp: number;
  /** All of the weights, and all shards of a block. */
  readonly weightBytes: number;
  readonly blockBytes: number;
  /** The blocks that a worker has room for; 0 or fewer when the weights leave none. */
  readonly capacityBlocks: number;
  /** What is left on all GPUs together when they are full and each has room for the largest shard of the weights. */
  readonly slackBytes: number;
  /** Who holds which block of this kind, shard by shard. Made when first asked for. */
  readonly transfers: Transfers;
};

/** A block's name has its kind in the low 8 bits. The last kind is left out so that no name is 2^32 − 1. */
const KINDS = 256;
const BLOCKS = 2 ** 24;

/** The kinds of KV that a rack has seen, and the names of their blocks. */
export class KvKinds {
  readonly #shape: MachineShape;
  readonly #createTransfers: CreateTransfers;
  readonly #byText = new Map<string, KvKind>();
  readonly #kinds: KvKind[] = [];

  constructor(shape: MachineShape, createTransfers: CreateTransfers) {
    this.#shape = shape;
    this.#createTransfers = createTransfers;
  }

  /** Throws an `InputError` (SPEC-1) when model or formats are not known. */
  of(running: Running, tp: number): KvKind {
    const text = `${running.model}/${running.weightFormat}/${running.kvFormat}/tp${tp}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const number = this.#kinds.length;
    assert(number < KINDS - 1, "a rack sees at most 255 kinds of KV", text);
    const kind = this.#make(number, text, running, tp);
    this.#byText.set(text, kind);
    this.#kinds.push(kind);
    return kind;
  }

  /** The kinds so far, in order of first use. */
  all(): readonly KvKind[] {
    return this.#kinds;
  }

  /** What a name stands for. */
  named(name: number): NamedBlock {
    return [(this.#kinds[name % KINDS] as KvKind).text, Math.floor(name / KINDS)];
  }

  /** As many blocks as `blocksPerWorker` of `#cost` says; only that none is an answer here. */
  #make(number: number, text: string, running: Running, tp: number): KvKind {
    const { profile, models, formats, blockTokens, capacityMost = Infinity } = this.#shape;
    const model = findModel(running.model, models);
    const weights = Math.ceil(weightBytes(model, findFormat(running.weightFormat, formats)));
    const block = blockBytes(model, findFormat(running.kvFormat, formats), blockTokens, tp);
    const usable = profile.gpus[profile.rackGpu].hbm.value - profile.workspace.value;
    const budget = (usable - Math.ceil(weights / tp)) * tp;
    const capacityBlocks = Math.min(capacityMost, Math.floor(budget / block));
    const createTransfers = this.#createTransfers;
    let transfers: Transfers | undefined;
    return {
      number,
      text,
      model: running.model,
      weights: `${running.model}/${running.weightFormat}`,
      tp,
      weightBytes: weights,
      blockBytes: block,
      capacityBlocks,
      slackBytes: budget - capacityBlocks * block,
      get transfers() {
        transfers ??= createTransfers({ profile, tp, blockBytes: block, capacityBlocks });
        return transfers;
      },
    };
  }
}

/** The names of a prompt's blocks among all kinds: names of one kind never meet those of another. */
export const namesOf = (kind: KvKind, blocks: ArrayLike<number>): Uint32Array => {
  const names = new Uint32Array(blocks.length);
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index] as number;
    assert(block >>> 0 === block && block < BLOCKS, "a block must be 0 … 2^24 − 1", block);
    names[index] = block * KINDS + kind.number;
  }
  return names;
};

/** How many of a worker's blocks must go, and stay away, for other weights to fit beside its own on every GPU: what is left over is used first. */
export const blocksFor = (kind: KvKind, weights: number): number =>
  Math.max(
    0,
    Math.ceil((Math.ceil(weights / kind.tp) * kind.tp - kind.slackBytes) / kind.blockBytes),
  );
