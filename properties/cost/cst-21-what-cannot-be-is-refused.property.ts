import fc from "fast-check";
import type { Json } from "#base";
import {
  allReduceTime,
  batchFits,
  blockBytes,
  decodeBounds,
  decodeThroughput,
  hiddenStateBytes,
  kvBudget,
  kvBytesPerToken,
  prefillBounds,
  prefillThroughput,
  ringFactor,
  sessions,
  transferSeconds,
} from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { deploymentOf, orIssue, sole } from "./setups.ts";

/** Numbers by name, because not every one of them is JSON. */
const NUMBERS = {
  "minus infinity": Number.NEGATIVE_INFINITY,
  "minus one": -1,
  "minus a least number": -Number.MIN_VALUE,
  zero: 0,
  "a half": 0.5,
  one: 1,
  "one and a half": 1.5,
  eight: 8,
  "a million": 1e6,
  "2^53 − 1": 2 ** 53 - 1,
  "2^53": 2 ** 53,
  "the largest number": Number.MAX_VALUE,
  infinity: Number.POSITIVE_INFINITY,
  "not a number": Number.NaN,
} as const;
type NumberName = keyof typeof NUMBERS;

const deployment = deploymentOf({
  profile: "document",
  gpu: "b200",
  model: "llama-70b",
  weights: "fp8",
  kv: "fp8",
  tp: 8,
});
const { profile, model, kvFormat } = deployment;

/** Each place that takes a count, and which counts it takes. */
const PLACES = {
  "tokens of a prefill": { takes: "positive", ask: (n: number) => prefillBounds(deployment, n) },
  "tokens of a prefill's throughput": {
    takes: "positive",
    ask: (n: number) => prefillThroughput(deployment, n),
  },
  "batch of a step": { takes: "positive", ask: (n: number) => decodeBounds(deployment, n, 1) },
  "batch of a throughput": {
    takes: "positive",
    ask: (n: number) => decodeThroughput(deployment, n, 0),
  },
  "KV of a step": { takes: "zero too", ask: (n: number) => decodeBounds(deployment, 1, n) },
  "tokens of a session": { takes: "positive", ask: (n: number) => sessions(deployment, n) },
  "batch that may fit": { takes: "positive", ask: (n: number) => batchFits(deployment, n, 1) },
  "tokens of a hidden state": {
    takes: "positive",
    ask: (n: number) => hiddenStateBytes(model, n, kvFormat),
  },
  "message of an all-reduce": {
    takes: "positive",
    ask: (n: number) => allReduceTime(profile, "domain", 8, n),
  },
  "bytes of a transfer": {
    takes: "zero too",
    ask: (n: number) => transferSeconds(profile, 1, n, 1),
  },
  "shards of a transfer": { takes: "whole", ask: (n: number) => transferSeconds(profile, 1, 1, n) },
  "tokens of a block": { takes: "whole", ask: (n: number) => blockBytes(model, kvFormat, n) },
  "GPUs of a ring": { takes: "whole", ask: (n: number) => ringFactor(n) },
  "GPUs that share KV": { takes: "whole", ask: (n: number) => kvBytesPerToken(model, kvFormat, n) },
  "GPUs with a budget": { takes: "whole", ask: (n: number) => kvBudget({ ...deployment, tp: n }) },
  "GPUs of a step": {
    takes: "whole",
    ask: (n: number) => prefillBounds({ ...deployment, tp: n }, 1),
  },
} as const satisfies Record<
  string,
  { readonly takes: "positive" | "zero too" | "whole"; readonly ask: (count: number) => Json }
>;
type PlaceName = keyof typeof PLACES;

type Call = { readonly place: PlaceName; readonly count: NumberName };
type Reply = "taken" | { readonly issue: string };

const ask = (place: PlaceName, count: number): Reply => {
  const answer = orIssue(() => ({ taken: PLACES[place].ask(count) }));
  return "issue" in answer ? { issue: answer.issue as string } : "taken";
};

const refused: Reply = { issue: "SPEC-6" };

/** A subject whose check lets through, or turns away, some more. */
const checking =
  (check: (right: Reply, count: number, call: Call) => Reply): Subject<Call, Reply> =>
  () =>
  (call) => {
    const count = NUMBERS[call.count];
    return check(ask(call.place, count), count, call);
  };

/** The numbers that each kind of place takes, written out. */
const TAKEN: Readonly<Record<"positive" | "zero too" | "whole", readonly NumberName[]>> = {
  positive: ["a half", "one", "one and a half", "eight", "a million", "2^53 − 1"],
  "zero too": ["zero", "a half", "one", "one and a half", "eight", "a million", "2^53 − 1"],
  whole: ["one", "eight", "a million", "2^53 − 1"],
};

const PLACE_NAMES = Object.keys(PLACES) as PlaceName[];
const NUMBER_NAMES = Object.keys(NUMBERS) as NumberName[];

function* small(): Generator<Call> {
  for (const place of PLACE_NAMES) for (const count of NUMBER_NAMES) yield { place, count };
}

export default property<Call, Call, Reply>({
  id: "CST-21",
  part: "cost",
  statement:
    "a size, a batch, a degree or a count of tokens that cannot be is refused as such by every closed form, and one that can be never is",
  given: values(
    fc.record({
      place: fc.constantFrom(...PLACE_NAMES),
      count: fc.constantFrom(...NUMBER_NAMES),
    }),
    small,
  ),
  subject: checking((right) => right),
  scripts: (call) => [[call]],

  holds({ place, count }, replies) {
    const reply = sole(replies);
    const isTaken = TAKEN[PLACES[place].takes].includes(count);
    if (isTaken && typeof reply !== "string" && reply.issue === "SPEC-6")
      return finding(0, "taken", reply, `${place}: ${count}`);
    if (!isTaken && (typeof reply === "string" || reply.issue !== "SPEC-6"))
      return finding(0, refused, reply, `${place}: ${count}`);
    return undefined;
  },

  witnesses: {
    "a count that can be": (_, replies) => sole(replies) === "taken",
    "one that cannot": (_, replies) => typeof sole(replies) !== "string",
    "no number at all": ({ count }) => count === "not a number",
  },

  mutants: {
    "asks whether it is too small, and so lets no number through": checking((right, count) =>
      Number.isNaN(count) ? "taken" : right,
    ),
    "forgets that there is no end": checking((right, count) =>
      count === Number.POSITIVE_INFINITY ? "taken" : right,
    ),
    "lets zero through": checking((right, count) => (count === 0 ? "taken" : right)),
    "lets a half GPU through": checking((right, count) => (count === 0.5 ? "taken" : right)),
    "turns one away": checking((right, count) => (count === 1 ? refused : right)),
    "turns an empty context away": checking((right, count, { place }) =>
      count === 0 && place === "KV of a step" ? refused : right,
    ),
    "takes sizes that no double counts": checking((right, count) =>
      count === 2 ** 53 ? "taken" : right,
    ),
    "says that the model does not fit": checking((right) =>
      right === "taken" ? right : { issue: "SPEC-2" },
    ),
  },
});
