/** What is deployed on the rack. */
import * as v from "valibot";
import { TP_DEGREES } from "#spec";
import { among, type Frozen, fields, given, list, name, otherwise, wholeOrNull } from "./fields.ts";

/** What the workers of a deployment do: whole requests, or one half of them. */
const ROLES = ["both", "prefill", "decode"] as const;

/** The most blocks that the pools of a rack keep between them: 27 bytes each, from the start, are 4 GB. */
export const RACK_BLOCKS_MAX = 2 ** 27;

/** The most GPUs that a rack has. */
export const RACK_GPUS_MAX = 4096;

/** One deployment as a file gives it. */
const deploymentSchema = fields({
  model: given("a model of the profile, such as llama-405b", name("the name of a model")),
  weight_format: otherwise(
    "the number format of the weights",
    name("the name of a number format"),
    "fp4",
  ),
  kv_format: otherwise("the number format of the KV", name("the name of a number format"), "fp8"),
  tp: otherwise("GPUs a worker", among(TP_DEGREES), 8),
  replicas: otherwise(
    "workers; null for as many as still fit; 0 for a model without a worker of its own, for which others are swapped",
    wholeOrNull(0, RACK_GPUS_MAX),
    null,
  ),
  role: otherwise(
    "whether the workers do whole requests, or prefill for others that decode",
    among(ROLES),
    "both",
  ),
  capacity_blocks: otherwise(
    "blocks a worker; null for what weights and workspace leave of the HBM",
    wholeOrNull(1, RACK_BLOCKS_MAX),
    null,
  ),
  serves: otherwise(
    "names of the trace's models, as the trace writes them; null for all that no other deployment names",
    v.nullable(
      v.pipe(
        list(name("the name of a model of the trace")),
        v.nonEmpty("a list of at least one name, or null"),
      ),
    ),
    null,
  ),
});

/** A file of deployments. */
export const deploymentsSchema = v.pipe(
  list(deploymentSchema),
  v.nonEmpty("a list of at least one deployment"),
);

/** Replicas of one model, all with the same number of GPUs. */
export type DeploymentOptions = Frozen<v.InferOutput<typeof deploymentSchema>>;

/** What the workers of a deployment do. */
export type Role = (typeof ROLES)[number];
