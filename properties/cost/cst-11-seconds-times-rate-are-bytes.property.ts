import fc from "fast-check";
import { allReduceTime, nvlinkOneWay, type Span, transferSeconds } from "#cost";
import { findGpu, findProfile } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { sole } from "./setups.ts";

type Call = {
  readonly profile: "document" | "datasheet";
  readonly gpu: "b200" | "h100";
  readonly far: 1 | 2 | 3;
  readonly span: Span;
  readonly size: number;
  readonly shards: number;
  readonly tp: number;
};
type Reply = {
  readonly moving: number;
  readonly latency: number;
  readonly total: number;
  readonly allReduce: number;
  readonly oneWay: number;
};

/** The figures that the times rest on, written out, to be checked by eye: bytes a second, hops by distance, and a hop in seconds. */
const FIGURES = {
  document: {
    rates: [1.8e12, 1.6e12, 1.2e12],
    hops: [1, 2, 3],
    allReduce: { domain: 1.8e12, rack: 0.9e12 },
    oneWay: { b200: 1.8e12, h100: 0.9e12 },
  },
  datasheet: {
    rates: [0.9e12, 0.9e12, 0.9e12],
    hops: [2, 2, 2],
    allReduce: { domain: 0.9e12, rack: 0.9e12 },
    oneWay: { b200: 0.9e12, h100: 0.45e12 },
  },
} as const;
const HOP_SECONDS = 500e-9;

const ask = ({ profile: name, gpu, far, span, size, shards, tp }: Call): Reply => {
  const profile = findProfile(name);
  return {
    ...transferSeconds(profile, far, size, shards),
    allReduce: allReduceTime(profile, span, tp, size),
    oneWay: nvlinkOneWay(profile, findGpu(profile, gpu)),
  };
};

/** A subject that bends the answer. */
const except =
  (bend: (right: Reply, call: Call) => Partial<Reply>): Subject<Call, Reply> =>
  () =>
  (call) => {
    const right = ask(call);
    return { ...right, ...bend(right, call) };
  };

const moving = (factor: (call: Call) => number) =>
  except((right, call) => {
    const seconds = right.moving * factor(call);
    return { moving: seconds, total: seconds + right.latency };
  });

export default property<Call, Call, Reply>({
  id: "CST-11",
  part: "cost",
  statement:
    "seconds are bytes over bytes a second: the time of a transfer or an all-reduce, times the rate, gives back the bytes that crossed, and latency is paid once a hop",
  given: values(
    fc.record({
      profile: fc.constantFrom("document" as const, "datasheet" as const),
      gpu: fc.constantFrom("b200" as const, "h100" as const),
      far: fc.constantFrom(1 as const, 2 as const, 3 as const),
      span: fc.constantFrom("domain" as const, "rack" as const),
      size: fc.integer({ min: 1, max: 1e12 }),
      shards: fc.constantFrom(1, 2, 3, 4, 8),
      tp: fc.integer({ min: 2, max: 72 }),
    }),
  ),
  subject: () => ask,
  scripts: (call) => [[call]],

  holds(call, replies) {
    const reply = sole(replies);
    const { rates, hops, allReduce, oneWay } = FIGURES[call.profile];
    const rate = rates[call.far - 1] ?? Number.NaN;
    const moved = reply.moving * rate * call.shards;
    if (!isNear(moved, call.size)) return finding(0, call.size, moved, "bytes transferred");
    const latency = (hops[call.far - 1] ?? Number.NaN) * HOP_SECONDS;
    if (!isNear(reply.latency, latency)) return finding(0, latency, reply.latency, "latency");
    const sum = reply.moving + reply.latency;
    if (!isNear(reply.total, sum)) return finding(0, sum, reply.total, "total");
    // On a ring of n, every GPU sends 2 · (n − 1) of n shares of the message.
    const message = (reply.allReduce * allReduce[call.span] * call.tp) / (2 * (call.tp - 1));
    if (!isNear(message, call.size)) return finding(0, call.size, message, "bytes reduced");
    const each = oneWay[call.gpu];
    return reply.oneWay === each ? undefined : finding(0, each, reply.oneWay, "NVLink one way");
  },

  witnesses: {
    "a size that does not divide among the shards": ({ size, shards }) => size % shards !== 0,
    "a link figure that adds up both directions": ({ profile }) => profile === "datasheet",
    "an all-reduce across domains": ({ span }) => span === "rack",
  },

  mutants: {
    "multiplies by the rate": moving(
      ({ profile, far }) => (FIGURES[profile].rates[far - 1] ?? 1) ** 2,
    ),
    "takes the rate for bits": moving(() => 8),
    "counts in binary gigabytes": moving(() => 1e9 / 2 ** 30),
    "sends every shard over one link": moving(({ shards }) => shards),
    "rounds the last shard up to a byte": moving(
      ({ size, shards }) => (Math.ceil(size / shards) * shards) / size,
    ),
    "pays latency for switches, not for hops": except((right) => {
      const latency = right.latency - HOP_SECONDS;
      return { latency, total: right.moving + latency };
    }),
    "forgets the latency in the total": except((right) => ({ total: right.moving })),
    "reduces across domains at the rate of one": except((right, { span }) => ({
      allReduce: span === "rack" ? right.allReduce / 2 : right.allReduce,
    })),
    "counts the reducing half of the ring alone": except((right) => ({
      allReduce: right.allReduce / 2,
    })),
    "takes both directions for one": except((_, { profile, gpu }) => ({
      oneWay: findGpu(findProfile(profile), gpu).nvlink.value,
    })),
  },
});
