import { findModel } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";
import { type OnGpu, peakOf, specsOf } from "./figures.ts";

type Call = OnGpu & {
  readonly model: string;
  readonly weights: string;
  readonly tokens: number;
  readonly batch: number;
};

/** Bytes a parameter: FP16's for all but two formats. */
const bytesOf = (format: string): number => (format === "fp4" ? 0.5 : format === "fp8" ? 1 : 2);

/** The estimate for a batch of prompts on one GPU. */
const estimate = (call: Call) => {
  const specs = specsOf(call);
  const parameters = findModel(call.model).parameters.value;
  const tokens = call.tokens * call.batch;
  const compute = (tokens * 2 * parameters) / peakOf(specs, call.weights);
  const memory = (parameters * bytesOf(call.weights)) / specs.bandwidth;
  const seconds = Math.max(compute, memory);
  return {
    seconds,
    tokensPerSecond: tokens / seconds,
    boundBy: compute > memory ? "compute" : "memory",
  };
};

const call = (gpu: string, weights: string, tokens = 1): Call => ({
  profile: "document",
  gpu,
  model: "llama-70b",
  weights,
  tokens,
  batch: 1,
});

/** The document's estimate of prefill throughput on trial. */
export const prefill: DocumentSubject = {
  name: "document/prefill",
  part: "cost",
  about: "the estimate of prefill throughput on one GPU",
  answersFor: toProperties({ "CST-23": answers<Call, unknown>(() => estimate) }),
  defects: [
    {
      does: "takes INT4 weights to have two bytes, which its sister function has at half a byte",
      consequence: "Short prompts of an INT4 model seem to take four times as long as they do.",
      property: "CST-23",
      case: call("b200", "int4"),
    },
    {
      does: "looks up an FP4 peak that an H100 does not have",
      consequence: "The comparison ends with an exception.",
      property: "CST-23",
      case: call("h100", "fp4"),
    },
    {
      does: "takes a format that there is not for FP16",
      consequence: "A typing error gives a plausible figure, four times too low or worse.",
      property: "CST-23",
      case: call("b200", "fp6"),
    },
    {
      does: "gives a throughput of 0 for a prompt of no tokens",
      consequence: "A division that comes later, of tokens by throughput, is by 0.",
      property: "CST-23",
      case: call("b200", "fp8", 0),
    },
  ],
  absences: [],
  remarks: [
    "FP4 weights by FP8 activations, which its own runner configures, do not run at the FP4 peak that it takes; see document/runner.",
    "The arithmetic of attention, which grows with the square of the prompt, is not counted: the reference leaves it out as well.",
  ],
};
