import { nvlinkOneWay } from "#cost";
import { type Distance, distance, hops, linkAt, type Profile } from "#spec";
import type { Links } from "./contract.ts";

const FAR = [1, 2, 3] as const satisfies readonly Exclude<Distance, 0>[];

/**
 * The links of a profile's rack: distances of its topology, rates by distance, hops × hop latency, and what a GPU of the rack sends at one
 * way, which it is taken to receive at too. Throws an `InputError` (SPEC-6) when a profile supposes no directions.
 */
export const linksOf = (profile: Profile): Links => {
  const known = KNOWN.get(profile);
  if (known !== undefined) return known;
  const links = workedOut(profile);
  KNOWN.set(profile, links);
  return links;
};

/** The links of profiles that have been asked for: a table of every pair of GPUs, which never changes. */
const KNOWN = new WeakMap<Profile, Links>();

const workedOut = (profile: Profile): Links => {
  const gpus = Array.from({ length: profile.gpuCount.value }, (_, gpu) => gpu);
  const oneWay = nvlinkOneWay(profile, profile.gpus[profile.rackGpu]);
  return {
    distances: gpus.map((left) => gpus.map((right) => distance(profile, left, right))),
    rates: [oneWay, ...FAR.map((far) => linkAt(profile, far).rate.value)],
    latenciesNs: [0, ...FAR.map((far) => hops(profile, far) * profile.hopLatency.value)],
    egress: oneWay,
    ingress: oneWay,
  };
};

/** The latency between two GPUs, in whole nanoseconds. */
export const latencyBetween = (links: Links, src: number, dst: number): number =>
  links.latenciesNs[farApart(links, src, dst)] as number;

/** The bytes a nanosecond of the link between two GPUs. */
export const linkPerNano = (links: Links, src: number, dst: number): number =>
  (links.rates[farApart(links, src, dst)] as number) / 1e9;

/** How far apart two GPUs are. */
export const farApart = (links: Links, src: number, dst: number): number =>
  (links.distances[src] as readonly number[])[dst] as number;

/** What one product or quotient of doubles may be off by, with room to spare. */
const ROUNDING = 4 * Number.EPSILON;

/** The whole bytes that pass in some nanoseconds. A product of doubles may lie a hair below the whole number that it is. */
export const passing = (perNano: number, spanNs: number): number =>
  Math.floor(perNano * spanNs * (1 + ROUNDING));

/** The hair by which a sum of quotients of doubles may lie beside the whole number that it is. */
export const HAIR = 1e-12;

/** The next whole nanosecond at or after an instant worked out in doubles. */
export const wholeNanos = (instant: number): number => Math.ceil(instant * (1 - HAIR));

/** The fewest whole nanoseconds in which so many bytes pass. */
export const nanosFor = (size: number, perNano: number): number => {
  let span = Math.ceil((size / perNano) * (1 - ROUNDING));
  while (passing(perNano, span) < size) span += 1;
  return span;
};
