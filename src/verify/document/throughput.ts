import { findModel } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";
import { type OnGpu, peakOf, specsOf } from "./figures.ts";
import { raised } from "./raised.ts";

type Call = OnGpu & { readonly model: string; readonly weights: string };

const BYTES: Readonly<Record<string, number>> = { fp16: 2, fp8: 1, fp4: 0.5, int4: 0.5 };

/** The estimate for one request on one GPU, as tokens a second. A format without a size leaves a variable without a value. */
const estimate = (call: Call) => {
  const specs = specsOf(call);
  const parameters = findModel(call.model).parameters.value;
  const bytes = Object.hasOwn(BYTES, call.weights) ? BYTES[call.weights] : undefined;
  if (bytes === undefined) throw raised("UnboundLocalError", "bytes_per_param");
  const memory = specs.bandwidth / (parameters * bytes);
  const compute = peakOf(specs, call.weights) / (2 * parameters);
  return {
    tokensPerSecond: Math.min(memory, compute),
    boundBy: memory < compute ? "memory" : "compute",
  };
};

/** One request of a deployment, in the words of the property of ratios. */
type WithContext = {
  readonly setup: Call & { readonly tp: number };
  readonly contextTokens: number;
  readonly peakTimes: number;
};

const call = (gpu: string, weights: string): Call => ({
  profile: "document",
  gpu,
  model: "llama-70b",
  weights,
});
const setup = (weights: string) => ({ ...call("b200", weights), kv: "fp8", tp: 1 });

/** The document's estimate of decode throughput on trial. */
export const throughput: DocumentSubject = {
  name: "document/throughput",
  part: "cost",
  about: "the estimate of decode throughput for one request on one GPU",
  answersFor: toProperties({
    "CST-15": answers<WithContext, number>(
      () =>
        ({ setup: one }) =>
          estimate(one).tokensPerSecond,
      ({ setup: { tp, weights } }) =>
        tp === 1 ? (weights === "bf16" ? "BF16 weights" : undefined) : "several GPUs",
    ),
    "CST-22": answers<Call, unknown>(() => estimate),
  }),
  defects: [
    {
      does: "has no size for BF16 or any other format that it does not list, and goes on with a variable that has no value",
      consequence: "BF16, in which most models are published, ends with an exception.",
      property: "CST-22",
      case: call("b200", "bf16"),
    },
    {
      does: "looks up an FP4 peak that an H100 does not have",
      consequence:
        "Comparing the two GPUs in FP4, what the document is about, ends with an exception.",
      property: "CST-22",
      case: call("h100", "fp4"),
    },
    {
      does: "goes on with a format that there is not until a variable has no value",
      consequence: "A typing error is reported as a fault of the program.",
      property: "CST-22",
      case: call("b200", "fp6"),
    },
    {
      does: "reads the weights and not the KV of the request",
      consequence:
        "At 128,000 tokens of context Llama 70B reads 21 GB of KV beside its 35 GB of INT4 weights: it is 1.6 times slower than said.",
      property: "CST-15",
      case: {
        left: setup("int4"),
        right: setup("fp16"),
        contextTokens: 128_000,
        peakTimes: 1,
      },
    },
  ],
  absences: [
    {
      what: "several GPUs",
      consequence: "A model that does not fit on one GPU has no throughput.",
    },
    { what: "BF16 weights", consequence: "They end with an exception, as above." },
  ],
  remarks: [
    "INT4 is multiplied at the FP16 peak: the reference has it so too, because INT4 is unpacked before.",
    "It is an estimate for batch 1 and names no batch; the crossover in the text uses another formula than it.",
  ],
};
