import { blockBytes, weightBytes } from "#cost";
import { findFormat, findModel, type Model, type NumberFormat, type Profile } from "#spec";

/** What a fleet runs on, and what may run on it. None of it changes afterwards. */
export type FleetShape = {
  readonly profile: Profile;
  readonly models: readonly Model[];
  readonly formats: readonly NumberFormat[];
  /** Tokens a block of KV: memory is counted in blocks. */
  readonly blockTokens: number;
};

/** A model, the formats of its weights and of its KV. */
export type Running = {
  readonly model: string;
  readonly weightFormat: string;
  readonly kvFormat: string;
};

/**
 * A kind of KV: that of a model with weights in one format, kept in one format, in so many shards. Workers of one kind can read each other's
 * blocks; all others hold other bytes under the same prefix.
 */
export type KvKind = {
  /** From 0, in order of first use. */
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
  /** What workspace and weights leave on all GPUs together, where each has room for the largest shard; below 0 when they do not fit. */
  readonly budgetBytes: number;
  /** The most blocks that a worker has room for; 0 or fewer when the weights leave none. */
  readonly capacityBlocks: number;
};

/** The kinds of KV that a rack has seen. */
export class KvKinds {
  readonly #shape: FleetShape;
  readonly #byText = new Map<string, KvKind>();

  constructor(shape: FleetShape) {
    this.#shape = shape;
  }

  /** Throws an `InputError` (SPEC-1) when model or formats are not known. */
  of(running: Running, tp: number): KvKind {
    const text = `${running.model}/${running.weightFormat}/${running.kvFormat}/tp${tp}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const kind = this.#make(text, running, tp);
    this.#byText.set(text, kind);
    return kind;
  }

  /** The kinds so far, in order of first use. */
  all(): readonly KvKind[] {
    return [...this.#byText.values()];
  }

  /** As many blocks as `blocksPerWorker` of `#cost` says; only that none is an answer here. */
  #make(text: string, running: Running, tp: number): KvKind {
    const { profile, models, formats, blockTokens } = this.#shape;
    const model = findModel(running.model, models);
    const weights = Math.ceil(weightBytes(model, findFormat(running.weightFormat, formats)));
    const block = blockBytes(model, findFormat(running.kvFormat, formats), blockTokens, tp);
    const usable = profile.gpus[profile.rackGpu].hbm.value - profile.workspace.value;
    const budgetBytes = (usable - Math.ceil(weights / tp)) * tp;
    return Object.freeze({
      number: this.#byText.size,
      text,
      model: running.model,
      weights: `${running.model}/${running.weightFormat}`,
      tp,
      weightBytes: weights,
      blockBytes: block,
      budgetBytes,
      capacityBlocks: Math.floor(budgetBytes / block),
    });
  }
}
