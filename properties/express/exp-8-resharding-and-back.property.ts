import fc from "fast-check";
import { type ExpressCall, type ExpressReply, shards, type WeightPiece } from "#rack";
import { differs, finding, property, type Subject, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { NONE, planIn } from "./reading.ts";
import { broken, RACKS, reference } from "./requests.ts";

type Case = { readonly bytes: number; readonly from: number; readonly to: number };

/** Far above any model, and far below what can be planned. */
const LARGEST = 70_000_000_000;

const LINKS = RACKS[0] as NonNullable<(typeof RACKS)[0]>;
const first = (count: number): readonly number[] => Array.from({ length: count }, (_, gpu) => gpu);
const last = (count: number): readonly number[] => first(count).map((gpu) => 7 - gpu);

/** What every GPU has after a plan, runs that touch joined. */
const brought = (reply: ExpressReply | undefined): readonly WeightPiece[] => {
  const joined: { gpu: number; from: number; to: number }[] = [];
  const transfers = (reply && planIn(reply))?.transfers ?? [];
  for (const { dst, from, to } of transfers.toSorted((a, b) => a.dst - b.dst || a.from - b.from)) {
    const before = joined.at(-1);
    if (before?.gpu === dst && before.to === from) before.to = to;
    else joined.push({ gpu: dst, from, to });
  }
  return joined;
};

const byGpu = (pieces: readonly WeightPiece[]): readonly WeightPiece[] =>
  pieces.filter(({ from, to }) => from < to).toSorted((a, b) => a.gpu - b.gpu);

const scripts = ({ bytes, from, to }: Case): readonly (readonly ExpressCall[])[] => {
  const [few, many] = [shards(bytes, first(from)), shards(bytes, last(to))];
  const plan = { kind: "plan" as const, links: LINKS };
  const cuts: readonly ExpressCall[] = [
    { kind: "shards", bytes, gpus: first(from) },
    { kind: "shards", bytes, gpus: last(to) },
  ];
  if (bytes > LARGEST) return [cuts];
  return [
    [
      ...cuts,
      { ...plan, request: { bytes, sources: few, targets: many } },
      { ...plan, request: { bytes, sources: many, targets: few } },
    ],
  ];
};

/** Where the parts of a whole must begin and end. */
const boundaries = (bytes: number, count: number): readonly number[] =>
  first(count + 1).map((index) => Number((BigInt(index) * BigInt(bytes)) / BigInt(count)));

const cutting = (
  boundary: (bytes: number, count: number, index: number) => number,
): Subject<ExpressCall, ExpressReply> =>
  broken({
    shards: (bytes, gpus) =>
      gpus.map((gpu, index) => ({
        gpu,
        from: boundary(bytes, gpus.length, index),
        to: boundary(bytes, gpus.length, index + 1),
      })),
  });

export default property<Case, ExpressCall, ExpressReply>({
  id: "EXP-8",
  part: "express",
  statement:
    "shards tile the weights to the byte; resharding from m GPUs to n others gives each of those its shard, and back again the same",
  given: values(
    fc.record({
      bytes: fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: LARGEST }), fc.maxSafeNat()),
      from: fc.integer({ min: 1, max: 4 }),
      to: fc.integer({ min: 1, max: 4 }),
    }),
  ),
  subject: reference,
  scripts,
  holds({ bytes, from, to }, [[few, many, there, back] = NONE]) {
    for (const [at, [pieces, count]] of (
      [
        [few, from],
        [many, to],
      ] as const
    ).entries()) {
      const cuts = boundaries(bytes, count);
      const expected = (pieces as readonly WeightPiece[]).map((piece, index) => ({
        gpu: piece.gpu,
        from: cuts[index] as number,
        to: cuts[index + 1] as number,
      }));
      const difference = differs(expected, pieces);
      if (difference) return { at, ...difference };
    }
    if (bytes === 0 || bytes > LARGEST) return undefined;
    const got = differs(byGpu(many as readonly WeightPiece[]), brought(there));
    if (got) return { at: 2, ...got };
    const again = differs(byGpu(few as readonly WeightPiece[]), brought(back));
    return again && finding(3, again.expected, again.found);
  },
  witnesses: {
    "bytes that neither number divides": ({ bytes, from, to }) =>
      from > 1 && to > 1 && bytes % from > 0 && bytes % to > 0,
    "fewer bytes than GPUs": ({ bytes, from }) => bytes < from,
    "more bytes than a product of two could hold": ({ bytes, to }) => bytes > 2 ** 52 && to > 2,
    "three shards to four": ({ from, to }) => from === 3 && to === 4,
  },
  mutants: {
    "loses the bytes that do not divide": cutting(
      (bytes, count, index) => index * Math.floor(bytes / count),
    ),
    "rounds shards up": cutting((bytes, count, index) =>
      Math.min(bytes, index * Math.ceil(bytes / count)),
    ),
    "rounds borders to the nearest": cutting((bytes, count, index) =>
      Math.round((index * bytes) / count),
    ),
    "multiplies beyond what is exact": cutting((bytes, count, index) =>
      Math.floor((index * bytes) / count),
    ),
    "cuts shares to 32 bits": cutting(
      (bytes, count, index) =>
        index * ((bytes / count) | 0) + Math.floor((index * (bytes % count)) / count),
    ),
    ...planners("loses the last byte of a transfer", "serves the first target only"),
  },
});
