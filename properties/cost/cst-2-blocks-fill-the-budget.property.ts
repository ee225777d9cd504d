import fc from "fast-check";
import { blockBytes, blocksPerWorker, type Deployment, kvBudget, kvBytesPerToken } from "#cost";
import { supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { asGiven, deploymentOf, type Mistake, sole, times } from "./setups.ts";

type Call = {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDimension: number;
  readonly kv: string;
  readonly tp: number;
  readonly blockTokens: number;
};
type Reply = {
  readonly tokenBytes: number;
  readonly blockBytes: number;
  readonly blocks: number;
};

const deployed = ({ layers, kvHeads, headDimension, kv, tp }: Call): Deployment => {
  const names = { profile: "document", gpu: "b200", model: "llama-70b", weights: "fp8" };
  const { model, ...rest } = deploymentOf({ ...names, kv, tp });
  return {
    ...rest,
    model: {
      ...model,
      layers: supposed(layers),
      kvHeads: supposed(kvHeads),
      headDimension: supposed(headDimension),
    },
  };
};

const blocks =
  (mistake: Mistake = asGiven): Subject<Call, Reply> =>
  () =>
  (call) => {
    const deployment = mistake(deployed(call));
    return {
      tokenBytes: kvBytesPerToken(deployment.model, deployment.kvFormat, call.tp),
      blockBytes: blockBytes(deployment.model, deployment.kvFormat, call.blockTokens, call.tp),
      blocks: blocksPerWorker(deployment, call.blockTokens),
    };
  };

/** A mistake about the model's layers. */
const layersTimes = (factor: (deployment: Deployment) => number) =>
  blocks((given) => ({
    ...given,
    model: { ...given.model, layers: times(given.model.layers, factor(given)) },
  }));

/** Whether a GPU of the worker keeps a head: heads are dealt out in turn, and dealt again while GPUs have none. */
const keeps = ({ kvHeads, tp }: Call, gpu: number, head: number): boolean =>
  gpu % kvHeads === head % tp;

/** What a block holds, counted a vector at a time. */
const counted = (call: Call): number => {
  const vector = call.headDimension * deployed(call).kvFormat.bytesPerValue.value;
  let vectors = 0;
  for (let gpu = 0; gpu < call.tp; gpu += 1)
    for (let head = 0; head < call.kvHeads; head += 1) if (keeps(call, gpu, head)) vectors += 1;
  let size = 0;
  for (let token = 0; token < call.blockTokens; token += 1)
    for (let layer = 0; layer < call.layers; layer += 1)
      for (const _ of ["key", "value"]) size += vectors * vector;
  return size;
};

function* small(): Generator<Call> {
  const one = { layers: 1, kvHeads: 1, headDimension: 2, kv: "fp8", tp: 1, blockTokens: 1 };
  for (const kv of ["fp8", "fp4", "fp16"])
    for (const tp of [1, 2])
      for (const blockTokens of [1, 2]) {
        yield { ...one, kv, tp, blockTokens };
        yield { ...one, kv, tp, blockTokens, layers: 2 };
        yield { ...one, kv, tp, blockTokens, kvHeads: 2 };
        yield { ...one, kv, tp, blockTokens, headDimension: 4 };
      }
}

export default property<Call, Call, Reply>({
  id: "CST-2",
  part: "cost",
  statement:
    "a block holds a key and a value in every layer for each of its tokens, on every GPU that keeps the head, and a worker has as many blocks as fit in its KV budget, not one more or less",
  given: values(
    fc.record({
      layers: fc.integer({ min: 1, max: 130 }),
      kvHeads: fc.constantFrom(1, 2, 4, 8),
      headDimension: fc.constantFrom(64, 128),
      kv: fc.constantFrom("fp4", "int4", "fp8", "fp16", "bf16"),
      tp: fc.constantFrom(1, 2, 4, 8),
      blockTokens: fc.constantFrom(1, 3, 16, 64),
    }),
    small,
  ),
  subject: blocks(),
  scripts: (call) => [[call]],

  holds(call, replies) {
    const reply = sole(replies);
    const size = counted(call);
    if (reply.blockBytes !== size) return finding(0, size, reply.blockBytes, "bytes a block");
    const tokenBytes = size / call.blockTokens;
    if (reply.tokenBytes !== tokenBytes)
      return finding(0, tokenBytes, reply.tokenBytes, "bytes a token");
    const budget: number = kvBudget(deployed(call));
    const used = reply.blocks * size;
    const fills = used <= budget && budget < used + size && Number.isInteger(reply.blocks);
    return fills ? undefined : finding(0, Math.floor(budget / size), reply.blocks, "blocks");
  },

  witnesses: {
    "half a byte a number": ({ kv }) => kv === "fp4",
    "more GPUs than heads": ({ kvHeads, tp }) => tp > kvHeads,
    "blocks of one token": ({ blockTokens }) => blockTokens === 1,
    "a budget that blocks do not fill exactly": (call, replies) => {
      const { blocks: count, blockBytes: size } = sole(replies);
      return count * size < kvBudget(deployed(call));
    },
  },

  mutants: {
    "keeps keys but no values": layersTimes(() => 1 / 2),
    "keeps one layer": layersTimes(({ model }) => 1 / model.layers.value),
    "keeps a GPU's share of the heads": layersTimes(({ tp }) => 1 / tp),
    "keeps each head once, on however many GPUs": () => (call) => {
      const { model, kvFormat } = deployed(call);
      const size = blockBytes(model, kvFormat, call.blockTokens);
      return {
        tokenBytes: kvBytesPerToken(model, kvFormat),
        blockBytes: size,
        blocks: Math.floor(kvBudget(deployed(call)) / size),
      };
    },
    "rounds the last block up": () => (call) => {
      const right = blocks()()(call);
      return { ...right, blocks: Math.ceil(kvBudget(deployed(call)) / right.blockBytes) };
    },
    "fills the memory of one GPU": () => (call) => {
      const right = blocks()()(call);
      return { ...right, blocks: Math.floor(right.blocks / call.tp) };
    },
    "keeps one token in a block": () => (call) => {
      const right = blocks()()(call);
      return { ...right, blockBytes: right.tokenBytes };
    },
  },
});
