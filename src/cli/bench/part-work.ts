/** The other parts at work on their own, in this process: gangs, weight plans, and the properties that watch a part. */
import fc from "fast-check";
import { assert, isRefused } from "#base";
import { createGangs, linksOf, planTransfers, shards } from "#rack";
import type { Profile } from "#spec";
import { type Property, play } from "#verify";
import type { Sample } from "./figure.ts";

const timed = (clock: () => number, work: () => number): Sample => {
  const startMs = clock();
  const count = work();
  return { ms: clock() - startMs, count, peakBytes: undefined };
};

/** Sizes of groups that come round, so that domains are cut up and grow whole again. */
const GROUPS = [8, 2, 4, 1, 4, 2, 8, 1];

/** How many gangs stand while one comes and the oldest goes: with 3.75 GPUs in the mean they have 60 of the 72. */
const STANDING = 16;

/** So many gangs of one group are placed on the document's rack, each released when 16 younger ones stand: two operations a gang. */
export const gangWork = (gangs: number, clock: () => number): Sample => {
  const rack = createGangs({ gpus: 72, gpusPerDomain: 8, gpusPerSuperchip: 2 });
  const groups = GROUPS.map((tp) => [tp]);
  return timed(clock, () => {
    let count = 0;
    for (let owner = 0; owner < gangs; owner += 1) {
      const wanted = groups[owner % groups.length] as readonly number[];
      if (!isRefused(rack.place({ owner, groups: wanted }))) count += 1;
      if (owner >= STANDING && !isRefused(rack.release(owner - STANDING))) count += 1;
    }
    return count;
  });
};

/** Plans how nine workers of TP 8 get the weights that eight GPUs of the first have: 72 targets, so many times. Counts plans. */
export const planWork = (profile: Profile, plans: number, clock: () => number): Sample => {
  const links = linksOf(profile);
  const bytes = 202_500_000_000;
  const gpusOf = (worker: number): readonly number[] =>
    Array.from({ length: 8 }, (_, shard) => worker * 8 + shard);
  const sources = shards(bytes, gpusOf(0));
  const targets = Array.from({ length: 9 }, (_, worker) => shards(bytes, gpusOf(worker))).flat();
  return timed(clock, () => {
    let count = 0;
    for (let turn = 0; turn < plans; turn += 1) {
      const plan = planTransfers({ bytes, sources, targets }, links);
      assert(plan.kind === "planned", "nine workers can be given what one has");
      count += 1;
    }
    return count;
  });
};

/** Plays drawn cases of a property on the reference and judges the replies: what a proof does. Counts the calls that were answered. */
export const propertyWork = (property: Property, cases: number, clock: () => number): Sample => {
  const drawn = fc.sample(property.given.arbitrary, { seed: 1, numRuns: cases });
  return timed(clock, () => {
    let count = 0;
    for (const given of drawn) {
      const replies = property.scripts(given).map((script) => play(property.subject, script));
      assert(property.holds(given, replies) === undefined, "the reference holds", property.id);
      for (const reply of replies) count += reply.length;
    }
    return count;
  });
};
