import { type Bytes, bytes, InputError } from "#base";
import type { Model, NumberFormat } from "#spec";
import type { Deployment } from "./deployment.ts";
import { requireWhole } from "./require.ts";

/** All of a model's weights, whatever the number of GPUs they are spread over. */
export const weightBytes = (model: Model, format: NumberFormat): Bytes =>
  bytes(model.parameters.value * format.bytesPerValue.value);

/**
 * The bytes that weights in `from` take more than weights in `to`; below 0 when they take fewer. What is saved is free for KV.
 */
export const memorySavings = (model: Model, from: NumberFormat, to: NumberFormat): number =>
  weightBytes(model, from) - weightBytes(model, to);

/**
 * The KV heads that a worker of `tp` GPUs stores, all its GPUs together. A GPU keeps whole heads, `heads ÷ tp` rounded up, and every GPU keeps
 * room for as many; so beyond as many GPUs as heads, each head is held by `tp ÷ heads` of them.
 */
const headsStored = (model: Model, tp: number): number => {
  requireWhole("a degree of tensor parallelism", tp);
  return tp * Math.ceil(model.kvHeads.value / tp);
};

/**
 * The KV of one token on a worker of `tp` GPUs, all of them together: a key and a value in every layer, for every KV head stored and
 * every dimension. The degree changes nothing while it divides the number of heads. Throws an `InputError` (SPEC-6).
 */
export const kvBytesPerToken = (model: Model, kvFormat: NumberFormat, tp = 1): Bytes =>
  bytes(
    2 *
      model.layers.value *
      headsStored(model, tp) *
      model.headDimension.value *
      kvFormat.bytesPerValue.value,
  );

/** The KV of a block of `tokens` tokens on a worker of `tp` GPUs, all of them together. Throws an `InputError` (SPEC-6). */
export const blockBytes = (model: Model, kvFormat: NumberFormat, tokens: number, tp = 1): Bytes =>
  bytes(requireWhole("the tokens of a block", tokens) * kvBytesPerToken(model, kvFormat, tp));

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
 * (SPEC-2) when nothing is left, and SPEC-6 when `tp` is no number of GPUs.
 */
export const kvBudget = (deployment: Loaded): Bytes => {
  const { profile, gpu, model, weightFormat, tp } = deployment;
  requireWhole("a degree of tensor parallelism", tp);
  const left = (gpu.hbm.value - profile.workspace.value) * tp - weightBytes(model, weightFormat);
  if (left <= 0) throw noRoom(deployment, "KV");
  return bytes(left);
};

/** The whole blocks of `blockTokens` tokens that one worker has room for. Throws an `InputError` (SPEC-2) when there is none. */
export const blocksPerWorker = (deployment: Deployment, blockTokens: number): number => {
  const { model, kvFormat, tp } = deployment;
  const size = blockBytes(model, kvFormat, blockTokens, tp);
  const blocks = Math.floor(kvBudget(deployment) / size);
  if (blocks === 0) throw noRoom(deployment, `one block of ${inGigabytes(size)}`);
  return blocks;
};
