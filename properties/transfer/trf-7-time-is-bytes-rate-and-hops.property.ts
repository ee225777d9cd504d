import fc from "fast-check";
import { BlockTransfers, type TransferCall, type TransferReply } from "#rack";
import { differs, finding, oneOfValues, property, values } from "#verify";
import {
  copying,
  distanceOf,
  endsOf,
  leastNs,
  RACK_NAMES,
  type RackName,
  type Way,
} from "./links.ts";
import { subjectOf } from "./mutants.ts";
import { timingMutants } from "./timing-mutants.ts";

/** One GPU, and the document's block of a 70B and a 405B model among them. */
const SIZES = [1, 5_242_880, 4_128_768, 8_257_536, 1_000_003, 131_072] as const;

/** Every distance in every rack, and every degree that divides its domains. */
function* small(): Generator<Way> {
  for (const rack of RACK_NAMES)
    for (const tp of rack === "small" || rack === "superchips of 3" ? [1, 2, 4] : [1, 2, 4, 8])
      for (const to of [0, 1, 2, 3, 4, 8]) yield { rack, tp, bytes: 5_242_880, from: 0, to };
}

const ways: fc.Arbitrary<Way> = fc.record({
  rack: oneOfValues<RackName>(...RACK_NAMES),
  tp: oneOfValues<number>(1, 2, 4),
  bytes: fc.oneof(oneOfValues<number>(...SIZES), fc.integer({ min: 1, max: 2 ** 40 })),
  from: fc.nat({ max: 71 }),
  to: fc.nat({ max: 71 }),
});

export default property<Way, TransferCall, TransferReply>({
  id: "TRF-7",
  part: "transfer",
  statement:
    "a block takes its largest shard over the rate of the farthest two shards' link, and the latency of each hop between them; never less than its bytes over the narrowest link",
  given: values(ways, small),
  subject: subjectOf(BlockTransfers),
  scripts: (given) => [copying(given)],

  holds(given, [replies = []]) {
    const reply = replies[2] as {
      readonly kind: string;
      readonly ns: number;
      readonly bytes: number;
    };
    const [from, to] = endsOf(given);
    const kind = from === to ? "nothing" : "copied";
    const sent = { kind, bytes: from === to ? 0 : given.bytes };
    const difference = differs(sent, { kind: reply.kind, bytes: reply.bytes });
    if (difference) return { at: 2, ...difference };
    // A quotient in floating point may fall on the next whole number.
    const least = leastNs(given);
    return reply.ns === least || reply.ns === least + 1
      ? undefined
      : finding(2, least, reply.ns, "nanoseconds");
  },

  witnesses: {
    "in a superchip": (way) => distanceOf(way) === 1,
    "in a domain": (way) => distanceOf(way) === 2,
    "between domains": (way) => distanceOf(way) === 3,
    "several shards": (way) => way.tp > 1 && distanceOf(way) > 0,
    "shards that do not divide the bytes": ({ tp, bytes }) => bytes % tp > 0,
    "shards at different distances": ({ rack, tp }) => rack === "superchips of 3" && tp === 2,
  },

  mutants: timingMutants(
    "takes every block for one of 5.24 MB",
    "forgets the latency of hops",
    "sends everything at the rate of a superchip",
    "gives far workers the wide links",
    "sends all shards over one link",
    "rounds the time down to microseconds",
    "measures between the workers' numbers",
  ),
});
