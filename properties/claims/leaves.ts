/** Claims over figures of the reference, such that every figure shows: sums and products of numbers above 0. */
import fc from "fast-check";
import { type Fact, supposed, withFigures } from "#spec";
import { oneOfValues } from "#verify";
import { audit, DOCUMENT, type Reply, type Row } from "./audits.ts";

/** Functions that give one fact each, with its address, written out. */
const LEAVES = [
  { formula: "gpus()", address: "gpu_count" },
  { formula: "gpus_per_domain()", address: "gpus_per_domain" },
  { formula: "sms('b200')", address: "b200.sms" },
  { formula: "sms('h100')", address: "h100.sms" },
  { formula: "hbm('h100') / (1 GB)", address: "h100.hbm_bytes" },
  { formula: "layers('llama-70b')", address: "llama-70b.layers" },
  { formula: "hop_latency() / (1 ns)", address: "hop_latency_ns" },
  { formula: "bytes_per_value('fp8') / (1 B)", address: "fp8.bytes_per_value" },
] as const;

/** A claim: a figure, as its number in the list, plus twice each earlier claim of these, as bits. */
export type Leaf = { readonly leaf: number; readonly operands: number; readonly stated: number };

/** Which figure becomes how many times as much. */
export type Put = { readonly leaf: number; readonly factor: number };

/** What is audited, with figures put in one after another. */
export type Call = {
  readonly rows: readonly Row[];
  readonly put: readonly { readonly address: string; readonly value: number }[];
};

/** Claims and a figure to put in; figures meet claims half of the time. */
export const leaves: fc.Arbitrary<{ readonly claims: readonly Leaf[]; readonly put: Put }> =
  fc.record({
    claims: fc.array(
      fc.record({
        leaf: fc.nat({ max: LEAVES.length - 1 }),
        operands: fc.nat({ max: 7 }),
        stated: oneOfValues(1, 2, 72, 132, 144, 80),
      }),
      { minLength: 1, maxLength: 3, size: "max" },
    ),
    put: fc.record({
      leaf: fc.nat({ max: LEAVES.length - 1 }),
      factor: oneOfValues(2, 3, 1.37, 0.5),
    }),
  });

/** The earlier claims that a claim uses. */
const operandsOf = ({ operands }: Leaf, at: number): readonly number[] =>
  Array.from({ length: at }, (_, other) => other).filter((other) => (operands >> other) % 2 === 1);

const idOf = (at: number): string => `c${at}`;

/** Claims as rows of a file. */
export const rowsOf = (claims: readonly Leaf[]): readonly Row[] =>
  claims.map((claim, at) => ({
    id: idOf(at),
    stated: String(claim.stated),
    decimals: 0,
    unit: "x",
    formula: [
      LEAVES[claim.leaf]?.formula ?? "1",
      ...operandsOf(claim, at).map((other) => `2 * claim('${idOf(other)}')`),
    ].join(" + "),
  }));

/** The addresses that each claim rests on, its operands' included, in order. */
export const restsOf = (claims: readonly Leaf[]): readonly (readonly string[])[] => {
  const found: string[][] = [];
  for (const [at, claim] of claims.entries()) {
    const own = LEAVES[claim.leaf]?.address ?? "";
    const used = operandsOf(claim, at).flatMap((other) => found[other] ?? []);
    found.push([...new Set([own, ...used])].toSorted());
  }
  return found;
};

/** What each figure is in the document, written out. */
export const GIVEN: Readonly<Record<string, number>> = {
  gpu_count: 72,
  gpus_per_domain: 8,
  "b200.sms": 192,
  "h100.sms": 132,
  "h100.hbm_bytes": 80e9,
  "llama-70b.layers": 80,
  hop_latency_ns: 500,
  "fp8.bytes_per_value": 1,
};

/** Audits claims with figures put in. */
export const auditWith = ({ rows, put }: Call): Reply => {
  let reference = DOCUMENT;
  for (const { address, value } of put)
    reference = withFigures(
      reference,
      new Map<string, Fact<unknown>>([[address, supposed(value)]]),
    );
  return audit(rows, reference);
};

/** The figure that a case puts in. */
export const putOf = ({
  leaf,
  factor,
}: Put): { readonly address: string; readonly value: number } => {
  const address = LEAVES[leaf]?.address ?? "";
  return { address, value: (GIVEN[address] ?? Number.NaN) * factor };
};
