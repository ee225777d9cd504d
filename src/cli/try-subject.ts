import { byText, InputError, meant } from "#base";
import {
  casesOf,
  DOCUMENT_SUBJECTS,
  EFFORT_PROFILES,
  loadProperties,
  type Property,
  readCases,
  type SubjectTrial,
  type TriedSubject,
  trySubject,
} from "#verify";
import { chosen, type ProofPlan } from "./prove-all.ts";

/** The implementations that can be tried by name, in order of name. */
export const SUBJECTS: readonly TriedSubject[] = DOCUMENT_SUBJECTS.toSorted(
  byText(({ name }) => name),
);

/** The implementation of a name. Throws an `InputError` (VERIFY-2) that names the nearest when there is none. */
export const subjectNamed = (name: string): TriedSubject => {
  const found = SUBJECTS.find((subject) => subject.name === name);
  if (found !== undefined) return found;
  const names = SUBJECTS.map((subject) => subject.name);
  const near = meant(withoutFolder(name), names.map(withoutFolder)).flatMap((short) =>
    names.filter((full) => withoutFolder(full) === short),
  );
  const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "";
  const message = `a subject must be one of ${names.join(", ")}, found ${JSON.stringify(name)}${hint}`;
  throw new InputError([{ code: "VERIFY-2", message }]);
};

/** `document/gang` without what all names begin with, by which they are all alike. */
const withoutFolder = (name: string): string => name.slice(name.indexOf("/") + 1);

/** The properties of a plan that ask an implementation something. Throws an `InputError` (VERIFY-2) when none of them does. */
const asking = (subject: TriedSubject, properties: readonly Property[]): readonly Property[] => {
  const found = properties.filter((property) => subject.answersFor(property) !== undefined);
  if (found.length > 0) return found;
  const message = `a subject must be asked something: no property of the choice asks ${subject.name}`;
  throw new InputError([{ code: "VERIFY-2", message }]);
};

/**
 * Tries the properties of a plan on an implementation. Cases that were kept of the reference come first; none is kept of this, and no
 * verdict is stored.
 */
export const tryNamed = async (subject: TriedSubject, plan: ProofPlan): Promise<SubjectTrial> => {
  const properties = asking(subject, chosen(await loadProperties(plan.properties), plan));
  const kept = readCases(plan.cases);
  const effort = { ...EFFORT_PROFILES[plan.profile], seed: plan.seed };
  return trySubject(subject, properties, effort, (property) => casesOf(property, kept));
};
