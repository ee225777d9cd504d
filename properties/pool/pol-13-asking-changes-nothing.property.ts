import type { PoolCall, PoolReply } from "#rack";
import { firstDifference, property } from "#verify";
import { CHAINS, type PoolCase, poolCases } from "./arbitraries.ts";
import { CountsSweep, LooksBumpRecency } from "./mutants-admitting.ts";
import { broken, fastPool } from "./subjects.ts";

const QUESTIONS: readonly PoolCall[] = [
  ...CHAINS.map((blocks): PoolCall => ({ kind: "leadingRun", blocks })),
  { kind: "counts" },
  { kind: "contents" },
];

/** What is asked at the end of both. */
const CODA: readonly PoolCall[] = [{ kind: "contents" }, { kind: "clear" }];

const evicts = (replies: readonly PoolReply[]): boolean =>
  replies.some((reply) => "evicted" in reply && reply.evicted.length > 0);

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-13",
  part: "pool",
  statement:
    "looks, counts and contents change nothing: with or without them every other call is answered the same",
  given: poolCases(),
  subject: fastPool,
  scripts: ({ capacity, history }) => [
    [{ kind: "create", capacity }, ...history, ...CODA],
    [{ kind: "create", capacity }, ...history.flatMap((call) => [...QUESTIONS, call]), ...CODA],
  ],

  holds({ history }, [unasked = [], asked = []]) {
    const period = QUESTIONS.length + 1;
    const end = 1 + history.length * period;
    const answers = asked.filter((_, at) => at >= end || at % period === 0);
    return firstDifference(unasked, answers);
  },

  witnesses: {
    "a history that evicts": (_, [unasked = []]) => evicts(unasked),
    "a history that ends with two blocks cached": (_, [unasked = []]) => {
      const last = unasked.at(-1);
      return last?.kind === "cleared" && last.removed.length > 1;
    },
  },

  mutants: {
    "takes a look for a use": broken(LooksBumpRecency),
    "sweeps a full cache when it is asked for its counts": broken(CountsSweep),
  },
});
