import fc from "fast-check";
import { bytes, bytesPerSecond, flopsPerSecond } from "#base";
import { type RackTotals, rackPeak, rackTotals } from "#cost";
import { findFormat, findProfile, type Profile, supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { groups } from "./racks.ts";
import { sole } from "./setups.ts";

/** Whole numbers of bytes, bytes a second and operations a second: sums of them are exact. */
type Call = {
  readonly domains: number;
  readonly superchipsPerDomain: number;
  readonly gpusPerSuperchip: number;
  readonly hbm: number;
  readonly hbmBandwidth: number;
  readonly nvlink: number;
  readonly peak: number;
  readonly switchMemory: number;
  readonly cpuMemory: number;
};
type Reply = RackTotals & { readonly peak: number };

const profileOf = (call: Call): Profile => {
  const profile = findProfile("document");
  const gpusPerDomain = call.superchipsPerDomain * call.gpusPerSuperchip;
  const b200 = {
    ...profile.gpus.b200,
    hbm: supposed(bytes(call.hbm)),
    hbmBandwidth: supposed(bytesPerSecond(call.hbmBandwidth)),
    nvlink: supposed(bytesPerSecond(call.nvlink)),
    peaks: { fp8: supposed(flopsPerSecond(call.peak)) },
  };
  return {
    ...profile,
    gpus: { ...profile.gpus, b200 },
    gpuCount: supposed(call.domains * gpusPerDomain),
    gpusPerSuperchip: supposed(call.gpusPerSuperchip),
    gpusPerDomain: supposed(gpusPerDomain),
    switchMemory: supposed(bytes(call.switchMemory)),
    superchipCpu: { ...profile.superchipCpu, memory: supposed(bytes(call.cpuMemory)) },
  };
};

const ask = (call: Call): Reply => {
  const profile = profileOf(call);
  return { ...rackTotals(profile), peak: rackPeak(profile, findFormat("fp8")) };
};

/** A subject that bends some of the figures. */
const except =
  (
    bend: (right: Reply, call: Call) => { readonly [Figure in keyof Reply]?: number },
  ): Subject<Call, Reply> =>
  () =>
  (call) => {
    const right = ask(call);
    return { ...right, ...bend(right, call) } as Reply;
  };

/** The figures, added up part by part. */
const summed = (call: Call): Record<keyof Reply, number> => {
  const gpusPerDomain = call.superchipsPerDomain * call.gpusPerSuperchip;
  const superchips = groups(call.domains * gpusPerDomain, call.gpusPerSuperchip);
  const sum: Record<keyof Reply, number> = {
    gpus: 0,
    superchips: 0,
    domains: 0,
    hbm: 0,
    hbmBandwidth: 0,
    nvlink: 0,
    bisection: 0,
    switchMemory: 0,
    cpuMemory: 0,
    peak: 0,
  };
  for (const superchip of superchips) {
    sum.superchips += 1;
    sum.cpuMemory += call.cpuMemory;
    for (const gpu of superchip) {
      sum.gpus += 1;
      sum.hbm += call.hbm;
      sum.hbmBandwidth += call.hbmBandwidth;
      sum.nvlink += call.nvlink;
      sum.peak += call.peak;
      if (gpu % 2 === 0) sum.bisection += call.nvlink;
      if (gpu % gpusPerDomain !== 0) continue;
      sum.domains += 1;
      sum.switchMemory += call.switchMemory;
    }
  }
  return sum;
};

export default property<Call, Call, Reply>({
  id: "CST-18",
  part: "cost",
  statement:
    "the totals of a rack are the sums over its GPUs, superchips and domains, one by one, and its bisection is the links of half its GPUs",
  given: values(
    fc.record({
      domains: fc.integer({ min: 1, max: 9 }),
      superchipsPerDomain: fc.integer({ min: 1, max: 6 }),
      // Even, so that the rack has two halves.
      gpusPerSuperchip: fc.constantFrom(2, 4),
      hbm: fc.integer({ min: 1, max: 1e12 }),
      hbmBandwidth: fc.integer({ min: 1, max: 1e13 }),
      nvlink: fc.integer({ min: 1, max: 1e13 }),
      peak: fc.integer({ min: 1, max: 1e13 }),
      switchMemory: fc.integer({ min: 0, max: 1e12 }),
      cpuMemory: fc.integer({ min: 1, max: 1e12 }),
    }),
  ),
  subject: () => ask,
  scripts: (call) => [[call]],

  holds(call, replies) {
    const reply = sole(replies);
    for (const [name, wanted] of Object.entries(summed(call)) as [keyof Reply, number][])
      if (reply[name] !== wanted) return finding(0, wanted, reply[name], name);
    return undefined;
  },

  witnesses: {
    "several domains": ({ domains }) => domains > 1,
    "one domain": ({ domains }) => domains === 1,
    "switches with memory": ({ switchMemory }) => switchMemory > 0,
  },

  mutants: {
    "has a switch for every GPU": except(({ gpus }, { switchMemory }) => ({
      switchMemory: gpus * switchMemory,
    })),
    "has one switch": except((_, { switchMemory }) => ({ switchMemory })),
    "counts all links as the bisection": except(({ nvlink }) => ({ bisection: nvlink })),
    "halves the bisection again": except(({ bisection }) => ({ bisection: bisection / 2 })),
    "has a CPU for every GPU": except(({ gpus }, { cpuMemory }) => ({
      cpuMemory: gpus * cpuMemory,
    })),
    "divides by 1,024": except(({ hbm }) => ({ hbm: (hbm * 1000) / 1024 })),
    "has the bandwidth of one domain": except(({ hbmBandwidth, domains }) => ({
      hbmBandwidth: hbmBandwidth / domains,
    })),
    "has superchips of one GPU": except(({ gpus }) => ({ superchips: gpus })),
    "has the peak of its superchips": except(({ superchips }, { peak }) => ({
      peak: superchips * peak,
    })),
    "leaves a domain out": except(({ domains }) => ({ domains: domains - 1 })),
  },
});
