import fc from "fast-check";
import { bytes } from "#base";
import { type TransferTime, transferTime } from "#cost";
import { type Distance, findProfile, type Profile, supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";

type Case = { readonly profile: string; readonly bytes: number; readonly shards: number };
type Call = Case & { readonly distance: Distance };

const DISTANCES: readonly Distance[] = [0, 1, 2, 3];

const ask = (call: Call, profile: Profile = findProfile(call.profile)): TransferTime =>
  transferTime(profile, call.distance, bytes(call.bytes), call.shards);

/** A subject that gets the question, the profile or the answer wrong. */
const wrongly =
  (mistake: (call: Call) => TransferTime): Subject<Call, TransferTime> =>
  () =>
    mistake;

const withTotal = (time: TransferTime, total: number): TransferTime => ({
  ...time,
  total: total as TransferTime["total"],
});

/** The bytes of the largest shard over the link's rate, in nanoseconds; 0 within a GPU. */
const leastMoving = ({ profile, bytes: size, shards, distance }: Call): number => {
  if (distance === 0) return 0;
  const rate = findProfile(profile).links[distance - 1]?.rate.value ?? Number.NaN;
  return (Math.ceil(size / shards) / rate) * 1e9;
};

/** Hops by distance, written out: a link more than there are switches. */
const HOPS: Readonly<Record<string, readonly number[]>> = {
  document: [0, 1, 2, 3],
  datasheet: [0, 2, 2, 2],
};

const leastLatency = ({ profile, distance }: Call): number =>
  (HOPS[profile]?.[distance] ?? Number.NaN) * findProfile(profile).hopLatency.value;

const calls = (given: Case): readonly Call[] =>
  DISTANCES.map((distance) => ({ ...given, distance }));

function* small(): Generator<Case> {
  for (const profile of ["document", "datasheet"])
    for (const size of [0, 1, 2, 1_800_000, 5_240_000])
      for (const shards of [1, 2, 8]) yield { profile, bytes: size, shards };
}

export default property<Case, Call, TransferTime>({
  id: "CST-5",
  part: "cost",
  statement:
    "a transfer takes its largest shard over the rate of the link, plus a latency for each hop; a nearer source is never slower; within a GPU it is free",
  given: values(
    fc.record({
      profile: fc.constantFrom("document", "datasheet"),
      bytes: fc.integer({ min: 0, max: 100_000_000_000 }),
      shards: fc.constantFrom(1, 2, 4, 8),
    }),
    small,
  ),
  subject: () => (call) => ask(call),
  scripts: (given) => [calls(given)],

  holds(given, [replies = []]) {
    for (const [at, { total, latency, moving }] of replies.entries()) {
      const call = { ...given, distance: at as Distance };
      const [least, waits] = [leastMoving(call), leastLatency(call)];
      if (latency !== waits) return finding(at, waits, latency, "latency");
      if (moving < least || moving >= least + 1)
        return finding(at, Math.ceil(least), moving, "moving");
      if (total !== latency + moving) return finding(at, latency + moving, total, "total");
      const nearer = replies[at - 1]?.total ?? 0;
      if (nearer > total) return finding(at, `at least ${nearer}`, total, "a nearer source");
    }
    return undefined;
  },

  witnesses: {
    "a transfer spread over shards": ({ shards }) => shards > 1,
    "bytes that shards do not divide": ({ bytes: size, shards }) => size % shards > 0,
    "a time that had to be rounded": (given) =>
      calls(given).some((call) => !Number.isInteger(leastMoving(call))),
    "a distance that makes a difference": (_, [replies = []]) =>
      (replies[3]?.moving ?? 0) > (replies[1]?.moving ?? 0),
  },

  mutants: {
    "forgets the latency": wrongly((call) => withTotal(ask(call), ask(call).moving)),
    "pays for switches, not for hops": wrongly((call) => {
      const profile = findProfile(call.profile);
      const saved = call.distance === 0 ? 0 : profile.hopLatency.value;
      const time = ask(call);
      const latency = (time.latency - saved) as TransferTime["latency"];
      return withTotal({ ...time, latency }, time.total - saved);
    }),
    "sends all shards over one link": wrongly((call) => ask({ ...call, shards: 1 })),
    "gives far GPUs the wide links": wrongly((call) => {
      const profile = findProfile(call.profile);
      const [superchip, domain, rack] = profile.links;
      return ask(call, {
        ...profile,
        links: [{ ...superchip, rate: rack.rate }, domain, { ...rack, rate: superchip.rate }],
      });
    }),
    "takes GB/s for GiB/s": wrongly((call) =>
      ask({ ...call, bytes: Math.floor((call.bytes * 1e9) / 2 ** 30) }),
    ),
    "takes both directions of a link for one": wrongly((call) => {
      const profile = findProfile(call.profile);
      const rate = supposed(profile.gpus.b200.nvlink.value);
      const links = profile.links.map((link) => ({ ...link, rate }));
      return ask(call, { ...profile, links: links as unknown as Profile["links"] });
    }),
    "rounds down": wrongly((call) => {
      const time = ask(call);
      const moving = Math.floor(leastMoving(call)) as TransferTime["moving"];
      return withTotal({ ...time, moving }, time.latency + moving);
    }),
    "charges a hop within a GPU": wrongly((call) =>
      call.distance === 0 ? withTotal(ask(call), 500) : ask(call),
    ),
  },
});
