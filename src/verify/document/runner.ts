import type { RunnerCall, RunnerReply } from "#rack";
import type { PrecisionChoice } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";
import { peakOf, specsOf } from "./figures.ts";

type Configure = Extract<RunnerCall, { kind: "configure" }>;

/** A layer as the document's runner configures it: whatever was chosen, and FP8 for what cannot be. */
const configured = ({ weights = "fp4", kv = "fp8", output = "fp16" }: PrecisionChoice) => ({
  q: "fp8",
  k: kv,
  v: kv,
  weights,
  activations: "fp8",
  accumulator: "fp32",
  output,
});

/**
 * The same with peaks. A stand-in: it names none, so they are those that the document's own throughput functions take, by the format of
 * the weights, or of the keys and values, alone, and 0 where a GPU has none.
 */
const layer = ({ choice, ...on }: Configure): RunnerReply => {
  const formats = configured(choice);
  const known = specsOf(on);
  const specs = { ...known, fp4: known.fp4 ?? 0 };
  const attention = peakOf(specs, formats.k);
  return {
    kind: "configured",
    ...formats,
    qkFlopsPerSecond: attention,
    pvFlopsPerSecond: attention,
    linearFlopsPerSecond: peakOf(specs, formats.weights),
  } as RunnerReply;
};

/** What may be chosen; empty for what is not. */
type Chosen = { readonly weights: string; readonly kv: string; readonly output: string };

/** The configuration alone, in the words of the property of formats. It makes a new table each time, which is as good as a frozen one. */
const parts = (chosen: Chosen) => {
  const choice = Object.fromEntries(Object.entries(chosen).filter(([, name]) => name !== ""));
  const { accumulator, output, ...rest } = configured(choice);
  return {
    ...rest,
    accumulators: `${accumulator} ${accumulator}`,
    outputs: `${output} ${output}`,
    isFrozen: true,
  };
};

const chosen = (weights: string, kv = "", output = "") => ({ weights, kv, output });
const on = (gpu: string, weights: string, kv: string) => ({
  profile: "document",
  gpu,
  choice: { weights, kv },
  output: "fp16",
});

/** The document's model runner on trial. */
export const runner: DocumentSubject = {
  name: "document/runner",
  part: "runner",
  about: "the model runner's configuration of a layer",
  answersFor: toProperties({
    "RNR-1": answers(
      () => layer,
      ({ kind }: Configure) => (kind === "configure" ? undefined : `a ${kind as string}`),
    ),
    "FMT-8": answers(() => parts),
  }),
  defects: [
    {
      does: "takes FP4 weights by FP8 activations to run at the FP4 peak",
      consequence:
        "The product runs at the FP8 rate: half of what its prefill figures are made with.",
      property: "RNR-1",
      case: on("b200", "fp4", "fp8"),
    },
    {
      does: "configures formats that the GPU does not have: FP4 on an H100",
      consequence: "It is found out by the first kernel, or run in another format without a word.",
      property: "RNR-1",
      case: on("h100", "fp8", "fp4"),
    },
    {
      does: "fixes queries to FP8 whatever the keys are in, and counts on the keys' peak",
      consequence:
        "With keys and values in FP4, both products run at the FP8 rate and not at twice that.",
      property: "RNR-1",
      case: on("b200", "fp8", "fp4"),
    },
    {
      does: "takes any text for the format of the weights",
      consequence: "A typing error goes into the configuration of every layer.",
      property: "FMT-8",
      case: chosen("fp32"),
    },
    {
      does: "takes any text for the format of keys and values",
      consequence: "The cache is laid out by one format and read by another.",
      property: "FMT-8",
      case: chosen("", "__proto__"),
    },
    {
      does: "takes any text for the output, though it says that there are two",
      consequence: "Results are cut to a format that the next layer does not read.",
      property: "FMT-8",
      case: chosen("", "", "fp4"),
    },
  ],
  absences: [],
  remarks: [
    "The number of the layer is handed over and not looked at: all layers are alike.",
    "Its note says that V is in FP8, and it takes whatever the KV format is.",
  ],
};
