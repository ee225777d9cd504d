import type { Json } from "#base";
import { figures, PROFILES, referenceOf } from "#spec";

const FIGURE = {
  anyOf: [
    { type: ["number", "string"] },
    {
      type: "object",
      properties: {
        value: { type: ["number", "string"] },
        source: { type: "string", description: "where the figure is published" },
      },
      required: ["value"],
      additionalProperties: false,
    },
  ],
};

/** Things of a profile's own: each by a new name, and the known one that it is like. */
const like = (what: string, known: readonly string[]): Json => ({
  type: "object",
  description: `${what} of its own, each with the name of the one that it is like`,
  propertyNames: { pattern: "^[a-z0-9][a-z0-9-]*$" },
  additionalProperties: { enum: known },
});

const named = (things: readonly { readonly name: string }[]): readonly string[] => [
  ...new Set(things.map(({ name }) => name)),
];

/**
 * The JSON Schema (draft 7) of a profile file, as `readReference` of #spec reads it. It lists the address of every figure of the profiles that
 * there are, with its value in the first of them; figures of GPUs and models of somebody's own have other addresses, and may be anything of their kind.
 */
export const profileJsonSchema = (): Json => {
  const references = PROFILES.map(referenceOf);
  const known = new Map<string, Json>();
  for (const { address, fact } of references.flatMap(figures)) {
    if (!known.has(address)) known.set(address, { ...FIGURE, examples: [fact.value as Json] });
  }
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A Rackproof profile",
    type: "object",
    properties: {
      name: { type: "string", description: "what reports call it" },
      extends: { enum: named(PROFILES), default: "document" },
      gpus: like("GPUs", named(PROFILES.flatMap(({ gpus }) => Object.values(gpus)))),
      models: like("models", named(references.flatMap(({ models }) => models))),
      figures: {
        type: "object",
        description: "figures by their addresses, each a value, or a value with its source",
        properties: Object.fromEntries(known),
        additionalProperties: FIGURE,
      },
    },
    additionalProperties: false,
  };
};
