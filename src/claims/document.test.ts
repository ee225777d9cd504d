import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatIssue } from "#base";
import { figures, findProfile, referenceOf } from "#spec";
import { auditClaims, type Judged } from "./audit.ts";
import { changesOf } from "./changes.ts";
import type { Claim } from "./claim.ts";
import { readFormula } from "./formula.ts";
import { readNotes } from "./notes.ts";
import { prepare } from "./prepare.ts";
import { readClaims } from "./read-claims.ts";
import { type ClaimTable, cellOf } from "./tables.ts";
import { inUnit, type Value } from "./units.ts";
import { callFunction } from "./vocabulary.ts";

const FOLDER = fileURLToPath(new URL("document/", import.meta.url));
const textOf = (name: string): string => readFileSync(`${FOLDER}${name}`, "utf8");

const { chapters, tables } = JSON.parse(textOf("contents.json")) as {
  readonly chapters: readonly string[];
  readonly tables: readonly ClaimTable[];
};
const read = chapters.map((name) => readClaims(textOf(`${name}.csv`), `${name}.csv`));
const claims = read.flatMap((file) => file.claims);
const [document, datasheet] = [
  referenceOf(findProfile("document")),
  referenceOf(findProfile("datasheet")),
];
const prepared = prepare(claims);
const judged = auditClaims(prepared, document);
const byId = new Map(judged.map((one) => [one.claim.id, one]));

const idsOf = (some: readonly Judged[]): readonly string[] => some.map(({ claim }) => claim.id);

/** A formula worked out with each claim that it refers to as printed. */
const fromPrinted = ({ formula, unit }: Claim): number => {
  const [sum, one] = [readFormula(formula), readFormula(unit)];
  if ("faults" in sum || "faults" in one) return Number.NaN;
  const call = (name: string, args: readonly Value[]) => callFunction(document, name, args);
  const claim = (id: string): Value => {
    const { stated, unit: its } = (byId.get(id) as Judged).claim;
    const printed = readFormula(`${stated} * (${its})`);
    return "faults" in printed ? Number.NaN : printed.evaluate({ claim, call });
  };
  const world = { claim, call };
  return inUnit(sum.evaluate(world), one.evaluate(world)) ?? Number.NaN;
};

