import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { supposed } from "./fact.ts";
import { findProfile, PROFILES } from "./find.ts";
import { figures, mapFacts, referenceOf, withFigures } from "./reference.ts";
import { readReference } from "./reference-file.ts";

const DOCUMENT = referenceOf(findProfile("document"));

const complaint = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
    throw thrown;
  }
  return "no issue";
};

const valueAt = (reference: typeof DOCUMENT, address: string): unknown =>
  figures(reference).find((figure) => figure.address === address)?.fact.value;

describe("the figures of a reference", () => {
  it("have an address each, with the unit in it", () => {
    for (const profile of PROFILES) {
      const addresses = figures(referenceOf(profile)).map(({ address }) => address);
      expect(new Set(addresses).size).toBe(addresses.length);
      expect(addresses.length).toBeGreaterThan(80);
      expect(addresses.filter((address) => !/^[a-z0-9_.-]+$/.test(address))).toEqual([]);
    }
    expect(valueAt(DOCUMENT, "b200.hbm_bytes")).toBe(192e9);
    expect(valueAt(DOCUMENT, "b200.peaks.fp4_flops_per_second")).toBe(18e15);
    expect(valueAt(DOCUMENT, "links.rack.rate_bytes_per_second")).toBe(1.2e12);
    expect(valueAt(DOCUMENT, "llama-405b.layers")).toBe(126);
    expect(valueAt(DOCUMENT, "fp8.bytes_per_value")).toBe(1);
    expect(valueAt(DOCUMENT, "hop_latency_ns")).toBe(500);
    expect(valueAt(DOCUMENT, "end_to_end.h100.decode_batch")).toBe(256);
  });

  it("are replaced by address, each alone, and the reference stays as it was", () => {
    const other = withFigures(DOCUMENT, new Map([["b200.hbm_bytes", supposed(186e9)]]));
    expect(other.profile.gpus.b200.hbm.value).toBe(186e9);
    expect(other.profile.gpus.b200.hbm.source.kind).toBe("supposed");
    expect(DOCUMENT.profile.gpus.b200.hbm.value).toBe(192e9);
    const changed = figures(DOCUMENT).filter(
      ({ address, fact }) => valueAt(other, address) !== fact.value,
    );
    expect(changed.map(({ address }) => address)).toEqual(["b200.hbm_bytes"]);
  });

  it("make the same reference again when nothing is changed", () => {
    expect(mapFacts(DOCUMENT, (_, fact) => fact)).toEqual(DOCUMENT);
  });

  it("are refused where no figure is, and where a value is of another kind", () => {
    const put = new Map<string, ReturnType<typeof supposed>>([
      ["b200.hbm", supposed(1)],
      ["b200.hbm_bytes", supposed("many")],
      ["h100.hbm_bytes", supposed(-1)],
      ["h100.l2_bytes", supposed(Number.POSITIVE_INFINITY)],
      ["fp4.encoding", supposed(4)],
      ["__proto__", supposed(1)],
      ["constructor", supposed(1)],
    ]);
    expect(complaint(() => withFigures(DOCUMENT, put))).toMatchInlineSnapshot(`
      "an address must be that of a figure of the reference (b200.hbm_bytes, b200.hbm_bandwidth_bytes_per_second?), found "b200.hbm" [SPEC-7]
      b200.hbm_bytes must be a number, found "many" [SPEC-7]
      h100.hbm_bytes must be a number of 0 … 1e+24, found -1 [SPEC-7]
      h100.l2_bytes must be a number of 0 … 1e+24, found Infinity [SPEC-7]
      fp4.encoding must be a string, found 4 [SPEC-7]
      an address must be that of a figure of the reference, found "__proto__" [SPEC-7]
      an address must be that of a figure of the reference, found "constructor" [SPEC-7]"
    `);
  });
});

describe("a profile of somebody's own", () => {
  const read = (profile: unknown) => readReference(JSON.stringify(profile), "ours.json");

  it("has its GPUs and models, like known ones but for the figures given, each with its source", () => {
    const ours = read({
      name: "ours",
      extends: "datasheet",
      gpus: { mi300x: "b200" },
      models: { mine: "llama-70b" },
      figures: {
        "mi300x.hbm_bytes": 192e9,
        "mine.layers": { value: 64, source: "https://example.org" },
      },
    });
    expect(ours.name).toBe("ours");
    expect(ours.profile.gpus["mi300x"]?.name).toBe("mi300x");
    expect(ours.profile.gpus["mi300x"]?.hbm.value).toBe(192e9);
    expect(ours.profile.gpus.b200.hbm.value).toBe(186e9);
    expect(ours.models.map(({ name }) => name)).toEqual(["llama-70b", "llama-405b", "mine"]);
    expect(ours.models[2]?.layers).toEqual({
      value: 64,
      source: { kind: "public", where: "https://example.org" },
    });
  });

  it("is the document's, under the file's name, when it says nothing", () => {
    expect(read({})).toEqual({ ...DOCUMENT, name: "ours.json" });
  });

  it("may have a model by the name of something else without a figure getting another's unit", () => {
    const ours = read({ models: { memory: "llama-70b", constructor: "llama-70b" } });
    const addresses = figures(ours).map(({ address }) => address);
    expect(addresses).toContain("memory.layers");
    expect(addresses).toContain("constructor.layers");
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["a number", "3"],
    ["nothing", ""],
    ["an unknown member", '{ "gpu": {} }'],
    ["an unknown profile", '{ "extends": "documents" }'],
    ["a GPU like nothing", '{ "gpus": { "mine": "b300" } }'],
    ["a GPU that there is", '{ "gpus": { "b200": "h100" } }'],
    ["a name that is none", '{ "models": { "My model": "llama-70b" } }'],
    ["the name of every object's own", '{ "gpus": { "__proto__": "b200" } }'],
    ["figures in a list", '{ "figures": [1] }'],
    ["an address that is none", '{ "figures": { "b200.hbm_gb": 186 } }'],
    ["a value that is none", '{ "figures": { "b200.hbm_bytes": { "source": "x" } } }'],
    ["null for a value", '{ "figures": { "b200.hbm_bytes": null } }'],
  ])("is refused with %s, with the file's name", (_, text) => {
    expect(complaint(() => readReference(text, "ours.json"))).toMatch(
      /\[SPEC-[178]\] at ours\.json$/,
    );
  });

  it("is told every fault of its members at once", () => {
    expect(
      complaint(() => read({ gpu: {}, gpus: { "a b": "b300" }, models: 3 })),
    ).toMatchInlineSnapshot(`
      "a profile file has name, extends, gpus, models, figures, found "gpu" [SPEC-8] at ours.json
      a GPU of its own must have a new name such as mi300x, found "a b" [SPEC-8] at ours.json
      GPU a b must say which it is like (b200, h100), found "b300" [SPEC-8] at ours.json
      models must be an object, found 3 [SPEC-8] at ours.json"
    `);
  });
});
