import fc from "fast-check";
import { type Deployment, decodeBounds, decodeThroughput } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { computable, deploymentOf, faster, type Setup } from "./setups.ts";

type Case = {
  readonly left: Setup;
  readonly right: Setup;
  readonly contextTokens: number;
  readonly peakTimes: number;
};
type Call = {
  readonly setup: Setup;
  readonly contextTokens: number;
  readonly peakTimes: number;
};

const deployed = ({ setup, peakTimes }: Call): Deployment => {
  const deployment = deploymentOf(setup);
  return { ...deployment, gpu: faster(deployment.gpu, peakTimes, 1) };
};

/** One request at a time: every GPU here reads its weights for longer than it multiplies them. */
const ask = (call: Call): number => decodeThroughput(deployed(call), 1, call.contextTokens);

/** A subject that takes something else for the time of a token. */
const timed =
  (seconds: (compute: number, memory: number, call: Call) => number): Subject<Call, number> =>
  () =>
  (call) => {
    const { compute, memory } = decodeBounds(deployed(call), 1, call.contextTokens);
    return 1 / seconds(compute, memory, call);
  };

/** Bytes a second ÷ bytes a token, from the figures alone. */
const readsPerSecond = (setup: Setup, contextTokens: number): number => {
  const { gpu, model, weightFormat, kvFormat, tp } = deploymentOf(setup);
  const vectors = 2 * model.layers.value * model.kvHeads.value * contextTokens;
  const kv = vectors * model.headDimension.value * kvFormat.bytesPerValue.value;
  const weights = model.parameters.value * weightFormat.bytesPerValue.value;
  return (gpu.hbmBandwidth.value * tp) / (weights + kv);
};

export default property<Case, Call, number>({
  id: "CST-15",
  part: "cost",
  statement:
    "how much faster one deployment decodes a single request than another depends on bandwidth and bytes alone, never on peaks",
  given: values(
    fc.record({
      left: computable,
      right: computable,
      contextTokens: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 128_000 })),
      peakTimes: fc.integer({ min: 1, max: 9 }),
    }),
  ),
  subject: () => ask,
  scripts: ({ left, right, contextTokens, peakTimes }) => [
    [
      { setup: left, contextTokens, peakTimes: 1 },
      { setup: right, contextTokens, peakTimes: 1 },
      { setup: left, contextTokens, peakTimes },
    ],
  ],

  holds({ left, right, contextTokens }, [replies]) {
    const [first, second, withPeak] = replies as readonly [number, number, number];
    const ratio = readsPerSecond(left, contextTokens) / readsPerSecond(right, contextTokens);
    if (!isNear(first / second, ratio)) return finding(1, ratio, first / second, "left ÷ right");
    return withPeak === first ? undefined : finding(2, first, withPeak, "with a higher peak");
  },

  witnesses: {
    "an H100 against a B200": ({ left, right }) => left.gpu !== right.gpu,
    "formats of different sizes": ({ left, right }) => left.weights !== right.weights,
    "a higher peak": ({ peakTimes }) => peakTimes > 1,
    "no KV at all": ({ contextTokens }) => contextTokens === 0,
  },

  mutants: {
    "is bound by compute": timed((compute) => compute),
    "adds the bounds": timed((compute, memory) => compute + memory),
    "multiplies the bounds": timed((compute, memory) => Math.sqrt(compute * memory)),
    "forgets the KV": () => (call) => ask({ ...call, contextTokens: 0 }),
    "reads with one GPU of the worker": timed((_, memory, { setup }) => memory * setup.tp),
    "reads a byte a weight": () => (call) =>
      ask({ ...call, setup: { ...call.setup, weights: "fp8" } }),
  },
});
