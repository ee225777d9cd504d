import fc from "fast-check";
import { decodeStepTime, prefillTime, type StepTime } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import {
  asGiven,
  computable,
  deploymentOf,
  faster,
  type Mistake,
  type Setup,
  sole,
  times,
} from "./setups.ts";

type Call = {
  readonly regime: "prefill" | "decode";
  readonly setup: Setup;
  /** New tokens of a prefill, requests of a decode step. */
  readonly tokens: number;
  readonly kvTokens: number;
};

const ask = (call: Call, mistake: Mistake): StepTime => {
  const deployment = mistake(deploymentOf(call.setup));
  return call.regime === "prefill"
    ? prefillTime(deployment, call.tokens)
    : decodeStepTime(deployment, call.tokens, call.kvTokens);
};

const steps =
  (mistake: Mistake = asGiven): Subject<Call, StepTime> =>
  () =>
  (call) =>
    ask(call, mistake);

/** A subject that makes something else of the two bounds. */
const otherwise =
  (total: (compute: number, memory: number) => number): Subject<Call, StepTime> =>
  () =>
  (call) => {
    const time = ask(call, asGiven);
    return { ...time, total: total(time.compute, time.memory) as StepTime["total"] };
  };

/** What a bound must be, as a fraction of whole numbers: nanoseconds over one. */
type Exact = { readonly over: bigint; readonly under: bigint };

const whole = (figure: number): bigint => BigInt(Math.round(figure));

const exactly = (call: Call): { readonly compute: Exact; readonly memory: Exact } => {
  const { gpu, model, weightFormat, kvFormat, tp } = deploymentOf(call.setup);
  const kvToken =
    2 *
    model.layers.value *
    model.kvHeads.value *
    model.headDimension.value *
    kvFormat.bytesPerValue.value;
  const read =
    whole(model.parameters.value * weightFormat.bytesPerValue.value) +
    (call.regime === "decode" ? BigInt(call.kvTokens) * whole(kvToken) : 0n);
  const peak = gpu.peaks[weightFormat.computesAs.value]?.value ?? Number.NaN;
  return {
    compute: {
      over: 2n * whole(model.parameters.value) * BigInt(call.tokens) * 1_000_000_000n,
      under: whole(peak) * BigInt(tp),
    },
    memory: { over: read * 1_000_000_000n, under: whole(gpu.hbmBandwidth.value) * BigInt(tp) },
  };
};

/** Whether a time is the exact one rounded up, give or take a thousandth of a nanosecond for the doubles in between. */
const isRoundedUp = (found: number, { over, under }: Exact): boolean => {
  const thousandths = (over * 1000n) / under;
  const ns = BigInt(found) * 1000n;
  return ns + 1n >= thousandths && ns <= thousandths + 1001n;
};

const ceiling = ({ over, under }: Exact): number => Number((over + under - 1n) / under);

export default property<Call, Call, StepTime>({
  id: "CST-3",
  part: "cost",
  statement:
    "a step takes the longer of its arithmetic and its reads, each the exact quotient rounded up, and names which of them it is",
  given: values(
    fc.record({
      regime: fc.constantFrom("prefill" as const, "decode" as const),
      setup: computable,
      tokens: fc.integer({ min: 1, max: 200_000 }),
      kvTokens: fc.integer({ min: 0, max: 10_000_000 }),
    }),
  ),
  subject: steps(),
  scripts: (call) => [[call]],

  holds(call, replies) {
    const { total, boundBy, compute, memory } = sole(replies);
    const exact = exactly(call);
    if (!isRoundedUp(compute, exact.compute))
      return finding(0, ceiling(exact.compute), compute, "compute");
    if (!isRoundedUp(memory, exact.memory))
      return finding(0, ceiling(exact.memory), memory, "memory");
    const longest = Math.max(compute, memory);
    if (total !== longest) return finding(0, longest, total, "total");
    const bound = compute > memory ? "compute" : "memory";
    return boundBy === bound ? undefined : finding(0, bound, boundBy, "boundBy");
  },

  witnesses: {
    "a prefill bound by compute": ({ regime }, replies) =>
      regime === "prefill" && sole(replies).boundBy === "compute",
    "a step bound by memory": (_, replies) => sole(replies).boundBy === "memory",
    "a decode step that reads more KV than weights": (call) =>
      exactly(call).memory.over > 2n * exactly({ ...call, kvTokens: 0 }).memory.over,
    "dense peaks that have sparse twins": ({ setup }) => setup.profile === "datasheet",
  },

  mutants: {
    "adds the two bounds": otherwise((compute, memory) => compute + memory),
    "takes the shorter bound": otherwise(Math.min),
    "rounds down": () => (call) => {
      const { compute, memory } = exactly(call);
      const bounds = {
        compute: Number(compute.over / compute.under) as StepTime["total"],
        memory: Number(memory.over / memory.under) as StepTime["total"],
      };
      const { boundBy } = ask(call, asGiven);
      return { ...bounds, total: bounds[boundBy], boundBy };
    },
    "takes the sparse peak for the dense one": steps((given) => ({
      ...given,
      gpu: { ...given.gpu, peaks: { ...given.gpu.peaks, ...given.gpu.sparsePeaks } },
    })),
    "computes on one GPU of the worker": steps((given) => ({
      ...given,
      gpu: faster(given.gpu, 1 / given.tp, 1),
    })),
    "counts one operation a parameter": steps((given) => ({
      ...given,
      gpu: faster(given.gpu, 2, 1),
    })),
    "reads keys but no values": steps((given) => ({
      ...given,
      model: { ...given.model, layers: times(given.model.layers, 1 / 2) },
    })),
    "reads no KV": () => (call) => ask({ ...call, kvTokens: 0 }, asGiven),
    "reads the earlier KV in a prefill too": () => (call) =>
      ask({ ...call, regime: "decode" }, asGiven),
    "names the other bound": () => (call) => {
      const time = ask(call, asGiven);
      return { ...time, boundBy: time.boundBy === "compute" ? "memory" : "compute" };
    },
  },
});
