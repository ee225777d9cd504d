import fc from "fast-check";
import {
  BLOCK_SCALES,
  type BlockScales,
  bytesPerValueWithScales,
  FORMATS,
  findFormat,
  supposed,
} from "#spec";
import { finding, property, type Subject, values } from "#verify";

type Case = {
  readonly format: string;
  /** NVFP4, MXFP4, none, or one that nobody uses. */
  readonly scales: string;
  readonly valuesPerScale: number;
  readonly bytesPerScale: number;
  readonly blocks: number;
};
type Call = Case & { readonly times: number };

const scalesOf = ({
  scales,
  valuesPerScale,
  bytesPerScale,
  times,
}: Call): BlockScales | undefined => {
  if (scales === "none") return undefined;
  if (scales === "nvfp4" || scales === "mxfp4") return BLOCK_SCALES[scales];
  return {
    name: "supposed",
    valuesPerScale: supposed(valuesPerScale),
    bytesPerScale: supposed(bytesPerScale * times),
  };
};

const ask = (call: Call): number =>
  bytesPerValueWithScales(findFormat(call.format), scalesOf(call));

const bytesOf = (call: Call): number => findFormat(call.format).bytesPerValue.value;

/** A subject that adds its own idea of a scale's share. */
const sharing =
  (share: (bytesPerScale: number, valuesPerScale: number) => number): Subject<Call, number> =>
  () =>
  (call) => {
    const scales = scalesOf(call);
    if (scales === undefined) return bytesOf(call);
    return bytesOf(call) + share(scales.bytesPerScale.value, scales.valuesPerScale.value);
  };

/** Values in a block and bits of a scale, written out, to be checked by eye. */
const SHAPES: Readonly<Record<string, readonly [number, number]>> = {
  nvfp4: [16, 8],
  mxfp4: [32, 8],
};
const BITS: Readonly<Record<string, number>> = { fp4: 4, int4: 4, fp8: 8, fp16: 16, bf16: 16 };

/** The bits of whole blocks, in whole numbers: `[bits, values]`. */
const blocksOf = (call: Call): readonly [bigint, bigint] => {
  const { scales, format, valuesPerScale, bytesPerScale, blocks, times } = call;
  const [size, bits] =
    scales === "none" ? [1, 0] : (SHAPES[scales] ?? [valuesPerScale, 8 * bytesPerScale * times]);
  const count = BigInt(size) * BigInt(blocks);
  return [count * BigInt(BITS[format] ?? 0) + BigInt(blocks) * BigInt(bits), count];
};

export default property<Case, Call, number>({
  id: "FMT-6",
  part: "format",
  statement:
    "whole blocks take the bits of their values and of their scales and no more: never fewer than without scales, and twice the scale adds twice as much",
  given: values(
    fc.record({
      format: fc.constantFrom(...FORMATS.map(({ name }) => name as string)),
      scales: fc.constantFrom("none", "nvfp4", "mxfp4", "supposed", "supposed"),
      valuesPerScale: fc.oneof(fc.constantFrom(1, 16, 128), fc.integer({ min: 1, max: 256 })),
      bytesPerScale: fc.integer({ min: 1, max: 8 }),
      blocks: fc.integer({ min: 1, max: 1_000_000 }),
    }),
  ),
  subject: () => ask,
  scripts: (given) => [
    [
      { ...given, times: 1 },
      { ...given, times: 2 },
      { ...given, scales: "none", times: 1 },
    ],
  ],

  holds(given, [replies]) {
    const [once, twice, bare] = replies as readonly [number, number, number];
    const [bits, count] = blocksOf({ ...given, times: 1 });
    // Found bytes a value, times the values, against exact bits: off by less than a bit in 10^9 values.
    const found = once * 8 * Number(count);
    if (Math.abs(found - Number(bits)) > 1e-9 * Number(bits))
      return finding(0, Number(bits), found, "bits of all blocks");
    if (once < bare) return finding(0, `${bare} or more`, once);
    if (given.scales === "none" && once !== bare) return finding(0, bare, once, "without scales");
    if (given.scales !== "supposed") return undefined;
    const isTwice = Math.abs(twice - bare - 2 * (once - bare)) < 1e-12;
    return isTwice
      ? undefined
      : finding(1, bare + 2 * (once - bare), twice, "with twice the scale");
  },

  witnesses: {
    "NVFP4: 0.5625 bytes": ({ format, scales }, [replies]) =>
      format === "fp4" && scales === "nvfp4" && replies?.[0] === 0.5625,
    "MXFP4: 0.53125 bytes": ({ format, scales }, [replies]) =>
      format === "fp4" && scales === "mxfp4" && replies?.[0] === 0.531_25,
    "no scales": ({ scales }) => scales === "none",
    "a scale for each value": ({ scales, valuesPerScale }) =>
      scales === "supposed" && valuesPerScale === 1,
  },

  mutants: {
    "adds a whole scale to every value": sharing((bytesPerScale) => bytesPerScale),
    "takes a scale's bytes for bits": sharing((bytes, count) => bytes / 8 / count),
    "forgets the scales": sharing(() => 0),
    "takes them out of the values": sharing((bytes, count) => -bytes / count),
    "has 32 values a block whatever the format": sharing((bytes) => bytes / 32),
    "rounds up to whole bytes": () => (call) => Math.ceil(ask(call)),
    "has scales when none are wanted": () => (call) =>
      ask(call.scales === "none" ? { ...call, scales: "nvfp4" } : call),
  },
});
