/** Deployments as plain data, and the mistakes that mutants make in reading them. */
import fc from "fast-check";
import { InputError, type Json } from "#base";
import type { Deployment } from "#cost";
import {
  type Fact,
  FORMATS,
  findFormat,
  findGpu,
  findModel,
  findProfile,
  type Gpu,
  MODELS,
  type Peaks,
  PROFILES,
  supposed,
  TP_DEGREES,
} from "#spec";

/** A deployment by its names. */
export type Setup = {
  readonly profile: string;
  readonly gpu: string;
  readonly model: string;
  readonly weights: string;
  readonly kv: string;
  readonly tp: number;
};

const named = (known: readonly { readonly name: string }[]): readonly string[] =>
  known.map(({ name }) => name);

const PROFILE_NAMES = named(PROFILES);
const GPU_NAMES = PROFILES.slice(0, 1).flatMap(({ gpus }) => named(Object.values(gpus)));
const MODEL_NAMES = named(MODELS);
const FORMAT_NAMES = named(FORMATS);
/** Formats that every GPU computes in: an H100 has no FP4. */
const COMMON_FORMATS = FORMAT_NAMES.filter((name) => name !== "fp4");

const withWeights = (formats: readonly string[]): fc.Arbitrary<Setup> =>
  fc.record({
    profile: fc.constantFrom(...PROFILE_NAMES),
    gpu: fc.constantFrom(...GPU_NAMES),
    model: fc.constantFrom(...MODEL_NAMES),
    weights: fc.constantFrom(...formats),
    kv: fc.constantFrom(...FORMAT_NAMES),
    tp: fc.constantFrom<number[]>(...TP_DEGREES),
  });

/** Setups that can be named; not every one fits in memory, or has a peak on its GPU. */
export const setups: fc.Arbitrary<Setup> = withWeights(FORMAT_NAMES);

/** Setups whose weights every GPU computes in. */
export const computable: fc.Arbitrary<Setup> = withWeights(COMMON_FORMATS);

/** Every setup of a model with KV in FP8, simplest first. */
export function* everySetup(): Generator<Setup> {
  for (const profile of PROFILE_NAMES)
    for (const gpu of GPU_NAMES)
      for (const model of MODEL_NAMES)
        for (const weights of FORMAT_NAMES)
          for (const tp of TP_DEGREES) yield { profile, gpu, model, weights, kv: "fp8", tp };
}

/** The deployment that a setup names. */
export const deploymentOf = (setup: Setup): Deployment => {
  const profile = findProfile(setup.profile);
  return {
    profile,
    gpu: findGpu(profile, setup.gpu),
    model: findModel(setup.model),
    weightFormat: findFormat(setup.weights),
    kvFormat: findFormat(setup.kv),
    tp: setup.tp,
  };
};

/** A wrong reading of a deployment: what a mutant hands to the reference. */
export type Mistake = (deployment: Deployment) => Deployment;

/** No mistake: what the reference reads. */
export const asGiven: Mistake = (deployment) => deployment;

/** A figure times a factor, unit kept. */
export const times = <Value extends number>({ value }: Fact<Value>, factor: number): Fact<Value> =>
  supposed((value * factor) as Value);

/** A GPU that computes or reads faster. */
export const faster = (gpu: Gpu, peakTimes: number, bandwidthTimes: number): Gpu => ({
  ...gpu,
  hbmBandwidth: times(gpu.hbmBandwidth, bandwidthTimes),
  peaks: Object.fromEntries(
    Object.entries(gpu.peaks).map(([format, peak]) => [format, times(peak, peakTimes)]),
  ) as Peaks,
});

/** The answer to a call, or the code of the first issue when the input was refused. */
export const orIssue = <Answer extends Json>(
  answer: () => Answer,
): Answer | { readonly issue: string } => {
  try {
    return answer();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return { issue: thrown.issues[0]?.code ?? "none" };
  }
};

/** The reply to the one call of the one script: what most of these properties look at. */
export const sole = <Reply>(replies: readonly (readonly Reply[])[]): Reply => {
  const reply = replies[0]?.[0];
  if (reply === undefined) throw new RangeError("one script of one call has one reply");
  return reply;
};
