import type { Gpu, Model, NumberFormat, Profile } from "#spec";

/** What every worker of a rack runs, and on what. */
export type Deployment = {
  /** Gives the links, the workspace and what the calibration is derived from. */
  readonly profile: Profile;
  /** One of the profile's GPUs: for the rack itself, the one it is built of. */
  readonly gpu: Gpu;
  readonly model: Model;
  readonly weightFormat: NumberFormat;
  readonly kvFormat: NumberFormat;
  /** The degree of tensor parallelism: GPUs a worker. */
  readonly tp: number;
};
