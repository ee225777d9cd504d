import { type Bytes, bytes } from "#base";
import type { Profile } from "#spec";
import type { Deployment } from "./deployment.ts";
import { endToEndColumn, endToEndDeployment, KNOWN } from "./end-to-end-deployment.ts";
import { blockBytes, weightBytes } from "./memory.ts";
import { batchFits, largestBatch, sessions } from "./sessions.ts";
import { decodeThroughput, prefillThroughput } from "./throughput.ts";
import { nvlinkOneWay } from "./transfer-time.ts";

/** A throughput as it is stated, and what the roofline allows, in tokens a second. */
export type StatedThroughput = {
  readonly stated: number;
  readonly roofline: number;
  /** Stated ÷ roofline: above 1 when the figure cannot be. */
  readonly efficiency: number;
};

/** Seconds, without latency, to bring bytes to a worker over NVLink, one way. */
export type Moved = {
  readonly bytes: Bytes;
  /** All of them over the links of one GPU. */
  readonly alone: number;
  /** A shard over the links of each of the worker's GPUs, all at once. */
  readonly together: number;
};

/** A column of the end-to-end table as it follows from its deployment and its two stated throughputs. Nothing is rounded. */
export type EndToEndRow = {
  readonly deployment: Deployment;
  readonly prefill: StatedThroughput;
  readonly decode: StatedThroughput;
  /** Seconds to the first token of one request, at the stated prefill throughput. */
  readonly ttft: number;
  /** Seconds from a token of a request to its next, at the stated decode throughput. */
  readonly tpot: number;
  readonly sessions: number;
  /** Whether the KV of the decode row's batch, at its context, fits in memory at all. */
  readonly decodeFits: boolean;
  /** The most requests of that context that fit. */
  readonly decodeBatchMax: number;
  /** All the model's weights. */
  readonly swap: Moved;
  /** One block of KV. */
  readonly blockTransfer: Moved;
};

const against = (stated: number, roofline: number): StatedThroughput => ({
  stated,
  roofline,
  efficiency: stated / roofline,
});

const moved = ({ profile, gpu, tp }: Deployment, size: Bytes): Moved => {
  const alone = size / nvlinkOneWay(profile, gpu);
  return { bytes: bytes(size), alone, together: alone / tp };
};

/**
 * The end-to-end table's column for a GPU, worked out. Throws an `InputError`: SPEC-1 for a GPU that is not known, SPEC-5 for one that nothing is
 * stated for, SPEC-2 when the model leaves no room for KV, SPEC-4 when the GPU lacks the weights' format.
 */
export const endToEndRow = (profile: Profile, gpu: string, known = KNOWN): EndToEndRow => {
  const deployment = endToEndDeployment(profile, gpu, known);
  const column = endToEndColumn(profile, gpu);
  const [tokens, prefillRate] = [column.prefillTokens.value, column.prefillTokensPerSecond.value];
  const [batch, decodeRate] = [column.decodeBatch.value, column.decodeTokensPerSecond.value];
  const context = column.decodeContextTokens.value;
  const { model, weightFormat, kvFormat, tp } = deployment;
  return {
    deployment,
    prefill: against(prefillRate, prefillThroughput(deployment, tokens)),
    decode: against(decodeRate, decodeThroughput(deployment, batch, context)),
    ttft: tokens / prefillRate,
    tpot: batch / decodeRate,
    sessions: sessions(deployment, column.sessionTokens.value),
    decodeFits: batchFits(deployment, batch, context),
    decodeBatchMax: largestBatch(deployment, context),
    swap: moved(deployment, weightBytes(model, weightFormat)),
    blockTransfer: moved(deployment, blockBytes(model, kvFormat, column.blockTokens.value, tp)),
  };
};
