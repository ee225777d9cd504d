import type { Change, Explained, Judged } from "#claims";
import { computedText, correctedText, statedText } from "./audit-cells.ts";
import { auditSentence } from "./audit-report.ts";
import { rootLines } from "./audit-roots.ts";
import { causeTable, changeTable, sectionTable } from "./audit-tables.ts";
import { printable } from "./printable.ts";
import { textTable } from "./text-table.ts";

/** Longer lines than this are broken between words. */
const WIDTH = 100;

const wrapped = (text: string, indent: string): string => {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}\n`).join("");
};

const claimText = (judged: Judged): string => {
  const { claim, cause, inherits, declined } = judged;
  const reason =
    inherits.length === 0 ? (cause ?? judged.verdict) : `inherited from ${inherits.join(", ")}`;
  const figures = `stated ${statedText(judged)}, computed ${computedText(judged)}`;
  const right = judged.verdict === "inconsistent" ? `, corrected ${correctedText(judged)}` : "";
  return [
    `${claim.id} · ${claim.place}\n`,
    wrapped(claim.states, "  "),
    wrapped(`${figures}${right} [${reason}]`, "  "),
    claim.because === "" ? "" : wrapped(claim.because, "  "),
    declined === null ? "" : wrapped(declined, "  "),
  ].join("");
};

/** A list of claims, each with its figures and why. */
export const claimsText = (judged: readonly Judged[]): string =>
  judged.length === 0 ? "No claim is so.\n" : judged.map(claimText).join("\n");

/** An audit for a terminal: by section, by cause, the roots, and what does not hold, one after the other. */
export const auditText = (judged: readonly Judged[], changes: readonly Change[]): string => {
  const roots = rootLines(judged);
  return [
    textTable(sectionTable(judged)),
    textTable(causeTable(judged)),
    ...(roots.length === 0 ? [] : [`Roots, and what follows from them\n\n${roots.join("\n")}\n`]),
    claimsText(judged.filter(({ verdict }) => verdict === "inconsistent")),
    `${auditSentence(judged)}\n`,
    ...(changes.length === 0 ? [] : [changesText(changes)]),
  ].join("\n");
};

/** The claims that turned, as a table with a heading. */
export const changesText = (changes: readonly Change[]): string =>
  `${changes.length} not as recorded\n\n${textTable(changeTable(changes))}`;

const explainedLines = ({ what, value, source, from }: Explained, depth: number): string => {
  const indent = "  ".repeat(depth);
  const line = `${indent}${printable(what)} → ${printable(value)}${source === null ? "" : ` (${printable(source)})`}\n`;
  return line + from.map((one) => explainedLines(one, depth + 1)).join("");
};

/** How a claim is computed, as a tree down to what is given. */
export const explanationText = (judged: Judged, explained: Explained): string =>
  `${claimText(judged)}\n${explainedLines(explained, 0)}`;
