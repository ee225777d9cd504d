/** Phases and mixed steps as plain data, and the costs they are asked of. */
import fc from "fast-check";
import { CALIBRATIONS, type CalibrationName, type Costs, createCosts } from "#cost";
import type { Subject } from "#verify";
import { computable, deploymentOf, orIssue, type Setup } from "./setups.ts";

/** Some costs and what is asked of them. */
export type PhaseCase = {
  readonly setup: Setup;
  readonly calibration: CalibrationName;
  readonly overheadNs: number;
  readonly newTokens: number;
  readonly batch: number;
  readonly kvTokens: number;
  readonly steps: number;
};

/** A number to be looked up: one of the two forms of a step's time, or a whole regime's. */
export type PhaseCall = Pick<PhaseCase, "setup" | "calibration" | "overheadNs"> &
  (
    | {
        readonly kind: "step";
        readonly newTokens: number;
        readonly batch: number;
        readonly kvTokens: number;
      }
    | {
        readonly kind: "phase";
        readonly batch: number;
        readonly kvTokens: number;
        readonly steps: number;
      }
    | { readonly kind: "prefill"; readonly newTokens: number }
    | { readonly kind: "decode"; readonly batch: number; readonly kvTokens: number }
  );

/** Nanoseconds, or the code of an issue where the deployment cannot be. */
export type PhaseReply = number | { readonly issue: string };

const asked = (costs: Costs, call: PhaseCall): number => {
  switch (call.kind) {
    case "step":
      return costs.stepNs(call.newTokens, call.batch, call.kvTokens);
    case "phase":
      return costs.phaseNs(call.batch, call.kvTokens, call.steps);
    case "prefill":
      return costs.prefillNs(call.newTokens);
    case "decode":
      return costs.decodeStepNs(call.batch, call.kvTokens);
  }
};

const costsOf = ({ setup, calibration, overheadNs }: PhaseCall): Costs =>
  createCosts({ ...deploymentOf(setup), calibration, blockTokens: 16, stepOverheadNs: overheadNs });

/** The costs as they are, or with something changed. All calls of a script are asked of one deployment. */
export const phaseCosts = (
  change: (costs: Costs, call: PhaseCall) => Partial<Costs> = () => ({}),
): Subject<PhaseCall, PhaseReply> => {
  return () => {
    let costs: Costs | undefined;
    return (call) =>
      orIssue(() => {
        costs ??= costsOf(call);
        return asked({ ...costs, ...change(costs, call) }, call);
      });
  };
};

/** Phases in which memory overtakes arithmetic after 1 step, after 10 and after 47: FP8 on a B200 is bound by arithmetic above 562.5 requests without KV. */
export function* overtaking(): Generator<PhaseCase> {
  const setup = {
    profile: "document",
    gpu: "b200",
    model: "llama-70b",
    weights: "fp8",
    kv: "fp8",
    tp: 8,
  };
  for (const batch of [563, 570, 600])
    yield {
      setup,
      calibration: "roofline",
      overheadNs: 0,
      newTokens: 1,
      batch,
      kvTokens: 0,
      steps: 60,
    };
}

/** Deployments that may fit, batches on both sides of the bound by arithmetic, and phases that mostly keep to one. */
export const phaseCases = (
  calibrations: typeof CALIBRATIONS | readonly ["roofline"] = CALIBRATIONS,
) =>
  fc.record({
    setup: computable,
    calibration: fc.constantFrom(...calibrations),
    overheadNs: fc.constantFrom(0, 1, 20_000),
    newTokens: fc.integer({ min: 1, max: 20_000 }),
    batch: fc.oneof(
      fc.integer({ min: 1, max: 1024 }),
      fc.integer({ min: 560, max: 720 }),
      fc.integer({ min: 140, max: 180 }),
    ),
    kvTokens: fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 40_000 })),
    steps: fc.integer({ min: 1, max: 100 }),
  });
