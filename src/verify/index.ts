export { casesOf, loadProperties, readCases, type SavedCase } from "./catalogue.ts";
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
