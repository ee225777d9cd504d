import { describe, expect, it } from "vitest";
import { findProfile, PROFILES } from "./find.ts";
import type { Profile } from "./profile.ts";

const giga = (value: number): string => `${Number((value / 1e9).toPrecision(12))}`;

const gpuRows = ({ name, gpus }: Profile): readonly string[] =>
  Object.values(gpus).map((gpu) => {
    const peaks = (["fp4", "fp8", "fp16"] as const).map((format) => {
      const peak = gpu.peaks[format];
      return peak === undefined ? "none" : giga(peak.value / 1e3);
    });
    const memory = [gpu.hbm, gpu.hbmBandwidth, gpu.nvlink, gpu.l2].map(({ value }) => giga(value));
    return [name, gpu.name, ...memory, ...peaks, gpu.sms.value, gpu.tdpWatts.value].join(" | ");
  });

describe("the profiles", () => {
  it("have these GPUs: HBM, bandwidth, NVLink, L2 in GB; FP4, FP8, FP16 in TFLOPS; SMs, watts", () => {
    expect(PROFILES.flatMap(gpuRows)).toMatchInlineSnapshot(`
      [
        "document | b200 | 192 | 8000 | 1800 | 0.128 | 18000 | 9000 | 4500 | 192 | 1000",
        "document | h100 | 80 | 3350 | 900 | 0.05 | none | 3958 | 1979 | 132 | 700",
        "datasheet | b200 | 186 | 8000 | 1800 | 0.126 | 10000 | 5000 | 2500 | 148 | 1200",
        "datasheet | h100 | 80 | 3350 | 900 | 0.05 | none | 1978.9 | 989.4 | 132 | 700",
      ]
    `);
  });

  it("have these racks: GPUs, of a superchip, of a domain; rates in GB/s and switches by distance", () => {
    const rows = PROFILES.map((profile) => {
      const { gpuCount, gpusPerSuperchip, gpusPerDomain, links, switchMemory } = profile;
      const counts = [gpuCount, gpusPerSuperchip, gpusPerDomain].map(({ value }) => value);
      const wires = links.map(
        ({ rate, switchesCrossed }) => `${giga(rate.value)} over ${switchesCrossed.value}`,
      );
      return [profile.name, ...counts, ...wires, `${giga(switchMemory.value)} GB a switch`].join(
        " | ",
      );
    });
    expect(rows).toMatchInlineSnapshot(`
      [
        "document | 72 | 2 | 8 | 1800 over 0 | 1600 over 1 | 1200 over 2 | 128 GB a switch",
        "datasheet | 72 | 2 | 72 | 900 over 1 | 900 over 1 | 900 over 1 | 0 GB a switch",
      ]
    `);
  });

  it("have these chips and links: transistors in thousands of millions, dies, NVLinks", () => {
    const rows = PROFILES.flatMap(({ name, gpus }) =>
      Object.values(gpus).map((gpu) =>
        [name, gpu.name, giga(gpu.transistors.value), gpu.dies.value, gpu.nvlinkLinks.value].join(
          " | ",
        ),
      ),
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        "document | b200 | 208 | 2 | 18",
        "document | h100 | 80 | 1 | 18",
        "datasheet | b200 | 208 | 2 | 18",
        "datasheet | h100 | 80 | 1 | 18",
      ]
    `);
  });

  it("have these superchips and all-reduces: CPU memory, its bandwidth, its links and the rates in GB/s", () => {
    const rows = PROFILES.map(({ name, superchipCpu, allReduceRates, nvlinkDirections }) => {
      const { memory, bandwidth, c2c } = superchipCpu;
      const rates = [memory, bandwidth, c2c, allReduceRates.domain, allReduceRates.rack];
      return [
        name,
        ...rates.map(({ value }) => giga(value)),
        `NVLink figures add up ${nvlinkDirections.value}`,
      ].join(" | ");
    });
    expect(rows).toMatchInlineSnapshot(`
      [
        "document | 480 | 546 | 900 | 1800 | 900 | NVLink figures add up 1",
        "datasheet | 480 | 512 | 900 | 900 | 900 | NVLink figures add up 2",
      ]
    `);
  });

  it("do not say of the document what another publication says", () => {
    const { h100, b200 } = findProfile("document").gpus;
    expect(b200.nvlinkLinks.source.kind).toBe("document");
    expect(h100.nvlinkLinks.source.kind).toBe("public");
  });

  it("are frozen, and so is each fact", () => {
    for (const profile of PROFILES) {
      expect(Object.isFrozen(profile)).toBe(true);
      expect(Object.isFrozen(profile.gpus.b200.hbm)).toBe(true);
    }
  });
});
