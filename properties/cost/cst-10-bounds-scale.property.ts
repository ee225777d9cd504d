import fc from "fast-check";
import { type Bounds, decodeBounds, prefillBounds } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { isNear, quotient } from "./near.ts";
import {
  asGiven,
  computable,
  deploymentOf,
  faster,
  type Mistake,
  type Setup,
  times,
} from "./setups.ts";

type Case = {
  readonly regime: "prefill" | "decode";
  readonly setup: Setup;
  readonly tokens: number;
  readonly kvTokens: number;
  readonly factor: number;
};
type Call = Omit<Case, "factor"> & {
  readonly peakTimes: number;
  readonly bandwidthTimes: number;
};

const deployed = ({ setup, peakTimes, bandwidthTimes }: Call) => {
  const deployment = deploymentOf(setup);
  return { ...deployment, gpu: faster(deployment.gpu, peakTimes, bandwidthTimes) };
};

const ask = (call: Call, mistake: Mistake = asGiven): Bounds =>
  call.regime === "prefill"
    ? prefillBounds(mistake(deployed(call)), call.tokens)
    : decodeBounds(mistake(deployed(call)), call.tokens, call.kvTokens);

/** A subject that misreads the deployment, or makes something else of the bounds. */
const bounding =
  (
    mistake: Mistake = asGiven,
    bend: (bounds: Bounds, call: Call) => Bounds = (same) => same,
  ): Subject<Call, Bounds> =>
  () =>
  (call) =>
    bend(ask(call, mistake), call);

const nearestNs = (seconds: number): number => Math.ceil(seconds * 1e9) / 1e9;

const questions = ({ factor, ...same }: Case) => {
  const base = { ...same, peakTimes: 1, bandwidthTimes: 1 };
  return {
    base,
    peak: { ...base, peakTimes: factor },
    bandwidth: { ...base, bandwidthTimes: factor },
    tokens: { ...base, tokens: base.tokens * factor },
    noKv: { ...base, kvTokens: 0 },
    kv: { ...base, kvTokens: base.kvTokens * factor },
  };
};
type Name = keyof ReturnType<typeof questions>;
const ORDER: readonly Name[] = ["base", "peak", "bandwidth", "tokens", "noKv", "kv"];

/** The bounds as exact quotients of whole numbers: figures are whole, and so is the KV of a token in halves. */
const exactly = (call: Call): Bounds => {
  const { gpu, model, weightFormat, kvFormat, tp } = deploymentOf(call.setup);
  const whole = (figure: number): bigint => BigInt(Math.round(figure));
  const kvHalves =
    2 *
    model.layers.value *
    model.kvHeads.value *
    model.headDimension.value *
    2 *
    kvFormat.bytesPerValue.value;
  const weightHalves = whole(model.parameters.value * 2 * weightFormat.bytesPerValue.value);
  const kv = call.regime === "decode" ? BigInt(call.kvTokens) * whole(kvHalves) : 0n;
  const peak = gpu.peaks[weightFormat.computesAs.value]?.value ?? Number.NaN;
  return {
    compute: quotient(
      2n * whole(model.parameters.value) * BigInt(call.tokens),
      whole(peak) * BigInt(tp),
    ),
    memory: quotient(weightHalves + kv, 2n * whole(gpu.hbmBandwidth.value) * BigInt(tp)),
  };
};

type Law = readonly [at: Name, bound: keyof Bounds, wanted: number];

const laws = (given: Case, answers: Readonly<Record<Name, Bounds>>): readonly Law[] => {
  const { base, noKv } = answers;
  const { factor } = given;
  const exact = exactly(questions(given).base);
  return [
    ["base", "compute", exact.compute],
    ["base", "memory", exact.memory],
    ["peak", "compute", exact.compute / factor],
    ["peak", "memory", base.memory],
    ["bandwidth", "memory", exact.memory / factor],
    ["bandwidth", "compute", base.compute],
    ["tokens", "compute", exact.compute * factor],
    ["tokens", "memory", base.memory],
    ["noKv", "compute", base.compute],
    ["kv", "memory", noKv.memory + factor * (base.memory - noKv.memory)],
    ["kv", "compute", base.compute],
  ];
};

export default property<Case, Call, Bounds>({
  id: "CST-10",
  part: "cost",
  statement:
    "the bounds of a step are exact quotients, not rounded: k times the peak or the bandwidth divides one of them by k, k times the tokens multiplies the arithmetic, and k times the KV its share of the reads",
  given: values(
    fc.record({
      regime: fc.constantFrom("prefill" as const, "decode" as const),
      setup: computable,
      tokens: fc.integer({ min: 1, max: 100_000 }),
      kvTokens: fc.integer({ min: 0, max: 10_000_000 }),
      factor: fc.integer({ min: 2, max: 9 }),
    }),
  ),
  subject: bounding(),
  scripts: (given) => [ORDER.map((name) => questions(given)[name])],

  holds(given, [replies]) {
    const answers = Object.fromEntries(
      ORDER.map((name, at) => [name, replies?.[at] ?? { compute: -1, memory: -1 }]),
    ) as Record<Name, Bounds>;
    // The share of the KV is a difference of two bounds, which loses digits that the bounds themselves have.
    const slack = 1e-9 * answers.base.memory;
    for (const [name, bound, wanted] of laws(given, answers)) {
      const found = answers[name][bound];
      const holds = isNear(found, wanted) || (name === "kv" && Math.abs(found - wanted) <= slack);
      if (!holds) return finding(ORDER.indexOf(name), wanted, found, `${name}: ${bound}`);
    }
    return undefined;
  },

  witnesses: {
    "a prefill": ({ regime }) => regime === "prefill",
    "KV that is read": ({ regime, kvTokens }) => regime === "decode" && kvTokens > 0,
    "a worker of several GPUs": ({ setup }) => setup.tp > 1,
    "a bound that is no whole number of nanoseconds": (_, [replies]) =>
      (replies?.[0]?.memory ?? 0) * 1e9 !== Math.round((replies?.[0]?.memory ?? 0) * 1e9),
  },

  mutants: {
    "rounds up to the nanosecond": bounding(asGiven, ({ compute, memory }) => ({
      compute: nearestNs(compute),
      memory: nearestNs(memory),
    })),
    "gives milliseconds": bounding(asGiven, ({ compute, memory }) => ({
      compute: compute * 1000,
      memory: memory * 1000,
    })),
    "reads with one GPU of the worker": bounding((given) => ({
      ...given,
      gpu: faster(given.gpu, 1, 1 / given.tp),
    })),
    "reads the weights once a token": bounding(asGiven, (bounds, { tokens }) => ({
      ...bounds,
      memory: bounds.memory * tokens,
    })),
    "forgets the arithmetic of all tokens but one": bounding(asGiven, (bounds, { tokens }) => ({
      ...bounds,
      compute: bounds.compute / tokens,
    })),
    "swaps the bounds": bounding(asGiven, ({ compute, memory }) => ({
      compute: memory,
      memory: compute,
    })),
    "reads keys but no values": bounding((given) => ({
      ...given,
      model: { ...given.model, layers: times(given.model.layers, 1 / 2) },
    })),
    "keeps the peak whatever the GPU": () => (call) => ask({ ...call, peakTimes: 1 }),
    "keeps the bandwidth whatever the GPU": () => (call) => ask({ ...call, bandwidthTimes: 1 }),
  },
});
