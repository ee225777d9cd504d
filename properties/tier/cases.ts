/** The histories that the tier's properties range over: a domain of four GPUs, a few blocks, and strangers. */
import fc from "fast-check";
import { randomStream } from "#base";
import type { TierCall, TierEvent } from "#rack";
import { type Given, histories, oneOfValues, sequences } from "#verify";

/** A switch of some size, and what happens to it. */
export type TierCase = { readonly capacityBytes: number; readonly history: readonly TierEvent[] };

/** Not from 0, so that a GPU's number and its place in the domain differ. */
export const DOMAIN = [8, 9, 10, 11] as const;
/** Next to the domain on either side, and far from it. */
const STRANGERS = [7, 12, 0, 71] as const;
const BLOCKS = [0, 1, 2, 3] as const;
/** The last is larger than the largest switch. */
const SIZES = [1, 2, 3, 4, 5, 6, 10, 12, 13] as const;
const CAPACITIES = [10, 12, 6, 1, 0] as const;

/** Has a block read elsewhere. */
export const access = (gpu: number, block: number, bytes: number, tag: number): TierEvent => ({
  kind: "access",
  gpu,
  block,
  bytes,
  tag,
});
/** Reads a block from the switch. */
export const read = (block: number): TierEvent => ({ kind: "read", block });
const forget = (block: number): TierEvent => ({ kind: "forget", block });

/** Three GPUs of the domain read a block, each another version of it. */
const share = (block: number, bytes: number, tag: number): readonly TierEvent[] =>
  [8, 9, 10].map((gpu, more) => access(gpu, block, bytes, tag + more));

const block = oneOfValues<number>(...BLOCKS);
const bytes = oneOfValues<number>(...SIZES);
const tag = fc.nat({ max: 9 });
const accessBy = (gpu: fc.Arbitrary<number>) =>
  fc.record({ kind: fc.constant("access" as const), gpu, block, bytes, tag });

const EVENTS = {
  own: accessBy(oneOfValues<number>(...DOMAIN)),
  foreign: accessBy(oneOfValues<number>(...STRANGERS)),
  read: fc.record({ kind: fc.constant("read" as const), block }),
  forget: fc.record({ kind: fc.constant("forget" as const), block }),
};

const alone = (event: fc.Arbitrary<TierEvent>) => event.map((one) => [one]);

/** Single events, and blocks that three GPUs read in a row. */
const letters = histories<readonly TierEvent[]>({
  operations: {
    own: alone(EVENTS.own),
    foreign: alone(EVENTS.foreign),
    read: alone(EVENTS.read),
    forget: alone(EVENTS.forget),
    share: fc.tuple(block, bytes, tag).map((drawn) => share(...drawn)),
  },
  small: { alphabet: [], depth: 0 },
  maxLength: 30,
});

/** Two blocks that do not fit together, a third reader, a stranger, and what is too large. */
const ALPHABET: readonly (readonly TierEvent[])[] = [
  share(0, 6, 0),
  share(1, 5, 0),
  share(2, 1, 0),
  [access(8, 0, 6, 1)],
  [access(8, 0, 6, 2), access(9, 0, 6, 3)],
  [access(12, 0, 6, 4)],
  [access(9, 3, 13, 5)],
  [read(0)],
  [forget(0)],
];

/** 1 + 9 + 81 + 729 = 820 histories, each on a switch of 10 bytes. */
const DEPTH = 3;

/** 2,000 events over 12 blocks, the hot ones among them read by many. */
const long = (): readonly TierEvent[] => {
  const stream = randomStream(1, "properties/tier/long");
  return Array.from({ length: 2000 }, () => {
    const block = Math.min(stream.below(12), stream.below(12));
    const draw = stream.below(20);
    if (draw < 5) return read(block);
    if (draw === 5) return forget(block);
    return access(7 + stream.below(6), block, 1 + stream.below(5), stream.below(100));
  });
};

/** Every small history, one of 2,000 events, then drawn ones. */
export const tierCases: Given<TierCase> = {
  arbitrary: fc.record({
    capacityBytes: oneOfValues<number>(...CAPACITIES, 12, 10, 12, 10),
    history: letters.arbitrary.map((drawn) => drawn.flat()),
  }),
  plain: fc.record({
    capacityBytes: fc.nat({ max: 100 }),
    history: fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant("access" as const),
          gpu: fc.nat({ max: 71 }),
          block: fc.nat({ max: 11 }),
          bytes: fc.integer({ min: 1, max: 13 }),
          tag: fc.nat({ max: 99 }),
        }),
        fc.record({
          kind: oneOfValues<"read" | "forget">("read", "forget"),
          block: fc.nat({ max: 11 }),
        }),
      ),
      { maxLength: 2000, size: "max" },
    ),
  }),
  *small() {
    for (const drawn of sequences(ALPHABET, DEPTH))
      yield { capacityBytes: 10, history: drawn.flat() };
    yield { capacityBytes: 12, history: long() };
  },
};

/** The switch of a case, made. */
export const create = ({ capacityBytes }: TierCase): TierCall => ({
  kind: "create",
  domainGpus: DOMAIN,
  capacityBytes,
});
