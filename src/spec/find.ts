import { byNearest, InputError } from "#base";
import { DATASHEET } from "./datasheet-profile.ts";
import { DOCUMENT } from "./document-profile.ts";
import type { Gpu } from "./gpu.ts";
import { MODELS, type Model } from "./model.ts";
import { FORMATS, type NumberFormat } from "./number-format.ts";
import type { Profile } from "./profile.ts";

/** Every profile. */
export const PROFILES: readonly Profile[] = [DOCUMENT, DATASHEET];

/** How much of a name that nobody knows is repeated. */
const NAME_MAX = 40;

const find = <Named extends { readonly name: string }>(
  kind: string,
  known: readonly Named[],
  name: string,
): Named => {
  const found = known.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const nearest = byNearest(
    name,
    known.map((candidate) => candidate.name),
  );
  const message = `a ${kind} must be one of ${nearest.join(", ")}, found ${JSON.stringify(name.slice(0, NAME_MAX))}`;
  throw new InputError([{ code: "SPEC-1", message }]);
};

/** The profile of a name. Throws an `InputError` (SPEC-1) that lists the known ones, nearest first. */
export const findProfile = (name: string): Profile => find("profile", PROFILES, name);

/** The model of a name, among Rackproof's or others. Throws an `InputError` (SPEC-1) that lists the known ones, nearest first. */
export const findModel = (name: string, known: readonly Model[] = MODELS): Model =>
  find("model", known, name);

/** The number format of a name, among Rackproof's or others. Throws an `InputError` (SPEC-1) that lists the known ones, nearest first. */
export const findFormat = (name: string, known: readonly NumberFormat[] = FORMATS): NumberFormat =>
  find("number format", known, name);

/** The GPU of a name, with the profile's figures. Throws an `InputError` (SPEC-1) that lists the known ones, nearest first. */
export const findGpu = (profile: Profile, name: string): Gpu =>
  find("GPU", Object.values(profile.gpus), name);
