import type { RunnerCall } from "#rack";
import { findModel } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

const SIZES: Readonly<Record<string, number>> = { fp4: 0.5, fp8: 1, fp16: 2 };

/** Gigabytes of the weights, in each of three formats. */
const sizes = (model: string): Readonly<Record<string, number>> => {
  const parameters = findModel(model).parameters.value;
  const listed = Object.entries(SIZES);
  return Object.fromEntries(listed.map(([format, bytes]) => [format, (parameters * bytes) / 1e9]));
};

type Pair = { readonly model: string; readonly from: string; readonly to: string };

/** The difference of two of the sizes that it lists, in bytes. */
const between = ({ model, from, to }: Pair): number =>
  ((sizes(model)[from] ?? 0) - (sizes(model)[to] ?? 0)) * 1e9;

type Gain = Extract<RunnerCall, { kind: "gain" }>;

/** What it says of a runner that was configured somehow: always the savings of FP4. */
const ofRunner = ({ model, against }: Gain) => ({
  kind: "gain",
  weightBytesSaved: between({ model, from: against.weights ?? "fp4", to: "fp4" }),
});

const isListed = (format: string | undefined): boolean =>
  format !== undefined && Object.hasOwn(SIZES, format);

/** The document's estimate of memory savings on trial. */
export const savings: DocumentSubject = {
  name: "document/savings",
  part: "runner",
  about: "the model runner's estimate of what FP4 weights save",
  answersFor: toProperties({
    "CST-12": answers<Pair, unknown>(
      () => between,
      ({ from, to }) => (isListed(from) && isListed(to) ? undefined : "the size of BF16 or INT4"),
    ),
    "RNR-5": answers<Gain, unknown>(
      () => ofRunner,
      ({ against }) => (isListed(against.weights) ? undefined : "savings against BF16 or INT4"),
    ),
  }),
  defects: [
    {
      does: "gives the savings of FP4, whatever format the runner was configured with",
      consequence:
        "A runner with FP16 weights reports room for KV that its weights take: 105 GB for Llama 70B.",
      property: "RNR-5",
      case: { model: "llama-70b", weights: "fp16", against: "fp16" },
    },
  ],
  absences: [
    {
      what: "the size of BF16 or INT4",
      consequence: "Of the formats that its sister functions take, one has no size.",
    },
    { what: "savings against BF16 or INT4", consequence: "It compares with FP8 and FP16 only." },
  ],
  remarks: ["It says that savings become KV cache, and does not say how much of it."],
};
