import { assert, type Bytes, bytes, InputError } from "#base";
import type { Model, NumberFormat } from "#spec";
import type { Deployment } from "./deployment.ts";

/** All of a model's weights, whatever the number of GPUs they are spread over. */
export const weightBytes = (model: Model, format: NumberFormat): Bytes =>
  bytes(model.parameters.value * format.bytesPerValue.value);

/** The KV of one token: a key and a value in every layer, for every KV head and dimension. */
export const kvBytesPerToken = (model: Model, kvFormat: NumberFormat): Bytes =>
  bytes(
    2 *
      model.layers.value *
      model.kvHeads.value *
      model.headDimension.value *
      kvFormat.bytesPerValue.value,
  );

/** The KV of a block of `tokens` tokens, all shards together. */
export const blockBytes = (model: Model, kvFormat: NumberFormat, tokens: number): Bytes => {
  assert(Number.isInteger(tokens) && tokens >= 1, "a block has a whole number of tokens", tokens);
  return bytes(tokens * kvBytesPerToken(model, kvFormat));
};

/** The part of a deployment that its memory depends on before there is any KV. */
type Loaded = Omit<Deployment, "kvFormat">;

const inGigabytes = (size: number): string => `${Math.round(size / 1e6) / 1e3} GB`;

const noRoom = (deployment: Loaded, wanted: string): InputError => {
  const { profile, gpu, model, weightFormat, tp } = deployment;
  const weights = inGigabytes(weightBytes(model, weightFormat));
  const workspace = inGigabytes(profile.workspace.value * tp);
  const message =
    `${tp} × ${gpu.name} (${inGigabytes(gpu.hbm.value * tp)}) must leave room for ${wanted}, ` +
    `found ${weights} of ${model.name} in ${weightFormat.name} and ${workspace} of workspace`;
  return new InputError([{ code: "SPEC-2", message }]);
};

/**
 * The memory of one worker that is free for KV: `(HBM − weights ÷ tp − workspace) × tp`, exact to the byte. Throws an `InputError`
 * (SPEC-2) when nothing is left.
 */
export const kvBudget = (deployment: Loaded): Bytes => {
  const { profile, gpu, model, weightFormat, tp } = deployment;
  const left = (gpu.hbm.value - profile.workspace.value) * tp - weightBytes(model, weightFormat);
  if (left <= 0) throw noRoom(deployment, "KV");
  return bytes(left);
};

/** The whole blocks of `blockTokens` tokens that one worker has room for. Throws an `InputError` (SPEC-2) when there is none. */
export const blocksPerWorker = (deployment: Deployment, blockTokens: number): number => {
  const { model, kvFormat } = deployment;
  const size = blockBytes(model, kvFormat, blockTokens);
  const blocks = Math.floor(kvBudget(deployment) / size);
  if (blocks === 0) throw noRoom(deployment, `one block of ${inGigabytes(size)}`);
  return blocks;
};
