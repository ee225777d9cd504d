import type { Costs } from "#cost";
import { finding, property, values } from "#verify";
import {
  overtaking,
  type PhaseCall,
  type PhaseCase,
  type PhaseReply,
  phaseCases,
  phaseCosts,
} from "./phases.ts";
import { deploymentOf, sole } from "./setups.ts";

const whole = (figure: number): bigint => BigInt(Math.round(figure));

/** The sum of the exact times of a phase's steps in thousandths of a nanosecond, rounded down, and how many of them memory bounds. */
const exactly = ({ setup, batch, kvTokens, steps }: PhaseCase) => {
  const { gpu, model, weightFormat, kvFormat, tp } = deploymentOf(setup);
  const values = 2 * model.layers.value * model.kvHeads.value * model.headDimension.value;
  const kvToken = whole(values * kvFormat.bytesPerValue.value);
  const weights = whole(model.parameters.value * weightFormat.bytesPerValue.value);
  const peak = whole(gpu.peaks[weightFormat.computesAs.value]?.value ?? Number.NaN) * BigInt(tp);
  const bandwidth = whole(gpu.hbmBandwidth.value) * BigInt(tp);
  // Everything over the product of the two rates, so that there is no fraction.
  const compute = 2n * whole(model.parameters.value) * BigInt(batch) * bandwidth;
  let sum = 0n;
  let readBound = 0;
  for (let step = 0; step < steps; step += 1) {
    const memory = (weights + BigInt(kvTokens + step * batch) * kvToken) * peak;
    if (memory > compute) readBound += 1;
    sum += memory > compute ? memory : compute;
  }
  return { thousandths: (sum * 1_000_000_000_000n) / (peak * bandwidth), readBound };
};

const changed = (phaseNs: (costs: Costs, ...args: Parameters<Costs["phaseNs"]>) => number) =>
  phaseCosts((costs) => ({ phaseNs: (...args) => phaseNs(costs, ...args) }));

const summed = (costs: Costs, batch: number, kvTokens: number, steps: number): number => {
  let sum = 0;
  for (let step = 0; step < steps; step += 1)
    sum += costs.stepNs(0, batch, kvTokens + step * batch);
  return sum;
};

export default property<PhaseCase, PhaseCall, PhaseReply>({
  id: "CST-26",
  part: "cost",
  statement:
    "a phase takes the exact sum of its steps' times, rounded up once, and the overhead of each",
  given: values(phaseCases(["roofline"]), overtaking),
  subject: phaseCosts(),
  scripts: (given) => [[{ kind: "phase", ...given }]],

  holds(given, replies) {
    const found = sole(replies);
    if (typeof found !== "number") return undefined;
    const ns = BigInt(found - given.steps * given.overheadNs);
    const { thousandths } = exactly(given);
    // A thousandth of a nanosecond for the doubles in between.
    if (ns * 1000n + 1n >= thousandths && ns * 1000n <= thousandths + 1001n) return undefined;
    const expected = Number((thousandths + 999n) / 1000n) + given.steps * given.overheadNs;
    return finding(0, expected, found);
  },

  witnesses: {
    "a phase that is bound by memory from its first step": (given) =>
      exactly(given).readBound === given.steps,
    "a phase that is bound by arithmetic to its last": (given) => exactly(given).readBound === 0,
    "a phase in which memory overtakes arithmetic": (given) => {
      const { readBound } = exactly(given);
      return readBound > 0 && readBound < given.steps;
    },
    "a deployment that does not fit": (_, replies) => typeof sole(replies) !== "number",
  },

  mutants: {
    "rounds every step up": changed(summed),
    "reads the KV as it was at its begin": changed(
      ({ stepNs }, batch, kvTokens, steps) => steps * stepNs(0, batch, kvTokens),
    ),
    "counts a token of the first step already": changed(({ phaseNs }, batch, kvTokens, steps) =>
      phaseNs(batch, kvTokens + batch, steps),
    ),
    "takes the overhead once": phaseCosts(({ phaseNs }, { overheadNs }) => ({
      phaseNs: (batch, kvTokens, steps) =>
        phaseNs(batch, kvTokens, steps) - (steps - 1) * overheadNs,
    })),
    "is bound to its end by what bounds its first step": changed(
      (costs, batch, kvTokens, steps) => {
        const first = costs.decodeStepNs(batch, kvTokens);
        const isComputing = costs.decodeStepNs(batch, 0) === first;
        return isComputing
          ? steps * costs.stepNs(0, batch, kvTokens)
          : costs.phaseNs(batch, kvTokens, steps);
      },
    ),
  },
});
