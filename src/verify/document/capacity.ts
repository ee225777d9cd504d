import { findFormat, findGpu, findModel, findProfile } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

type Call = {
  readonly model: string;
  readonly weights: string;
  readonly kv: string;
  readonly tp: number;
  readonly gpus: number;
  readonly kvHeads: number;
  readonly contextTokens: number;
};

/** What is kept free on every GPU, and the one length of a session. */
const WORKSPACE_BYTES = 3e9;
const SESSION_TOKENS = 128_000;

/** Sessions on a rack of B200s, as the document counts them: the tokens of all GPUs together, cut once. */
const capacityOf = ({ model: name, weights, kv, tp, gpus, kvHeads }: Call) => {
  const [model, gpu] = [findModel(name), findGpu(findProfile("document"), "b200")];
  const tokenBytes =
    2 *
    model.layers.value *
    kvHeads *
    model.headDimension.value *
    findFormat(kv).bytesPerValue.value;
  const weightsPerGpu = (model.parameters.value * findFormat(weights).bytesPerValue.value) / tp;
  const tokensPerGpu = (gpu.hbm.value - weightsPerGpu - WORKSPACE_BYTES) / tokenBytes;
  return { sessions: Math.trunc(Math.trunc(tokensPerGpu * gpus) / SESSION_TOKENS) };
};

const call = (change: Partial<Call>): Call => ({
  model: "llama-405b",
  weights: "fp4",
  kv: "fp8",
  tp: 8,
  gpus: 72,
  kvHeads: 8,
  contextTokens: SESSION_TOKENS,
  ...change,
});

/** The document's count of the sessions on a rack on trial. */
export const capacity: DocumentSubject = {
  name: "document/capacity",
  part: "cost",
  about: "the KV capacity of a rack, in sessions of 128,000 tokens",
  answersFor: toProperties({
    "CST-24": answers<Call, unknown>(
      () => capacityOf,
      ({ contextTokens }) =>
        contextTokens === SESSION_TOKENS ? undefined : "sessions of another length",
    ),
  }),
  defects: [
    {
      does: "adds up what is left on all replicas before it cuts to whole sessions",
      consequence:
        "356 sessions are 39 and a bit on each of nine replicas; the bits hold none, and the rack takes 351.",
      property: "CST-24",
      case: call({}),
    },
    {
      does: "gives a negative number when the weights do not fit",
      consequence: "A deployment that cannot start is reported with a capacity.",
      property: "CST-24",
      case: call({ weights: "fp16", tp: 1 }),
    },
    {
      does: "counts the KV of GPUs that make up no replica",
      consequence: "70 GPUs at TP 8 are eight replicas and six GPUs that serve nobody.",
      property: "CST-24",
      case: call({ gpus: 70 }),
    },
    {
      does: "counts each KV head once, on however many GPUs it must lie",
      consequence:
        "A model with fewer KV heads than the degree holds each of them several times: with two heads at TP 8, a quarter of the sessions.",
      property: "CST-24",
      case: call({ kvHeads: 2 }),
    },
  ],
  absences: [],
  remarks: [
    "Tokens a GPU and tokens of the rack are cut separately, so that one is not the other times 72.",
    "128,000 tokens a session are a constant, in the name of the figure.",
    "3 GB of workspace are a constant, whatever the model, the batch and the degree.",
  ],
};
