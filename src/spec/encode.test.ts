import { describe, expect, it } from "vitest";
import { decode, encode, finiteValues, largestValue, valueCount } from "./encode.ts";
import { bitsOf, ENCODINGS, type Encoding } from "./encoding.ts";

const { e2m1, int4, e4m3, e5m2, fp16, bf16 } = ENCODINGS;

/** The number that is kept of another. */
const kept = (encoding: Encoding, number: number): number =>
  decode(encoding, encode(encoding, number));

describe("number formats", () => {
  it("have these numbers: bits, how many, smallest above zero, largest", () => {
    const rows = Object.values(ENCODINGS).map((encoding) => {
      const smallest = finiteValues(encoding).find((number) => number > 0);
      const figures = [bitsOf(encoding), valueCount(encoding), smallest, largestValue(encoding)];
      return [encoding.name, ...figures].join(" | ");
    });
    expect(rows).toMatchInlineSnapshot(`
      [
        "e2m1 | 4 | 15 | 0.5 | 6",
        "int4 | 4 | 16 | 1 | 7",
        "e4m3 | 8 | 253 | 0.001953125 | 448",
        "e5m2 | 8 | 247 | 0.0000152587890625 | 57344",
        "fp16 | 16 | 63487 | 5.960464477539063e-8 | 65504",
        "bf16 | 16 | 65279 | 9.183549615799121e-41 | 3.3895313892515355e+38",
      ]
    `);
  });

  it("has exactly fifteen numbers in E2M1", () => {
    expect(finiteValues(e2m1).join(" ")).toBe("-6 -4 -3 -2 -1.5 -1 -0.5 0 0.5 1 1.5 2 3 4 6");
  });

  it("keeps the nearest number, and of two as near the one whose last bit is 0", () => {
    expect([0.2, 0.25, 0.3, 0.75, 2.5, 3.5, 5, -5].map((number) => kept(e2m1, number))).toEqual([
      0, 0, 0.5, 1, 2, 4, 4, -4,
    ]);
    expect([0.5, 1.5, 2.5, -0.5, -2.5].map((number) => kept(int4, number))).toEqual([
      0, 2, 2, 0, -2,
    ]);
    expect([17, 19, 447, 448].map((number) => kept(e4m3, number))).toEqual([16, 20, 448, 448]);
    expect([2049, 2051].map((number) => kept(fp16, number))).toEqual([2048, 2052]);
  });

  it("is not fooled by what a float32 could not tell from a tie", () => {
    const aboveTie = 2049 + 2 ** -40;
    expect(Math.fround(aboveTie)).toBe(2049);
    expect(kept(fp16, aboveTie)).toBe(2050);
  });

  it("carries into the exponent when a mantissa rounds up", () => {
    expect(kept(fp16, 2047.75)).toBe(2048);
    expect(kept(bf16, 255.9)).toBe(256);
    // The largest subnormal of E4M3 is 7/512, the smallest normal number 8/512.
    expect(kept(e4m3, 7.6 / 512)).toBe(8 / 512);
  });

  it("stores the largest for all that is larger, infinity included", () => {
    const far = [1e308, Number.MAX_VALUE, Number.POSITIVE_INFINITY];
    for (const encoding of Object.values(ENCODINGS))
      for (const number of far) {
        expect(kept(encoding, number)).toBe(largestValue(encoding));
        expect(kept(encoding, -number)).toBe(encoding === int4 ? -8 : -largestValue(encoding));
      }
    // Half a step beyond: IEEE rounding would give infinity.
    expect(kept(fp16, 65_520)).toBe(65_504);
  });

  it("keeps the sign of what rounds to zero, but not in two's complement", () => {
    for (const number of [-0, -1e-300, -Number.MIN_VALUE]) {
      expect(kept(e4m3, number)).toBe(-0);
      expect(kept(int4, number)).toBe(0);
    }
    expect(encode(e2m1, -0)).toBe(8);
  });

  it("reads infinities and NaN where there are any", () => {
    expect(decode(fp16, 0x7c00)).toBe(Number.POSITIVE_INFINITY);
    expect(decode(e5m2, 0xfc)).toBe(Number.NEGATIVE_INFINITY);
    expect([decode(e4m3, 0x7f), decode(e4m3, 0xff), decode(bf16, 0x7fc0)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(decode(e4m3, 0x7e)).toBe(448);
  });

  it("agrees with the machine on float32's upper half, which is BF16", () => {
    const view = new DataView(new ArrayBuffer(4));
    for (let code = 0; code < 2 ** 16; code += 37) {
      view.setUint32(0, code * 2 ** 16);
      expect(decode(bf16, code)).toBe(view.getFloat32(0));
    }
  });

  it("stores NaN as all mantissa bits, and refuses where it has no code", () => {
    const stored = [e4m3, e5m2, fp16, bf16].map((encoding) => encode(encoding, Number.NaN));
    expect(stored).toEqual([0x7f, 0x7f, 0x7fff, 0x7fff]);
    expect(() => encode(e2m1, Number.NaN)).toThrow(
      "e2m1 must be given a number, found NaN [SPEC-9]",
    );
    expect(() => encode(int4, Number.NaN)).toThrow("[SPEC-9]");
  });

  it.each([-1, 16, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "has no code %d in four bits",
    (code) => {
      expect(() => decode(e2m1, code)).toThrow("a code is 0 … 15");
      expect(() => decode(int4, code)).toThrow("a code is 0 … 15");
    },
  );
});
