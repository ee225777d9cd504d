import fc from "fast-check";
import { type Deployment, decodeStepTime, prefillTime, type StepTime } from "#cost";
import { type Finding, finding, property, type Subject, values } from "#verify";
import { computable, deploymentOf, faster, type Setup } from "./setups.ts";

type Case = {
  readonly regime: "prefill" | "decode";
  readonly setup: Setup;
  readonly tokens: number;
  readonly more: number;
  readonly kvTokens: number;
};
type Call = Omit<Case, "more"> & {
  readonly peakTimes: number;
  readonly bandwidthTimes: number;
  readonly efficiency: number;
};

const ask = ({ regime, tokens, kvTokens, efficiency }: Call, deployment: Deployment): StepTime =>
  regime === "prefill"
    ? prefillTime(deployment, tokens, efficiency)
    : decodeStepTime(deployment, tokens, kvTokens, efficiency);

const deployed = ({ setup, peakTimes, bandwidthTimes }: Call): Deployment => {
  const deployment = deploymentOf(setup);
  return { ...deployment, gpu: faster(deployment.gpu, peakTimes, bandwidthTimes) };
};

/** A subject that misreads the question. */
const asking =
  (mistake: (call: Call) => Call = (call) => call): Subject<Call, StepTime> =>
  () =>
  (call) =>
    ask(mistake(call), deployed(mistake(call)));

/** The questions, by what is changed between them and the first. */
const questions = ({ more, ...same }: Case) => {
  const base = { ...same, peakTimes: 1, bandwidthTimes: 1, efficiency: 1 };
  return {
    base,
    peakTwice: { ...base, peakTimes: 2 },
    bandwidthTwice: { ...base, bandwidthTimes: 2 },
    halfAsEfficient: { ...base, efficiency: 0.5 },
    tokensMore: { ...base, tokens: same.tokens + more },
    kvMore: { ...base, kvTokens: same.kvTokens + more },
  };
};
const ORDER = Object.keys(
  questions({
    regime: "decode",
    setup: { profile: "", gpu: "", model: "", weights: "", kv: "", tp: 1 },
    tokens: 1,
    more: 1,
    kvTokens: 0,
  }),
) as readonly (keyof ReturnType<typeof questions>)[];

/** Rounding up at both ends of a factor of two moves a time by less than this. */
const SLACK_NS = 2;

type Answers = Readonly<Record<(typeof ORDER)[number], StepTime>>;

const laws = (answers: Answers): readonly (readonly [keyof Answers, boolean, string])[] => {
  const { base, peakTwice, bandwidthTwice, halfAsEfficient, tokensMore, kvMore } = answers;
  const twice = (short: number, long: number) => Math.abs(2 * short - long) <= SLACK_NS;
  return [
    ["peakTwice", twice(peakTwice.compute, base.compute), "half the compute time"],
    ["peakTwice", peakTwice.memory === base.memory, "the same memory time"],
    ["bandwidthTwice", twice(bandwidthTwice.memory, base.memory), "half the memory time"],
    ["bandwidthTwice", bandwidthTwice.compute === base.compute, "the same compute time"],
    ["halfAsEfficient", twice(base.compute, halfAsEfficient.compute), "twice the compute time"],
    ["halfAsEfficient", twice(base.memory, halfAsEfficient.memory), "twice the memory time"],
    ["tokensMore", tokensMore.compute >= base.compute, "no less compute time"],
    ["tokensMore", tokensMore.memory === base.memory, "the same memory time"],
    ["tokensMore", tokensMore.total >= base.total, "no less time"],
    ["kvMore", kvMore.memory >= base.memory, "no less memory time"],
    ["kvMore", kvMore.compute === base.compute, "the same compute time"],
    ["kvMore", kvMore.total >= base.total, "no less time"],
  ];
};

export default property<Case, Call, StepTime>({
  id: "CST-4",
  part: "cost",
  statement:
    "twice the peak halves the arithmetic, twice the bandwidth halves the reads, half the efficiency doubles both, and more tokens or KV are never faster",
  given: values(
    fc.record({
      regime: fc.constantFrom("prefill" as const, "decode" as const),
      setup: computable,
      tokens: fc.integer({ min: 1, max: 100_000 }),
      more: fc.integer({ min: 1, max: 1_000_000 }),
      kvTokens: fc.integer({ min: 0, max: 10_000_000 }),
    }),
  ),
  subject: asking(),
  scripts: (given) => [ORDER.map((name) => questions(given)[name])],

  holds(_, [replies]): Finding | undefined {
    const answers = Object.fromEntries(ORDER.map((name, at) => [name, replies?.[at]])) as Answers;
    const broken = laws(answers).find(([, holds]) => !holds);
    if (broken === undefined) return undefined;
    const [name, , law] = broken;
    return finding(ORDER.indexOf(name), law, { from: answers.base, to: answers[name] }, name);
  },

  witnesses: {
    "a step that faster memory makes shorter": (_, [replies]) =>
      (replies?.[2]?.total ?? 0) < (replies?.[0]?.total ?? 0),
    "a step that faster arithmetic makes shorter": (_, [replies]) =>
      (replies?.[1]?.total ?? 0) < (replies?.[0]?.total ?? 0),
    "more KV that takes longer": (_, [replies]) =>
      (replies?.[5]?.total ?? 0) > (replies?.[0]?.total ?? 0),
  },

  mutants: {
    "ignores the bandwidth": asking((call) => ({ ...call, bandwidthTimes: 1 })),
    "ignores the peak": asking((call) => ({ ...call, peakTimes: 1 })),
    "ignores the efficiency": asking((call) => ({ ...call, efficiency: 1 })),
    "divides by the efficiency twice": asking((call) => ({
      ...call,
      efficiency: call.efficiency ** 2,
    })),
    "scales arithmetic by the efficiency, but not reads": () => (call) => {
      const given = deployed(call);
      const scaled = ask(call, given);
      const bare = ask({ ...call, efficiency: 1 }, given);
      return { ...scaled, memory: bare.memory };
    },
    "reads the weights once a token": () => (call) => {
      const time = ask(call, deployed(call));
      return { ...time, memory: (time.memory * call.tokens) as StepTime["memory"] };
    },
    "gets cheaper for long contexts": () => (call) => {
      const fewer = Math.max(0, 10_000_000 - call.kvTokens);
      return ask({ ...call, kvTokens: fewer }, deployed(call));
    },
  },
});
