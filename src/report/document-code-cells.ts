import { canonicalJson, type Json } from "#base";
import type { ShownDefect } from "#verify";
import { caseLines } from "./proof-text.ts";
import { differing } from "./trial-text.ts";

/** How much of a case or a reply a page shows; the table for programs has all of it. */
const SHOWN_CHARACTERS = 320;

/** A text, cut where a page would become a wall. */
export const clipped = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;

const isEvent = (value: Json): boolean =>
  typeof value === "object" && value !== null && "kind" in value;

const fieldText = ([name, value]: readonly [string, Json]): string =>
  Array.isArray(value) && value.length > 0 && value.every(isEvent)
    ? caseLines(value).join("; ")
    : `${name} ${canonicalJson(value)}`;

/** A case as one line: its events in order, and what stands beside them. */
export const story = (given: Json): string => {
  const isRecord = typeof given === "object" && given !== null && !Array.isArray(given);
  if (!isRecord || isEvent(given)) return clipped(caseLines([given].flat()).join("; "));
  return clipped(Object.entries(given).map(fieldText).join("; "));
};

/** Where the two part, in words. */
export const found = ({ finding }: ShownDefect) => {
  const [expected, instead] = differing(finding.expected, finding.found);
  const about = finding.about === undefined ? "" : `${finding.about}: `;
  return {
    happened: clipped(`${about}${canonicalJson(instead)}`),
    should: clipped(`${about}${canonicalJson(expected)}`),
  };
};
