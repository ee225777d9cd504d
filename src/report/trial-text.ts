import { canonicalJson, type Json } from "#base";
import type { SubjectTrial, Trial } from "#verify";
import { printable } from "./printable.ts";
import { caseLines } from "./proof-text.ts";
import { showCount } from "./show.ts";
import { type Table, table } from "./table.ts";

/** Why a property is not applicable; empty for one that is. */
export const whyNot = ({ verdict, judged, missing, unmet }: Trial): string => {
  if (verdict !== "not applicable") return "";
  const lacks = missing.map(({ what }) => what).join(", ");
  if (judged === 0) return `every case needs what there is not: ${lacks}`;
  const because = lacks === "" ? "" : `, for want of ${lacks}`;
  return `held of ${showCount(judged)} cases, in which these never came up${because}: ${unmet.join("; ")}`;
};

/** Two values of which the second should be the first: of records with the same names only what differs. */
export const differing = (expected: Json, found: Json): readonly [Json, Json] => {
  const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord(expected) || !isRecord(found)) return [expected, found];
  const keys = Object.keys(expected);
  const isAlike = keys.length === Object.keys(found).length && keys.every((key) => key in found);
  if (!isAlike) return [expected, found];
  const other = keys.filter(
    (key) => canonicalJson(expected[key] as Json) !== canonicalJson(found[key] as Json),
  );
  const only = (record: { readonly [key: string]: Json }): Json =>
    Object.fromEntries(other.map((key) => [key, record[key] as Json]));
  return [only(expected), only(found)];
};

/** The implementations that can be tried. */
export const subjectTable = (
  subjects: readonly Pick<SubjectTrial, "name" | "part" | "about">[],
): Table =>
  table({
    columns: [
      { name: "name", title: "Subject" },
      { name: "part", title: "Part" },
      { name: "about", title: "What it is" },
    ],
    rows: subjects.map(({ name, part, about }) => ({ name, part, about })),
    empty: "There is none.",
  });

/** What was tried on an implementation, for a terminal. */
export const trialTable = (trials: readonly Trial[]): Table =>
  table({
    columns: [
      { name: "id", title: "Property" },
      { name: "verdict", title: "Verdict" },
      { name: "judged", title: "Cases", align: "right", show: showCount },
      { name: "statement", title: "Statement" },
    ],
    rows: trials.map(({ id, verdict, judged, statement }) => ({ id, verdict, judged, statement })),
    empty: "No property asks it anything.",
  });

const brokenText = ({ id, statement, counterexample }: Trial, again: string): string => {
  if (counterexample === undefined) return "";
  const { origin, case: given, finding } = counterexample;
  const [expected, found] = differing(finding.expected, finding.found);
  return [
    `\n${id} is broken (case: ${origin}): ${statement}\n`,
    ...caseLines(given).map((text) => `  ${printable(text)}\n`),
    `  at call ${finding.at}${finding.about ? `, ${printable(finding.about)}` : ""}:\n`,
    `    expected ${printable(canonicalJson(expected))}\n`,
    `    found    ${printable(canonicalJson(found))}\n`,
    `  ${again} --property ${id} plays it again\n`,
  ].join("");
};

/**
 * Every property that is broken as a story, then every one that could not be judged, with the reason. `again` is the command that tries the
 * implementation.
 */
export const trialText = ({ trials }: SubjectTrial, again: string): string => {
  const reasons = trials.filter(({ verdict }) => verdict === "not applicable");
  return [
    ...trials.map((trial) => brokenText(trial, again)),
    ...reasons.map((trial) => `\n${trial.id} is not applicable: ${printable(whyNot(trial))}\n`),
  ].join("");
};

/** `document/gang breaks 11 of 19 properties; 1 held, 7 not applicable` */
export const trialSentence = ({ name, trials }: SubjectTrial): string => {
  const count = (verdict: Trial["verdict"]): number =>
    trials.filter((trial) => trial.verdict === verdict).length;
  const [broken, holds, others] = [count("broken"), count("holds"), count("not applicable")];
  const all = trials.length === 1 ? "1 property" : `${showCount(trials.length)} properties`;
  return `${name} breaks ${broken} of ${all}; ${holds} held, ${others} not applicable`;
};
