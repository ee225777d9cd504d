import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Figure, figures, findProfile, referenceOf, supposed, withFigures } from "#spec";
import { auditClaims, type Judged } from "./audit.ts";
import { createEvaluator, type Evaluator } from "./evaluate.ts";
import { prepare } from "./prepare.ts";
import { readClaims } from "./read-claims.ts";

const FOLDER = fileURLToPath(new URL("document/", import.meta.url));
const textOf = (name: string): string => readFileSync(`${FOLDER}${name}`, "utf8");
const { chapters } = JSON.parse(textOf("contents.json")) as { chapters: readonly string[] };

const prepared = prepare(
  chapters.flatMap((name) => readClaims(textOf(`${name}.csv`), name).claims),
);
const DOCUMENT = referenceOf(findProfile("document"));
const judged = auditClaims(prepared, DOCUMENT);
const byId = new Map(judged.map((one) => [one.claim.id, one]));

/** Other counts that keep superchips within domains within the rack; other names that are known. */
const OTHERS: Readonly<Record<string, unknown>> = {
  gpu_count: 144,
  gpus_per_superchip: 4,
  gpus_per_domain: 24,
  fp4: "fp8",
  fp8: "fp16",
  fp16: "fp8",
  e2m1: "int4",
  int4: "e2m1",
  e4m3: "e5m2",
  bf16: "fp16",
  "llama-405b": "llama-70b",
};

const another = ({ address, fact: { value } }: Figure): unknown => {
  if (address in OTHERS) return OTHERS[address];
  if (typeof value !== "number") return OTHERS[String(value)];
  if (value === 0) return 1;
  return Number.isInteger(value) && value < 1e6 ? value * 2 : value * 1.37;
};

const comesTo = (evaluator: Evaluator, id: string): number | string => {
  const { value } = evaluator.exact(id);
  return value === undefined ? "declined" : evaluator.inUnitOf(id, value, "formula");
};

const isOther = (one: number | string, other: number | string): boolean =>
  typeof one === "number" && typeof other === "number"
    ? Math.abs(one - other) > 1e-9 * Math.max(Math.abs(one), Math.abs(other))
    : one !== other;

/** A claim and all those that it uses, at any depth. */
const basis = (one: Judged): readonly Judged[] => [
  one,
  ...one.uses.flatMap((id) => basis(byId.get(id) as Judged)),
];

/** What can make the same of different operands: the longer of two times, whole numbers, yes or no, and names. */
const HIDES =
  /\b(min|max|floor|ceil|round|decode_time|prefill_time|decode_bound|efficiency|value_count|value_list|largest_value|mixed_peak)\(|[<>]|==/;

/** A line or a minus; superchips and domains are GPUs divided by those of each. */
const DIVIDES = /[/-]|\b(superchips|domains)\(/;

/** Whether a claim may stay as it is although a figure that it rests on is another: decided by how it is written alone. */
const mayHide = (one: Judged, address: string): boolean => {
  const all = basis(one);
  const formulas = all.map(({ claim }) => claim.formula).join(" ");
  const readings = all
    .flatMap(({ calls }) => calls)
    .filter(({ figures: read }) => read.some((figure) => figure.address === address));
  // What stands above and below a line, or on both sides of a minus, goes out.
  return HIDES.test(formulas) || (readings.length > 1 && DIVIDES.test(formulas));
};

const before = createEvaluator(prepared, DOCUMENT);
const values = new Map([...prepared.keys()].map((id) => [id, comesTo(before, id)]));

const withAnother = (figure: Figure): ReadonlySet<string> => {
  const put = new Map([[figure.address, supposed(another(figure))]]);
  const after = createEvaluator(prepared, withFigures(DOCUMENT, put));
  const turned = [...values].filter(([id, value]) => isOther(value, comesTo(after, id)));
  return new Set(turned.map(([id]) => id));
};

describe("another figure in the reference", () => {
  const all = figures(DOCUMENT).map((figure) => ({ figure, turned: withAnother(figure) }));

  it("is put in at every address, and most of them matter to a claim", () => {
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter(({ figure }) => another(figure) === undefined)).toEqual([]);
    expect(all.filter(({ turned }) => turned.size > 0).length).toBeGreaterThan(40);
  });

  it("turns no claim but those that rest on it", () => {
    const strays = all.flatMap(({ figure: { address }, turned }) =>
      [...turned]
        .filter((id) => byId.get(id)?.rests.has(address) !== true)
        .map((id) => `${address}: ${id}`),
    );
    expect(strays).toEqual([]);
  });

  it("turns every claim that rests on it, but where a limit, a whole number or a ratio hides it", () => {
    const still = all.flatMap(({ figure: { address }, turned }) =>
      judged
        .filter(({ claim, rests }) => rests.has(address) && !turned.has(claim.id))
        .filter((one) => !mayHide(one, address))
        .map(({ claim }) => `${address}: ${claim.id}`),
    );
    expect(still).toEqual([]);
  });

  it("is mostly not hidden", () => {
    const pairs = all.flatMap(({ figure, turned }) =>
      judged
        .filter(({ rests }) => rests.has(figure.address))
        .map(({ claim }) => turned.has(claim.id)),
    );
    expect(pairs.filter((has) => has).length / pairs.length).toBeGreaterThan(0.5);
  });
});
