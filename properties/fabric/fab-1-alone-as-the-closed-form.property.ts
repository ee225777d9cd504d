import fc from "fast-check";
import { bytes as asBytes, bytesPerSecond, timeToMove } from "#base";
import { transferTime } from "#cost";
import { type FabricCall, type FabricReply, fabricShapeOf } from "#rack";
import { findProfile, linkAt, type Profile, supposed } from "#spec";
import { firstDifference, oneOfValues, property, values } from "#verify";
import { FAR_NS } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

type Case = {
  readonly profile: "document" | "datasheet";
  /** A rate of every link, put in by hand. */
  readonly rate: number | null;
  /** 0 for the switch. */
  readonly far: 0 | 1 | 2 | 3;
  readonly bytes: number;
  readonly shards: number;
  readonly atNs: number;
};

const profileOf = ({ profile, rate }: Case): Profile => {
  const given = findProfile(profile);
  if (rate === null) return given;
  const link = { ...given.links[0], rate: supposed(bytesPerSecond(rate)) };
  return {
    ...given,
    links: [link, { ...link, ...hopsOf(given, 1) }, { ...link, ...hopsOf(given, 2) }],
  };
};

const hopsOf = ({ links }: Profile, index: 1 | 2) => ({
  switchesCrossed: links[index].switchesCrossed,
});

/** What `cost/` says; from a switch it is one hop over a link of its domain. */
const takes = (given: Case): number => {
  const { far, bytes, shards } = given;
  const profile = profileOf(given);
  if (far > 0) return transferTime(profile, far, asBytes(bytes), shards).total;
  const moving = timeToMove(asBytes(Math.ceil(bytes / shards)), linkAt(profile, 2).rate.value);
  return profile.hopLatency.value + moving;
};

const flowOf = ({ far, bytes, shards }: Case) => ({
  source: far === 0 ? ("switch" as const) : 8,
  target: [8, 9, 10, 16][far] as number,
  distance: far,
  bytes,
  shards,
});

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-1",
  part: "fabric",
  statement:
    "a flow with the links to itself takes to the nanosecond what the closed form of a transfer says, whenever it begins, and so says whoever asks before; so does one after it",
  given: values(
    fc.record({
      profile: oneOfValues<Case["profile"]>("document", "datasheet"),
      rate: fc.oneof(oneOfValues<number | null>(null), fc.integer({ min: 1e10, max: 0.9e12 })),
      far: oneOfValues<Case["far"]>(3, 2, 1, 0),
      bytes: fc.oneof(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 400_000_000_000 }),
        fc.integer({ min: 1, max: 100_000 }).map(
          (blocks) => blocks * 14_400,
          (size) => Number(size) / 14_400,
        ),
      ),
      shards: oneOfValues<number>(1, 2, 4, 8),
      atNs: fc.nat({ max: 10_000_000 }),
    }),
  ),
  subject: reference,
  scripts: (given) => {
    const flow = flowOf(given);
    const end = given.atNs + takes(given);
    return [
      [
        { kind: "create", ...fabricShapeOf(profileOf(given)) },
        { kind: "alone", ...flow },
        { kind: "begin", flow: 7, ...flow, nowNs: given.atNs },
        { kind: "advance", nowNs: end - 1 },
        { kind: "next" },
        { kind: "advance", nowNs: end },
        { kind: "begin", flow: 7, ...flow, nowNs: end },
        { kind: "advance", nowNs: FAR_NS },
        { kind: "next" },
      ],
    ];
  },
  holds(given, [replies = []]) {
    const time = takes(given);
    const end = given.atNs + time;
    const told = (...flows: readonly { readonly flow: number; readonly atNs: number }[]) => ({
      kind: "ended",
      flows,
    });
    const [, , , early, next, there, , after, idle] = replies;
    return firstDifference(
      [time, told(), end, told({ flow: 7, atNs: end }), told({ flow: 7, atNs: end + time }), null],
      [replies[1], early, next, there, after, idle],
    );
  },
  witnesses: {
    "from a switch": ({ far }) => far === 0,
    "shards that are not alike": ({ bytes, shards }) => bytes % shards > 0,
    "a whole number of nanoseconds": ({ rate, profile, bytes, shards, far }) =>
      rate === null &&
      profile === "document" &&
      Math.ceil(bytes / shards) % ([1600, 1800, 1600, 1200][far] as number) === 0,
    "a rate put in by hand": ({ rate }) => rate !== null,
  },
  mutants: mutants(
    "pays the latency twice",
    "counts switches for hops",
    "sends all shards through one GPU",
    "leaves out the last bytes of uneven shards",
    "takes every link to be as wide as a GPU's own",
  ),
});
