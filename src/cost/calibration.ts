import { InputError, inSeconds, type Nanos } from "#base";
import type { Profile } from "#spec";
import { endToEndColumn, endToEndDeployment } from "./end-to-end-deployment.ts";
import { decodeStepTime, prefillTime } from "./step-time.ts";

/** The names of the calibrations: the bare roofline, or the document's end-to-end table. */
export const CALIBRATIONS = ["roofline", "document"] as const;

/** The name of a calibration. */
export type CalibrationName = (typeof CALIBRATIONS)[number];

/** The share of its roofline that each regime reaches, above 0 and at most 1. */
export type Efficiency = { readonly prefill: number; readonly decode: number };

/** The throughput that is stated, as a share of the one that the roofline allows: `tokens` in each `roofline` span. */
const share = (
  regime: string,
  tokens: number,
  roofline: Nanos,
  statedTokensPerSecond: number,
): number => {
  const efficiency = (statedTokensPerSecond * inSeconds(roofline)) / tokens;
  if (efficiency > 0 && efficiency <= 1) return efficiency;
  const possible = Math.floor(tokens / inSeconds(roofline));
  const message = `the stated ${regime} must be positive and at most the roofline's ${possible} tokens/s, found ${statedTokensPerSecond}`;
  throw new InputError([{ code: "SPEC-5", message }]);
};

/**
 * The efficiencies of a calibration on one of the profile's GPUs. `roofline` is 1. `document` is what the end-to-end table states
 * for that GPU ÷ what the profile's own roofline allows for the same model, formats, TP degree, batch and context; so it gives the table's
 * figures back, whatever the profile's peaks. Throws an `InputError` (SPEC-5) when the table beats the roofline or states nothing for the GPU.
 */
export const calibrate = (
  profile: Profile,
  gpu: string,
  calibration: CalibrationName,
): Efficiency => {
  if (calibration === "roofline") return { prefill: 1, decode: 1 };
  const deployment = endToEndDeployment(profile, gpu);
  const column = endToEndColumn(profile, gpu);
  const tokens = column.prefillTokens.value;
  const batch = column.decodeBatch.value;
  const kvTokens = batch * column.decodeContextTokens.value;
  return {
    prefill: share(
      "prefill",
      tokens,
      prefillTime(deployment, tokens).total,
      column.prefillTokensPerSecond.value,
    ),
    decode: share(
      "decode",
      batch,
      decodeStepTime(deployment, batch, kvTokens).total,
      column.decodeTokensPerSecond.value,
    ),
  };
};
