import fc from "fast-check";
import { boundBy, crossoverBatch, decodeBounds } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { computable, deploymentOf, faster, type Setup } from "./setups.ts";

type Case = {
  readonly setup: Setup;
  /** Hundredths of the profile's own figures. */
  readonly peakPercent: number;
  readonly bandwidthPercent: number;
};
type Call = Case & { readonly batch: number };
type Reply = {
  readonly crossover: number;
  readonly boundBy: "compute" | "memory";
  /** The memory bound ÷ the compute bound. */
  readonly ratio: number;
};

const deployed = ({ setup, peakPercent, bandwidthPercent }: Case) => {
  const deployment = deploymentOf(setup);
  return {
    ...deployment,
    gpu: faster(deployment.gpu, peakPercent / 100, bandwidthPercent / 100),
  };
};

const ask = (call: Call): Reply => {
  const deployment = deployed(call);
  const bounds = decodeBounds(deployment, call.batch, 0);
  return {
    crossover: crossoverBatch(deployment),
    boundBy: boundBy(bounds),
    ratio: bounds.memory / bounds.compute,
  };
};

/** A subject that bends the answer. */
const except =
  (bend: (right: Reply, call: Call) => Partial<Reply>): Subject<Call, Reply> =>
  () =>
  (call) => {
    const right = ask(call);
    return { ...right, ...bend(right, call) };
  };

const crossing = (factor: (call: Call) => number) =>
  except((right, call) => ({ crossover: right.crossover * factor(call) }));

/** Bits of a weight, written out. */
const BITS: Readonly<Record<string, number>> = { fp4: 4, int4: 4, fp8: 8, fp16: 16, bf16: 16 };

/** The operations that a GPU does while it reads one weight, over the two that each token takes. */
const crossoverOf = (given: Case): number => {
  const { gpu, weightFormat } = deployed(given);
  const peak = gpu.peaks[weightFormat.computesAs.value]?.value ?? Number.NaN;
  const weightsPerSecond = gpu.hbmBandwidth.value / ((BITS[given.setup.weights] ?? 0) / 8);
  return peak / weightsPerSecond / 2;
};

/** Batches in order: one request, around the crossover, and far beyond. */
const batches = (given: Case): readonly number[] => {
  const crossover = crossoverOf(given);
  const below = Math.max(1, Math.floor(crossover));
  return [1, Math.max(1, below - 1), below, below + 1, below + 2, 10 * below + 10];
};

export default property<Case, Call, Reply>({
  id: "CST-14",
  part: "cost",
  statement:
    "without KV a decode step is bound by memory up to the crossover batch and by compute beyond it, and that batch is the ratio of the two bounds at batch 1, whatever the model and the degree",
  given: values(
    fc.record({
      setup: computable,
      peakPercent: fc.integer({ min: 1, max: 400 }),
      bandwidthPercent: fc.integer({ min: 10, max: 400 }),
    }),
  ),
  subject: except(() => ({})),
  scripts: (given) => [batches(given).map((batch) => ({ ...given, batch }))],

  holds(given, [replies]) {
    const crossover = crossoverOf(given);
    for (const [at, batch] of batches(given).entries()) {
      const reply = replies?.[at] as Reply;
      if (!isNear(reply.crossover, crossover))
        return finding(at, crossover, reply.crossover, "crossover");
      if (!isNear(reply.ratio, crossover / batch))
        return finding(at, crossover / batch, reply.ratio, "ratio of the bounds");
      const bound = batch > crossover ? "compute" : "memory";
      const isTie = isNear(batch, crossover);
      if (!isTie && reply.boundBy !== bound)
        return finding(at, bound, reply.boundBy, `bound at batch ${batch}`);
    }
    return undefined;
  },

  witnesses: {
    "a crossover between two batches": (given) => !Number.isInteger(crossoverOf(given)),
    "a crossover below ten requests": (given) => crossoverOf(given) < 10,
    "steps on both sides": (_, [replies]) =>
      new Set((replies ?? []).map((reply) => reply.boundBy)).size === 2,
    "weights of half a byte": ({ setup }) => setup.weights === "int4",
  },

  mutants: {
    "turns the quotient over": except((right) => ({ crossover: 1 / right.crossover })),
    "counts one operation a weight": crossing(() => 2),
    "counts a byte a weight": crossing(({ setup }) => 8 / (BITS[setup.weights] ?? 8)),
    "computes on all GPUs, but reads with one": crossing(({ setup }) => setup.tp),
    "rounds to a whole batch": except((right) => ({ crossover: Math.ceil(right.crossover) })),
    "is bound by compute beyond batch 1": except((_, { batch }) => ({
      boundBy: batch > 1 ? "compute" : "memory",
    })),
    "is always bound by memory": except(() => ({ boundBy: "memory" })),
    "names the shorter bound": except((right) => ({
      boundBy: right.boundBy === "memory" ? "compute" : "memory",
    })),
    "keeps the ratio of batch 1": except((right, { batch }) => ({ ratio: right.ratio * batch })),
  },
});
