import { finding, property, values } from "#verify";
import {
  overtaking,
  type PhaseCall,
  type PhaseCase,
  type PhaseReply,
  phaseCases,
  phaseCosts,
} from "./phases.ts";

/** What two moments may be off together: each is rounded up, and may lie a hair above a whole number as a double. */
const ROUNDED_NS = 2;

type Replies = readonly (readonly PhaseReply[])[];

/** The first step by itself; the end of each step of the phase; and the rest of the phase, begun where its first half ended. */
const calls = (given: PhaseCase): readonly PhaseCall[] => {
  const { batch, kvTokens, steps } = given;
  const half = Math.floor(steps / 2);
  return [
    { ...given, kind: "step", newTokens: 0 },
    ...Array.from({ length: steps }, (_, before) => ({
      ...given,
      kind: "phase" as const,
      steps: before + 1,
    })),
    { ...given, kind: "phase", batch, kvTokens: kvTokens + half * batch, steps: steps - half },
  ];
};

const read = (replies: Replies) => {
  const all = (replies[0] ?? []).filter((reply) => typeof reply === "number");
  const [first = 0, ...ends] = all;
  const rest = ends.pop() ?? 0;
  return { first, ends, rest };
};

/** Whether costs are found at all. */
const isPossible = (replies: Replies): boolean =>
  replies[0]?.every((reply) => typeof reply === "number") ?? false;

export default property<PhaseCase, PhaseCall, PhaseReply>({
  id: "CST-27",
  part: "cost",
  statement:
    "a phase of one step is that step, every further one takes at least as long as the one before, and a phase cut in two takes as long as the whole, each but for what was rounded",
  given: values(phaseCases(), overtaking),
  subject: phaseCosts(),
  scripts: (given) => [calls(given)],

  holds({ steps }, replies) {
    if (!isPossible(replies)) return undefined;
    const { first, ends, rest } = read(replies);
    if (ends[0] !== first) return finding(1, first, ends[0] ?? null, "the first step");
    let before = 0;
    let took = 0;
    for (const [index, end] of ends.entries()) {
      const takes = end - before;
      if (takes <= 0 || takes < took - ROUNDED_NS)
        return finding(index + 1, took, takes, "the time of a step");
      [before, took] = [end, takes];
    }
    const half = Math.floor(steps / 2);
    const cut = (half === 0 ? 0 : (ends[half - 1] as number)) + rest;
    return Math.abs(cut - before) <= ROUNDED_NS
      ? undefined
      : finding(steps + 1, before, cut, "a phase cut in two");
  },

  witnesses: {
    "steps that grow": (_, replies) => {
      const { ends } = read(replies);
      return (ends.at(-1) ?? 0) - (ends.at(-2) ?? 0) > (ends[0] ?? 0) + 1;
    },
    "steps that all take the same": (_, replies) => {
      const { ends } = read(replies);
      return ends.length > 2 && (ends.at(-1) ?? 0) === ends.length * (ends[0] ?? 0);
    },
    "an overhead": ({ overheadNs }, replies) => overheadNs > 0 && isPossible(replies),
  },

  mutants: {
    "forgets the overhead of a phase": phaseCosts(({ phaseNs }, { overheadNs }) => ({
      phaseNs: (batch, kvTokens, steps) => phaseNs(batch, kvTokens, steps) - steps * overheadNs,
    })),
    "reads less as it goes on": phaseCosts(({ phaseNs }) => ({
      phaseNs: (batch, kvTokens, steps) =>
        steps === 1
          ? phaseNs(batch, kvTokens, 1)
          : phaseNs(batch, Math.max(0, kvTokens - steps * batch), steps),
    })),
    "rounds every step up": phaseCosts(({ stepNs }) => ({
      phaseNs(batch, kvTokens, steps) {
        let sum = 0;
        for (let step = 0; step < steps; step += 1)
          sum += stepNs(0, batch, kvTokens + 2 * step * batch);
        return sum;
      },
    })),
  },
});
