import { isRefused, type Json } from "#base";
import type { Missing } from "../missing.ts";
import type { Finding, Property } from "../property.ts";
import { type SubjectTrial, type TrialEffort, trySubject } from "../trial.ts";
import { findingOn } from "../trial-judge.ts";
import type { Absence, Defect, DocumentSubject } from "./defect.ts";

/** A defect with the evidence. */
export type ShownDefect = Defect & {
  readonly statement: string;
  readonly case: Json;
  readonly finding: Finding;
};

/** Something that is missing, with the properties that ask for it, and a case of the first that does. */
export type ShownAbsence = Absence & Missing & { readonly properties: readonly string[] };

/** What came of trying one class or function of the document. */
export type DocumentTrial = SubjectTrial &
  Pick<DocumentSubject, "remarks"> & {
    readonly defects: readonly ShownDefect[];
    readonly absences: readonly ShownAbsence[];
    /** Defects that are written down and that their property did not show: none, or this table is wrong. */
    readonly notShown: readonly Defect[];
  };

const evidence = (
  defect: Defect,
  subject: DocumentSubject,
  property: Property,
  trial: SubjectTrial,
): ShownDefect | undefined => {
  const { statement } = property;
  if (defect.case === undefined) {
    const found = trial.trials.find(({ id }) => id === defect.property)?.counterexample;
    return found && { ...defect, statement, case: found.case, finding: found.finding };
  }
  const answers = subject.answersFor(property);
  const finding = answers && findingOn(property, answers, defect.case);
  return finding && { ...defect, statement, case: defect.case, finding };
};

const shownAbsences = (
  { absences }: DocumentSubject,
  { trials }: SubjectTrial,
): readonly ShownAbsence[] =>
  absences.flatMap((absence) => {
    const asking = trials.flatMap(({ id, missing }) =>
      missing.filter(({ what }) => what === absence.what).map((shown) => ({ id, shown })),
    );
    const properties = asking.map(({ id }) => id);
    const isDone = ({ shown }: (typeof asking)[number]): boolean => !isRefused(shown.expected);
    const { shown } = asking.find(isDone) ?? asking[0] ?? {};
    return shown === undefined ? [] : [{ ...absence, ...shown, properties }];
  });

/** Tries one class or function of the document on every property that asks it something, and shows each of its defects. */
const tryOne = (
  subject: DocumentSubject,
  properties: readonly Property[],
  effort: TrialEffort,
): DocumentTrial => {
  const trial = trySubject(subject, properties, effort);
  const judged = subject.defects.map((defect) => {
    const property = properties.find(({ id }) => id === defect.property);
    return { defect, shown: property && evidence(defect, subject, property, trial) };
  });
  return {
    ...trial,
    remarks: subject.remarks,
    defects: judged.flatMap(({ shown }) => shown ?? []),
    absences: shownAbsences(subject, trial),
    notShown: judged.filter(({ shown }) => shown === undefined).map(({ defect }) => defect),
  };
};

/** How hard the document's code is tried: the same for everybody, so that the same code gives the same report. */
const EFFORT: TrialEffort = { seed: 1, cases: 100, smallCases: 1000 };

/** Tries all of the document's code. Takes about two seconds; kept cases of the reference are not among those tried. */
export const tryDocument = (
  subjects: readonly DocumentSubject[],
  properties: readonly Property[],
): readonly DocumentTrial[] => subjects.map((subject) => tryOne(subject, properties, EFFORT));
