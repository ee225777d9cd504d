import { finding, property, values } from "#verify";
import {
  type PhaseCall,
  type PhaseCase,
  type PhaseReply,
  phaseCases,
  phaseCosts,
} from "./phases.ts";

type Replies = readonly (readonly PhaseReply[])[];

/** A step that prefills and decodes, either one by itself, and both regimes without a step around them. */
const calls = (given: PhaseCase): readonly PhaseCall[] => [
  { ...given, kind: "step" },
  { ...given, kind: "step", batch: 0, kvTokens: 0 },
  { ...given, kind: "step", newTokens: 0 },
  { ...given, kind: "prefill" },
  { ...given, kind: "decode" },
];

const read = (replies: Replies): readonly number[] =>
  (replies[0] ?? []).filter((reply) => typeof reply === "number");

export default property<PhaseCase, PhaseCall, PhaseReply>({
  id: "CST-28",
  part: "cost",
  statement:
    "a step that only prefills or only decodes is the prefill or the decode step and the overhead, and one that does both takes no less than either and no more than both",
  given: values(phaseCases()),
  subject: phaseCosts(),
  scripts: (given) => [calls(given)],

  holds({ overheadNs }, replies) {
    const [mixed, prefilling, decoding, prefill, decode] = read(replies);
    if (mixed === undefined || prefilling === undefined || decoding === undefined) return undefined;
    if (prefill === undefined || decode === undefined) return undefined;
    if (prefilling !== prefill + overheadNs)
      return finding(1, prefill + overheadNs, prefilling, "a step that only prefills");
    if (decoding !== decode + overheadNs)
      return finding(2, decode + overheadNs, decoding, "a step that only decodes");
    const least = Math.max(prefilling, decoding);
    // Two quotients that are whole may be a hair above it together.
    const most = prefill + decode + overheadNs + 1;
    if (mixed < least) return finding(0, least, mixed, "at least");
    return mixed > most ? finding(0, most, mixed, "at most") : undefined;
  },

  witnesses: {
    "a mixed step that takes longer than either": (_, replies) => {
      const [mixed = 0, prefilling = 0, decoding = 0] = read(replies);
      return mixed > Math.max(prefilling, decoding);
    },
    "a mixed step that takes as long as its decode step": (_, replies) => {
      const [mixed = 0, , decoding = 1] = read(replies);
      return mixed === decoding;
    },
    "an overhead": ({ overheadNs }, replies) => overheadNs > 0 && read(replies).length > 0,
  },

  mutants: {
    "does one after the other": phaseCosts(({ stepNs }) => ({
      stepNs: (newTokens, batch, kvTokens) =>
        newTokens === 0 || batch === 0
          ? stepNs(newTokens, batch, kvTokens)
          : stepNs(newTokens, 0, 0) + stepNs(0, batch, kvTokens) + 2,
    })),
    "computes only the prompt": phaseCosts(({ stepNs }) => ({
      stepNs: (newTokens, batch, kvTokens) =>
        newTokens === 0 ? stepNs(0, batch, kvTokens) : stepNs(newTokens, 0, 0),
    })),
    "prefills at the batch's pace": phaseCosts(({ stepNs }) => ({
      stepNs: (newTokens, batch, kvTokens) => stepNs(0, newTokens + batch, kvTokens),
    })),
    "takes the overhead only where nothing is prefilled": phaseCosts(
      ({ stepNs }, { overheadNs }) => ({
        stepNs: (newTokens, batch, kvTokens) =>
          stepNs(newTokens, batch, kvTokens) - (newTokens > 0 ? overheadNs : 0),
      }),
    ),
  },
});
