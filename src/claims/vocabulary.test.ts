import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { rackTotals } from "#cost";
import { findProfile, mapFacts, PROFILES, referenceOf } from "#spec";
import { counted } from "./units.ts";
import { callFunction, FUNCTIONS, OPERATIONS } from "./vocabulary.ts";

const DOCUMENT = referenceOf(findProfile("document"));

describe("the vocabulary", () => {
  it("has each name once, and none of the calculator's", () => {
    const names = [...OPERATIONS, ...FUNCTIONS.map(({ name }) => name), "claim"];
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
    expect(FUNCTIONS.filter(({ about }) => about === "")).toEqual([]);
  });

  it("sums the rack up as the cost model does", () => {
    for (const profile of PROFILES) {
      const call = (name: string) => callFunction(referenceOf(profile), name, []);
      const totals = rackTotals(profile);
      expect(counted(call("rack_hbm"), "B")).toBeCloseTo(totals.hbm, 0);
      expect(counted(call("rack_hbm_bandwidth"), "B/s")).toBeCloseTo(totals.hbmBandwidth, 0);
      expect(counted(call("rack_nvlink"), "B/s")).toBeCloseTo(totals.nvlink, 0);
      expect(counted(call("rack_bisection"), "B/s")).toBeCloseTo(totals.bisection, 0);
      expect(counted(call("rack_switch_memory"), "B")).toBeCloseTo(totals.switchMemory, 0);
      expect(call("superchips")).toBe(totals.superchips);
      expect(call("domains")).toBe(totals.domains);
    }
  });

  it("has other totals than those that it reads: memory does not rest on bandwidth", () => {
    const read: string[] = [];
    const watching = mapFacts(DOCUMENT, (address, { value, source }) => ({
      get value() {
        read.push(address);
        return value;
      },
      source,
    }));
    callFunction(watching, "rack_hbm", []);
    expect(read).toEqual(["gpu_count", "b200.hbm_bytes"]);
  });

  it("refuses what is not of the kind that a function takes", () => {
    expect(() => callFunction(DOCUMENT, "nothing", [])).toThrow(InputError);
    expect(() => callFunction(DOCUMENT, "hbm", [])).toThrow(InputError);
    expect(() => callFunction(DOCUMENT, "ring_factor", ["8"])).toThrow(InputError);
    expect(() => callFunction(DOCUMENT, "rate", ["toString"])).toThrow(InputError);
    expect(() => callFunction(DOCUMENT, "efficiency", ["b200", "training"])).toThrow(InputError);
  });
});
