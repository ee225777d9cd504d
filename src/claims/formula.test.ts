import { describe, expect, it } from "vitest";
import { findProfile, referenceOf } from "#spec";
import { complaint, readFormula } from "./formula.ts";
import { shownValue } from "./units.ts";
import { callFunction } from "./vocabulary.ts";

const REFERENCE = referenceOf(findProfile("document"));

/** What a formula comes to, where claim('x') is 5; or its faults with their places; or why it cannot be worked out. */
const said = (text: string): string => {
  const read = readFormula(text);
  if ("faults" in read)
    return read.faults.map(({ code, message, at }) => `${code}@${at}: ${message}`).join("; ");
  try {
    const call = (name: string, args: readonly (number | string)[]) =>
      callFunction(REFERENCE, name, args);
    return shownValue(read.evaluate({ claim: () => 5, call: call as never }));
  } catch (thrown) {
    return `cannot: ${complaint(thrown)}`;
  }
};

describe("a formula", () => {
  it.each([
    ["1 + 2 * 3 ^ 2", "19"],
    ["-(2 - 5) / 4", "0.75"],
    ["-3 GB + 4 GB", "1 GB"],
    ["16 tok * 2", "32"],
    ["2 Mtok / (4 ktok)", "500"],
    ["900 GB/s", "900 GB / s"],
    ["GB", "1 GB"],
    ["1 FLOPS == 1 FLOP/s", "yes"],
    ["1 GiB == 1.073741824 GB", "yes"],
    ["1 GiB == 1 GB", "no"],
    ["2 TB / (1 GB/s)", "2 ks"],
    ["3 GB / (3 GB/s) == 1 s", "yes"],
    ["1 GB < 1000.1 MB", "yes"],
    ["min(1 GB, 2 MB)", "2 MB"],
    ["max(3, 1, 2) + floor(2.9) + ceil(2.1) + round(2.5) + log2(8)", "14"],
    ["claim('x') * 2", "10"],
    ["gpus() / gpus_per_domain()", "9"],
    ["hbm('b200') / hbm('h100')", "2.4"],
    ["weight_bytes('llama-70b', 'fp8') / hbm_bandwidth('b200')", "8.75 ms"],
    ["decode_bound('b200', 'llama-70b', 'fp8', 'fp8', 1, 1, 0) == 'memory'", "yes"],
    ["'a' == 'b'", "no"],
    ["1 < 2 and 2 < 3", "yes"],
    ["1 < 2 and not (2 < 3) or 'a' == 'b'", "no"],
    ["min(1,\r\n 2)", "1"],
    ["1 / 0", "Infinity"],
  ])("%s is %s", (text, value) => {
    expect(said(text)).toBe(value);
  });

  it("is shown in decimal bytes, whichever make it shorter", () => {
    expect(said("hbm('b200')")).toBe("192 GB");
    expect(said("2 ^ 30 * 1 B")).toBe("1.07374 GB");
    expect(said("258048 B")).toBe("258.048 kB");
    expect(said("1e12 B / (1 s)")).toBe("1 TB / s");
    expect(said("0.5 B")).toBe("0.5 B");
    expect(said("0 B")).toBe("0 B");
  });

  it.each([
    ["an assignment", "a = 1"],
    ["a range", "1:3"],
    ["a list", "[1, 2]"],
    ["an object", "{a: 1}"],
    ["a property", "gpus().constructor"],
    ["a property of a unit", "GB.constructor"],
    ["a property by index", "gpus()['constructor']"],
    ["a function of its own", "f(x) = x"],
    ["several expressions", "1; 2"],
    ["a condition", "1 < 2 ? 3 : 4"],
    ["comparisons in a row", "1 < 2 < 3"],
    ["an import", "import('fs')"],
    ["a unit of its own", "createUnit('foo')"],
    ["an evaluation", "evaluate('1 + 1')"],
    ["a parser", "parser()"],
    ["a constructor", "constructor"],
    ["a call of a constructor", "constructor('return 1')"],
    ["a prototype", "__proto__"],
    ["what every object has", "toString()"],
    ["a text as a function", "'max'(1, 2)"],
    ["a call of a call", "gpus()()"],
    ["a constant of mathematics", "pi"],
    ["an imaginary number", "2i"],
    ["a factorial", "5!"],
    ["a remainder", "5 % 3"],
    ["a percentage", "100 + 5%"],
    ["a conversion", "2 GB to MB"],
    ["a logical constant", "true"],
    ["null", "null"],
    ["undefined", "undefined"],
    ["no number", "NaN"],
    ["no finite number", "Infinity"],
    ["a number too large", "1e999"],
    ["a comment", "1 # constructor"],
    ["nothing", ""],
    ["nothing but spaces", "  "],
    ["half of an expression", "1 +"],
    ["an open bracket", "hbm('b200'"],
    ["an open quote", "hbm('b200"],
    ["a unit of another kind", "3 km"],
    ["a prefix that the language has not", "3 nB"],
    ["a sum of truths", "(1 < 2) + 1"],
    ["the larger of truths", "max(1 < 2, 2)"],
    ["and between numbers", "1 and 2"],
    ["factors side by side", "2 gpus()"],
    ["an id without quotes", "claim(x)"],
    ["an id that is worked out", "claim(gpus())"],
  ])("has no %s: %s", (_, text) => {
    const read = readFormula(text);
    if (!("faults" in read)) throw new Error(`it was read: ${text}`);
    expect(read.faults.length).toBeGreaterThan(0);
    expect(read.faults.every(({ code }) => code === "CLAIM-4")).toBe(true);
    expect(
      read.faults.every(({ message }) => !/Node|undefined/.test(message) || text === "undefined"),
    ).toBe(true);
  });

  it("that has a fault says what was meant, and where", () => {
    expect(
      [
        "1 + hbn('b200')",
        "hbm('GBs') + 3 GBs",
        "gpus",
        "hbm()",
        "hbm('b200', 'fp8')",
        "min()",
        "round(1.26, 1)",
        "claim(3)",
        "1 + 1 < 2 + (3 < 4)",
        "1 TB / 1.8 TB/s",
        "1 / 2 s",
        "2 * (3 + 4",
        "gpuz() + x + nonsense",
      ].map(said),
    ).toMatchInlineSnapshot(`
      [
        "CLAIM-4@4: a function must be one that the language has (hbm?), found "hbn"",
        "CLAIM-4@15: a name must be one that the language has (GB?), found "GBs"",
        "CLAIM-4@0: a name must be one that the language has (gpus, gpus_per_domain, gpus_per_superchip?), found "gpus"",
        "CLAIM-4@0: hbm takes 1 argument, found 0",
        "CLAIM-4@0: hbm takes 1 argument, found 2",
        "CLAIM-4@0: min takes one or more arguments, found 0",
        "CLAIM-4@0: round takes 1 argument, found 2",
        "CLAIM-4@0: claim takes an id in quotes",
        "CLAIM-4@2: + must join figures, found a comparison",
        "CLAIM-4@5: what is divided by must stand in brackets with its whole unit, such as x / (1.8 TB/s)",
        "CLAIM-4@2: what is divided by must stand in brackets with its whole unit, such as x / (1.8 TB/s)",
        "CLAIM-4@10: a formula must be an expression, found parenthesis ) expected",
        "CLAIM-4@0: a function must be one that the language has (gpus?), found "gpuz"; CLAIM-4@13: a name must be one that the language has, found "nonsense"",
      ]
    `);
  });

  it("is short: 400 characters, 120 parts, brackets 24 deep", () => {
    const sum = (parts: number) => Array.from({ length: parts }, () => "1").join("+");
    expect(said(sum(60))).toBe("60");
    expect(said(sum(61))).toBe(
      "CLAIM-7@0: a formula has at most 120 numbers, names and operators, found 121",
    );
    expect(said(`1${" ".repeat(398)}2`)).toContain("CLAIM-4");
    expect(said(`1${" ".repeat(399)}2`)).toBe(
      "CLAIM-7@0: a formula has at most 400 characters, found 401",
    );
    const nested = (depth: number) => `${"(".repeat(depth)}1${")".repeat(depth)}`;
    expect(said(nested(24))).toBe("1");
    expect(said(nested(25))).toBe(
      "CLAIM-7@0: a formula has at most 24 brackets within brackets, found 25",
    );
  });

  it.each([
    "(",
    "[",
    "{",
    "-",
    "2^",
    "!",
    "not ",
    "1?",
    "1:",
    "a=",
    "f(",
    "'",
    '"',
    "5' (",
    "1;",
    "#",
  ])("of nothing but %s is refused at once, without running out of stack", (part) => {
    const read = readFormula(part.repeat(Math.floor(400 / part.length)));
    expect("faults" in read && read.faults.length).toBeGreaterThan(0);
    expect("faults" in read && JSON.stringify(read.faults)).not.toContain("call stack");
  });

  it("whose operands do not go together says so in words", () => {
    expect(
      [
        "1 + 1 GB",
        "1 GB + 1 s",
        "1 GB < 1 s",
        "1 == 1 GB",
        "floor(3.7 GB)",
        "max(1, 2 GB)",
        "log2(8 GB)",
        "2 ^ (1 GB)",
        "'3' + 1",
        "'a' < 'b'",
        "decode_bound('b200', 'llama-70b', 'fp8', 'fp8', 1, 1, 0) * 2",
        "hbm('b201')",
        "hbm(1 GB)",
        "hbm(3)",
        "rate('moon')",
        "transfer_time('rack', 10, 1)",
        "peak('h100', 'fp4')",
      ].map(said),
    ).toMatchInlineSnapshot(`
      [
        "cannot: + between a plain number, a quantity or a text and something of another kind",
        "cannot: units do not match",
        "cannot: cannot compare units with different base",
        "cannot: == between a plain number, a quantity or a text and something of another kind",
        "cannot: floor of what is no plain number, or of different kinds",
        "cannot: max of what is no plain number, or of different kinds",
        "cannot: log2 of what is no plain number, or of different kinds",
        "cannot: ^ between a plain number, a quantity or a text and something of another kind",
        "cannot: a text where a number is needed",
        "cannot: a text where a number is needed",
        "cannot: a text where a number is needed",
        "cannot: a GPU must be one of b200, h100, found "b201"",
        "cannot: a GPU is named in quotes, found 1 GB",
        "cannot: a GPU is named in quotes, found 3",
        "cannot: a distance must be one of superchip, domain, rack, found "moon"",
        "cannot: an argument must be a size, such as 32 MB, found 10",
        "cannot: weights on h100 must be in a format that it computes in (fp8, fp16), found fp4",
      ]
    `);
  });

  it("names the claims that it refers to, each once", () => {
    const read = readFormula("claim('b') + claim('a') * claim('b')");
    expect("claims" in read && read.claims).toEqual(["b", "a"]);
  });
});
