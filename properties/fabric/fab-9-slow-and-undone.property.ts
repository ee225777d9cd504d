import fc from "fast-check";
import type { FabricCall, FabricReply, LinkName } from "#rack";
import { finding, oneOfValues, property, type Script, values } from "#verify";
import { begin, create, DOCUMENT_LIKE, DRAIN, endsIn } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** A flow alone from worker 0 (6: the switch), a link slow from one instant to another, and slow differently in between. */
type Case = {
  readonly target: number;
  readonly source: number;
  readonly bytes: number;
  readonly link: LinkName;
  readonly tenths: readonly [number, number];
  readonly instants: readonly [number, number, number];
};

const ROUTES = { 1: "superchip", 2: "domain", 4: "rack" } as const;

/** Which link it takes: a switch is reached over a link of its domain. */
const linkOf = ({ source, target }: Case): LinkName =>
  source === 6 ? "domain" : ROUTES[target as 1 | 2 | 4];

const ordered = ({ instants }: Case): readonly [number, number, number] =>
  instants.toSorted((left, right) => left - right) as unknown as readonly [number, number, number];

/** Piece by piece, in ten-thousandths of a byte; in exact whole numbers. */
const endNs = (given: Case, more: bigint): number => {
  const isHit = linkOf(given) === given.link;
  const full = { superchip: 18_000_000n, domain: 16_000_000n, rack: 12_000_000n }[linkOf(given)];
  const latency =
    given.source === 6 ? 500 : { superchip: 500, domain: 1000, rack: 1500 }[linkOf(given)];
  const [first, second, third] = ordered(given);
  const slowed = (tenths: number): bigint => (isHit ? (full * BigInt(tenths)) / 10n : full);
  const pieces = [
    { untilNs: first, rate: full },
    { untilNs: second, rate: slowed(given.tenths[0]) },
    { untilNs: third, rate: slowed(given.tenths[1]) },
  ];
  let left = BigInt(given.bytes) * 10_000n + more;
  let nowNs = latency;
  for (const { untilNs, rate } of pieces) {
    const needs = Number((left + rate - 1n) / rate);
    if (untilNs <= nowNs) continue;
    if (nowNs + needs <= untilNs) return nowNs + needs;
    left -= rate * BigInt(untilNs - nowNs);
    nowNs = untilNs;
  }
  return nowNs + Number((left + full - 1n) / full);
};

const script = (given: Case): Script<FabricCall> => {
  const { link, tenths, bytes, source, target } = given;
  const [first, second, third] = ordered(given);
  const factors = [
    [first, tenths[0] / 10],
    [second, tenths[1] / 10],
    [third, 1],
  ] as const;
  return [
    create(DOCUMENT_LIKE),
    begin(0, { source, target, bytes, shards: 1 }, 0),
    ...factors.map(([nowNs, factor]) => ({ kind: "slow" as const, link, factor, nowNs })),
    DRAIN,
  ];
};

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-9",
  part: "fabric",
  statement:
    "a slow link carries its own rate × the factor that was said last, from the instant on at which it was said, for what is under way too; at factor 1 it is as before, and other links never notice",
  given: values(
    fc.record({
      source: oneOfValues<number>(0, 0, 0, 6),
      target: oneOfValues<number>(4, 2, 1),
      bytes: fc.integer({ min: 1, max: 20_000_000 }),
      link: oneOfValues<LinkName>("rack", "domain", "superchip"),
      // Of even tenths alone, so that a rate times a factor is the whole number that it should be.
      tenths: fc.tuple(oneOfValues<number>(5, 10), oneOfValues<number>(5, 10)),
      instants: fc.tuple(fc.nat({ max: 12_000 }), fc.nat({ max: 12_000 }), fc.nat({ max: 12_000 })),
    }),
  ),
  subject: reference,
  scripts: (given) => [script(given)],
  holds(given, [replies = []]) {
    const [end] = endsIn(replies);
    const found = end?.atNs ?? -1;
    const expected = [endNs(given, 0n), endNs(given, 1n)];
    return expected.includes(found)
      ? undefined
      : finding(-1, expected[0] as number, found, "the end");
  },
  witnesses: {
    "slow while it flows": (given) => {
      const [first, second] = ordered(given);
      const isHit = linkOf(given) === given.link && given.tenths[0] < 10;
      return (
        isHit &&
        second > first &&
        endNs({ ...given, tenths: [10, 10] }, 0n) > first &&
        second > 1500
      );
    },
    "over before it is undone": (given) => endNs(given, 0n) < ordered(given)[2],
    "another link": (given) => linkOf(given) !== given.link,
    "a switch behind a slow link": (given) => given.source === 6 && given.link === "domain",
  },
  mutants: mutants(
    "does not undo a slow link",
    "slows a slow link further",
    "slows all links",
    "slows only what begins later",
  ),
});
