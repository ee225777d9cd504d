import { describe, expect, it } from "vitest";
import { figures, PROFILES, readReference, referenceOf } from "#spec";
import { replayJsonSchemas, SCHEMA_NAMES } from "./json-schema.ts";
import { REPLAY_DEFAULTS } from "./read.ts";

type Schema = {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly items: Schema;
  readonly default: unknown;
  readonly description?: string;
  readonly additionalProperties: unknown;
};

const schemas = replayJsonSchemas() as unknown as Readonly<Record<string, Schema>>;
const [options, deploy, profile] = [
  schemas["options"] as Schema,
  schemas["deploy"] as Schema,
  schemas["profile"] as Schema,
];

describe("the JSON Schema", () => {
  it("is plain JSON, for each of the files", () => {
    expect(Object.keys(schemas)).toEqual([...SCHEMA_NAMES]);
    expect(JSON.parse(JSON.stringify(schemas))).toEqual(schemas);
  });

  it("of options has every option with what it is, and none that must be given", () => {
    expect(Object.keys(options.properties)).toEqual(Object.keys(REPLAY_DEFAULTS));
    expect(options.required).toEqual([]);
    expect(options.additionalProperties).toBe(false);
    const bare = Object.entries(options.properties).filter(([, { description }]) => !description);
    expect(bare).toEqual([]);
  });

  it("of options has the defaults that are used", () => {
    const defaults = Object.entries(options.properties).map(([name, { default: it }]) => [
      name,
      it,
    ]);
    const { deploy: _, load: __, slo: ___, ...plain } = REPLAY_DEFAULTS;
    expect(Object.fromEntries(defaults)).toMatchObject(plain);
  });

  it("of deployments asks for the model alone", () => {
    expect(deploy.items.required).toEqual(["model"]);
    expect(deploy.items.properties["tp"]).toMatchObject({ enum: [1, 2, 4, 8], default: 8 });
  });

  it("of a profile has the members that a profile file is read with, and every figure", () => {
    const own = '{ "name": "n", "extends": "datasheet", "gpus": {}, "models": {}, "figures": {} }';
    expect(readReference(own, "own.json").name).toBe("n");
    expect(Object.keys(profile.properties)).toEqual(Object.keys(JSON.parse(own)));
    const addresses = PROFILES.flatMap((known) => figures(referenceOf(known)));
    const listed = profile.properties["figures"]?.properties ?? {};
    expect(addresses.filter(({ address }) => listed[address] === undefined)).toEqual([]);
    expect(listed["b200.hbm_bytes"]).toMatchObject({ examples: [192e9] });
  });
});
