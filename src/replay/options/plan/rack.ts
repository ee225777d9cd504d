import { InputError } from "#base";
import { findProfile, type Profile, type Reference, readReference, referenceOf } from "#spec";
import { RACK_GPUS_MAX } from "../deployment-options.ts";
import type { ReplayOptions } from "../replay-options.ts";

/** What a profile's contents are called where they need a name. */
const OWN_PROFILE = "profile";

const textOf = (contents: object): string => {
  try {
    return JSON.stringify(contents);
  } catch {
    const message = "a profile must be plain JSON, found what JSON cannot hold";
    throw new InputError([{ code: "SPEC-8", message }]);
  }
};

const isWholePart = (part: number, whole: number): boolean =>
  Number.isInteger(part) && part >= 1 && whole % part === 0;

/** A replay needs a rack that is divided without a rest: figures may be anything, because an audit asks less of them. */
const checkRack = (profile: Profile): void => {
  const [gpus, perDomain, perSuperchip] = [
    profile.gpuCount.value,
    profile.gpusPerDomain.value,
    profile.gpusPerSuperchip.value,
  ];
  const isRack =
    isWholePart(perDomain, gpus) &&
    isWholePart(perSuperchip, perDomain) &&
    isWholePart(gpus, gpus) &&
    gpus <= RACK_GPUS_MAX;
  if (isRack) return;
  const message = `a rack must have 1 … ${RACK_GPUS_MAX} GPUs in whole domains of whole superchips, found ${gpus} GPUs, ${perDomain} a domain and ${perSuperchip} a superchip`;
  throw new InputError([{ code: "REPLAY-1", message }]);
};

/**
 * The reference that a run's profile names or is. Throws an `InputError`: SPEC-1, SPEC-7 and SPEC-8 as `findProfile` and `readReference` do, REPLAY-1 when its
 * rack is none.
 */
export const referenceIn = ({ profile }: Pick<ReplayOptions, "profile">): Reference => {
  const reference =
    typeof profile === "string"
      ? referenceOf(findProfile(profile))
      : readReference(textOf(profile), OWN_PROFILE);
  checkRack(reference.profile);
  return reference;
};
