import { InputError, shown } from "#base";
import {
  type EndToEnd,
  FORMATS,
  findFormat,
  findGpu,
  findModel,
  MODELS,
  type Model,
  type NumberFormat,
  type Profile,
} from "#spec";
import type { Deployment } from "./deployment.ts";

/** The models and number formats that names are looked up in. */
export type Known = {
  readonly models: readonly Model[];
  readonly formats: readonly NumberFormat[];
};

/** Rackproof's own. */
export const KNOWN: Known = { models: MODELS, formats: FORMATS };

/** What the end-to-end table states for a GPU. Throws an `InputError` (SPEC-5) that lists the GPUs it states something for. */
export const endToEndColumn = ({ name, endToEnd }: Profile, gpu: string): EndToEnd => {
  const column = Object.hasOwn(endToEnd, gpu) ? endToEnd[gpu] : undefined;
  if (column !== undefined) return column;
  const stated = Object.keys(endToEnd).join(", ");
  const message = `a GPU must be one that profile ${name} states end-to-end figures for (${stated}), found ${shown(gpu)}`;
  throw new InputError([{ code: "SPEC-5", message }]);
};

/**
 * The deployment that a column of the end-to-end table describes. Throws an `InputError`: SPEC-1 for a GPU, model or format that is not
 * known, SPEC-5 for a GPU that nothing is stated for.
 */
export const endToEndDeployment = (profile: Profile, gpu: string, known = KNOWN): Deployment => {
  const found = findGpu(profile, gpu);
  const { model, weightFormat, kvFormat, tp } = endToEndColumn(profile, gpu);
  return {
    profile,
    gpu: found,
    model: findModel(model.value, known.models),
    weightFormat: findFormat(weightFormat.value, known.formats),
    kvFormat: findFormat(kvFormat.value, known.formats),
    tp: tp.value,
  };
};
