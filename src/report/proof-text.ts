import { canonicalJson, type Json } from "#base";
import type { Proof } from "#verify";
import { printable } from "./printable.ts";
import { showCount } from "./show.ts";
import { type Table, table } from "./table.ts";

/** What was proved, for a terminal: the verdict first and the long statement last. */
export const proofTable = (proofs: readonly Proof[]): Table =>
  table({
    columns: [
      { name: "id", title: "Property" },
      { name: "verdict", title: "Verdict" },
      { name: "cases", title: "Cases", align: "right", show: showCount },
      { name: "witnesses", title: "Witnesses", align: "right" },
      { name: "mutants", title: "Mutants", align: "right" },
      { name: "statement", title: "Statement" },
    ],
    rows: proofs.map((proof) => ({
      id: proof.id,
      verdict: proof.verdict,
      cases: proof.casesDone,
      witnesses: `${proof.witnesses.filter(({ count, minimum }) => count >= minimum).length}/${proof.witnesses.length}`,
      mutants: `${proof.mutants.filter(({ caught }) => caught).length}/${proof.mutants.length}`,
      statement: proof.statement,
    })),
    empty: "No property was tried.",
  });

/** One event of a history as a call: `{ kind: "store", worker: 1, block: 3 }` is `store(worker 1, block 3)`. */
const eventText = (event: Json): string => {
  if (typeof event !== "object" || event === null || Array.isArray(event))
    return canonicalJson(event);
  const { kind, ...rest } = event as { readonly [key: string]: Json };
  if (typeof kind !== "string") return canonicalJson(event);
  const words = Object.entries(rest).map(([name, value]) => `${name} ${canonicalJson(value)}`);
  return `${kind}(${words.join(", ")})`;
};

/** A case as lines: a history an event a line, a record a line a field. */
export const caseLines = (given: Json): readonly string[] => {
  if (Array.isArray(given)) return given.map((event: Json) => eventText(event));
  if (typeof given !== "object" || given === null) return [canonicalJson(given)];
  return Object.entries(given as { readonly [key: string]: Json }).flatMap(([name, value]) =>
    Array.isArray(value)
      ? [`${name}:`, ...value.map((event: Json) => `  ${eventText(event)}`)]
      : [`${name} ${canonicalJson(value)}`],
  );
};

/** Why a property is not proven, as a story: the shortest case, a line an event, and the first difference. Empty when it holds. */
export const counterexampleText = (proof: Proof): string => {
  if (proof.verdict === "holds") return "";
  const missing = [
    ...proof.witnesses
      .filter(({ count, minimum }) => count < minimum)
      .map(({ name, count, minimum }) => `came up ${count} times, not ${minimum}: ${name}`),
    ...proof.mutants.filter(({ caught }) => !caught).map(({ name }) => `not caught: ${name}`),
  ];
  const { counterexample } = proof;
  if (counterexample === undefined) {
    return `\n${proof.id} is unproven\n${missing.map((text) => `  ${printable(text)}\n`).join("")}`;
  }
  const { origin, case: given, finding } = counterexample;
  return [
    `\n${proof.id} is broken (case: ${origin}): ${proof.statement}\n`,
    ...caseLines(given).map((text) => `  ${printable(text)}\n`),
    `  at call ${finding.at}${finding.about ? `, ${finding.about}` : ""}:\n`,
    `    expected ${printable(canonicalJson(finding.expected))}\n`,
    `    found    ${printable(canonicalJson(finding.found))}\n`,
    `  rackproof verify --property ${proof.id} --seed ${proof.seed} plays it again, first of all\n`,
  ].join("");
};