describe("the document's claims", () => {
  it("are read without a fault, well over 250 of them", () => {
    expect(read.flatMap(({ issues }) => issues).map(formatIssue)).toEqual([]);
    expect(claims.length).toBeGreaterThan(500);
    expect(chapters.filter((_, at) => read[at]?.claims.length === 0)).toEqual([]);
  });

  it("have the verdicts that are recorded, and routes that lead to the stated figures", () => {
    expect(
      changesOf(judged).map(({ judged, recorded, found }) => [judged.claim.id, recorded, found]),
    ).toEqual([]);
    expect(idsOf(judged.filter(({ claim }) => claim.verdict === ""))).toEqual([]);
  });

  it("have a place and a sentence each, and a chapter of the ten", () => {
    expect(
      claims.filter(({ place, states }) => place === "" || states.length < 8).map(({ id }) => id),
    ).toEqual([]);
    expect([...new Set(claims.map(({ section }) => section))]).toEqual([
      "introduction",
      "hardware",
      "fp4",
      "transfer",
      "capacity",
      "sharing",
      "gang",
      "end-to-end",
      "optimizations",
      "summary",
    ]);
  });

  it("fill every cell of the eight tables, and no cell that is not declared", () => {
    const cell = (table: string, row: string, column: string) => `${table}/${row}/${column}`;
    const declared = tables.flatMap(({ id, rows, columns }) =>
      rows.flatMap((row) => columns.map((column) => cell(id, row, column))),
    );
    const claimed = new Set(
      claims.flatMap(({ place }) => {
        const found = cellOf(place);
        return found === undefined ? [] : [cell(found.table, found.row, found.column)];
      }),
    );
    expect(tables.map(({ id }) => id)).toEqual([
      "gpu",
      "superchip",
      "rack",
      "decode",
      "transfer",
      "capacity",
      "all-reduce",
      "end-to-end",
    ]);
    expect(new Set(declared).size).toBe(declared.length);
    expect(declared.filter((one) => !claimed.has(one))).toEqual([]);
    expect([...claimed].filter((one) => !declared.includes(one))).toEqual([]);
    const places = claims.map(({ place }) => place).filter((place) => place.startsWith("table"));
    expect(places.filter((place) => cellOf(place) === undefined)).toEqual([]);
  });

  it("that do not hold say why, with numbers", () => {
    const wrong = judged.filter(({ verdict }) => verdict === "inconsistent");
    expect(wrong.length).toBeGreaterThan(50);
    expect(idsOf(wrong.filter(({ claim }) => !/\d/.test(claim.because)))).toEqual([]);
    expect(idsOf(wrong.filter(({ claim }) => claim.because.length < 20))).toEqual([]);
  });

  it("that do not hold have the right figure beside them, unless nothing fits in memory", () => {
    const wrong = judged.filter(
      ({ verdict, corrected }) => verdict === "inconsistent" && corrected === null,
    );
    expect(idsOf(wrong.filter(({ declined }) => declined === null))).toEqual([]);
  });

  it("that inherit say from which, and those do not hold either", () => {
    const heirs = judged.filter(({ cause }) => cause === "inherited");
    expect(idsOf(heirs.filter(({ inherits }) => inherits.length === 0))).toEqual([]);
    const sound = heirs.filter(({ inherits }) =>
      inherits.some((id) => byId.get(id)?.verdict !== "inconsistent"),
    );
    expect(idsOf(sound)).toEqual([]);
  });

  it("that are derived are derived from something: but for conversions of units, three say why not", () => {
    const bare = claims.filter(
      ({ kind, formula }) => kind === "derived" && !/[a-z0-9_]+\(/.test(formula),
    );
    const literals = bare.filter(({ formula }) => !/[A-Za-z]/.test(formula.replace(/'.*?'/g, "")));
    expect(literals.map(({ id, formula }) => [id, formula])).toEqual([
      ["sharing.code.strategy", "2"],
      ["e2e.prose.per_clock", "'second'"],
      ["optimizations.tier.counts", "1"],
    ]);
    expect(literals.filter(({ because }) => because === "")).toEqual([]);
  });

  it("that are rounded are so, by their own digits or from operands as they are printed", () => {
    const rounded = judged.filter(({ verdict }) => verdict === "rounded");
    const untrue = rounded.filter(({ claim, stated, computed }) => {
      if (typeof stated !== "number" || typeof computed !== "number") return true;
      const half = 0.5 / 10 ** claim.decimals;
      const isWithin = (value: number) => Math.abs(stated - value) <= half * (1 + 1e-9);
      return stated === computed || !(isWithin(computed) || isWithin(fromPrinted(claim)));
    });
    expect(rounded.length).toBeGreaterThan(30);
    expect(idsOf(untrue)).toEqual([]);
  });

  it("that are consistent are exact", () => {
    const untrue = judged.filter(
      ({ verdict, stated, computed }) =>
        verdict === "consistent" &&
        stated !== computed &&
        !(Math.abs(Number(stated) - Number(computed)) <= 1e-9 * Math.abs(Number(computed))),
    );
    expect(idsOf(untrue)).toEqual([]);
  });

  it("can be audited on public figures, which turn some of them", () => {
    expect(changesOf(auditClaims(prepared, datasheet, document)).length).toBeGreaterThan(10);
  });
});

describe("the notes", () => {
  const notes = readNotes(textOf("notes.csv"), "notes.csv", document, datasheet);

  it("speak of every figure on which the two profiles differ", () => {
    const stated = new Map(figures(document).map(({ address, fact }) => [address, fact.value]));
    const known = new Map(figures(datasheet).map(({ address, fact }) => [address, fact.value]));
    const different = [...known].flatMap(([address, value]) =>
      stated.has(address) && stated.get(address) !== value ? [address] : [],
    );
    expect(different.length).toBeGreaterThan(5);
    const noted = new Set(notes.map(({ figure }) => figure));
    expect(different.filter((address) => !noted.has(address))).toEqual([]);
  });

  it("say something of each", () => {
    expect(notes.filter(({ topic, says }) => topic === "" || says === "")).toEqual([]);
  });
});
