import { findFormat, findModel } from "#spec";
import { answers, toProperties } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";
import { raised } from "./raised.ts";

type Call = { readonly gpus: readonly number[]; readonly tp: number; readonly bytes: number };

const GPUS_PER_SWITCH = 8;

/** Seconds, by the degree that it is told and the GPUs that it is shown, which need not agree. */
const seconds = ({ gpus, tp, bytes }: Call): number => {
  if (tp === 0) throw raised("ZeroDivisionError", "division by zero");
  const domains = new Set(gpus.map((gpu) => Math.floor(gpu / GPUS_PER_SWITCH)));
  const rate = domains.size === 1 ? 1.8e12 : 0.9e12;
  return (((2 * (tp - 1)) / tp) * bytes) / rate;
};

type InModel = {
  readonly profile: string;
  readonly model: string;
  readonly format: string;
  readonly tp: number;
  readonly tokens: number;
  readonly span: "domain" | "rack";
};

/** The same for the hidden states of a model. A stand-in for the caller: who multiplies, by two in every layer, is not in the document. */
const inModel = ({ model: name, format, tp, tokens, span }: InModel) => {
  const model = findModel(name);
  const bytes = tokens * model.hidden.value * findFormat(format).bytesPerValue.value;
  const gpus = span === "domain" ? [0] : [0, GPUS_PER_SWITCH];
  const one = seconds({ gpus, tp, bytes });
  return { bytes, one, step: 2 * model.layers.value * one };
};

/** The document's time of an all-reduce on trial. */
export const allReduce: DocumentSubject = {
  name: "document/all-reduce",
  part: "cost",
  about: "the gang scheduler's time of an all-reduce for a placement",
  answersFor: toProperties({
    "CST-17": answers<InModel, unknown>(
      () => inModel,
      ({ profile }) => (profile === "document" ? undefined : "another profile's rates"),
    ),
    "CST-25": answers<Call, unknown>(() => (call) => ({ seconds: seconds(call) })),
  }),
  defects: [
    {
      does: "believes the degree that it is told, whatever GPUs it is shown",
      consequence: "A group of 2 timed as one of 8 takes 1.75 times as long as it does.",
      property: "CST-25",
      case: { gpus: [0, 1], tp: 8, bytes: 1 },
    },
    {
      does: "times a group without GPUs, as one across domains",
      consequence: "A placement that was refused has an all-reduce all the same.",
      property: "CST-25",
      case: { gpus: [], tp: 2, bytes: 1 },
    },
    {
      does: "counts a GPU that is named twice as two",
      consequence: "A faulty placement is not noticed where it could be.",
      property: "CST-25",
      case: { gpus: [3, 3], tp: 2, bytes: 1 },
    },
    {
      does: "takes a GPU that the rack does not have for one of a tenth domain",
      consequence: "GPU 72 is across domains from all others instead of a fault.",
      property: "CST-25",
      case: { gpus: [71, 72], tp: 2, bytes: 1 },
    },
    {
      does: "divides by a degree of 0",
      consequence: "A faulty request ends with an exception.",
      property: "CST-25",
      case: { gpus: [], tp: 0, bytes: 1 },
    },
  ],
  absences: [
    {
      what: "another profile's rates",
      consequence: "Its two rates are constants; a flat rack of 72 has no domains to cross.",
    },
  ],
  remarks: [
    "The latency of 2 · (tp − 1) steps is not counted: the reference leaves it out as well. For one token of Llama 405B it would be nearly all: 14 times 500 ns beside 32.",
  ],
};
