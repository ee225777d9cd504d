/** The options' schema for editors, and for whoever writes them with a program. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import type { Json } from "#base";
import { deploymentsSchema } from "./deployment-options.ts";
import { faultsSchema } from "./fault-options.ts";
import { profileJsonSchema } from "./profile-json-schema.ts";
import { optionsSchema } from "./replay-options.ts";

/** What has a schema: a run's options, the files of deployments and of faults that a run is given, and a profile of somebody's own. */
export const SCHEMA_NAMES = ["options", "deploy", "faults", "profile"] as const;

/** The name of a schema. */
export type SchemaName = (typeof SCHEMA_NAMES)[number];

/** Of what is given, so that a field with a default may be left out. */
const schemaOf = (schema: v.GenericSchema, title: string): Json => {
  const { $schema, ...rest } = toJsonSchema(schema, { typeMode: "input" });
  return { $schema, title, ...rest } as unknown as Json;
};

/**
 * The JSON Schemas (draft 7) of everything that a run can be given as JSON. What reads those files is made of the same schemas; what they cannot say,
 * such as that deployments fit on the rack, is checked by `plan`.
 */
export const replayJsonSchemas = (): Readonly<Record<SchemaName, Json>> => ({
  options: schemaOf(optionsSchema, "Options of a Rackproof run"),
  deploy: schemaOf(deploymentsSchema, "What a Rackproof run deploys"),
  faults: schemaOf(faultsSchema, "What goes wrong during a Rackproof run"),
  profile: profileJsonSchema(),
});
