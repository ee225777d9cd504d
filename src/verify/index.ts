export type { TriedSubject } from "./answers.ts";
export { casesOf, loadProperties, readCases, type SavedCase } from "./catalogue.ts";
export {
  DOCUMENT_SUBJECTS,
  type DocumentSubject,
  type DocumentTrial,
  type ShownAbsence,
  type ShownDefect,
  tryDocument,
} from "./document/index.ts";
export { EFFORT_PROFILES, type EffortProfile } from "./effort.ts";
export {
  type Given,
  type HistoryShape,
  histories,
  isCase,
  oneOfValues,
  sequences,
  values,
} from "./given.ts";
export type { Missing } from "./missing.ts";
export {
  agreesWith,
  asIs,
  differs,
  finding,
  firstDifference,
  play,
  watching,
} from "./obligations.ts";
export {
  type Finding,
  type Property,
  type PropertySpec,
  property,
  type Script,
  type Subject,
} from "./property.ts";
export {
  type CaseOrigin,
  type Counterexample,
  type Effort,
  judge,
  type Proof,
  type ProofVerdict,
  prove,
  shrink,
} from "./prove.ts";
export {
  type PartsOf,
  type PlayedRun,
  playRunCase,
  type RunCase,
  readRunCase,
  runCaseJson,
  SHRINK_BUDGET,
  type ShrunkRun,
  shrinkRun,
} from "./shrink-run/index.ts";
export { expectSame, expectTrue, stepwise } from "./stepwise.ts";
export {
  type SubjectTrial,
  type Trial,
  type TrialEffort,
  type TrialVerdict,
  trySubject,
} from "./trial.ts";
