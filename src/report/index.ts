export {
  type AuditResult,
  auditCsv,
  auditPage,
  auditReport,
  auditSentence,
} from "./audit-report.ts";
export { auditText, changesText, claimsText, explanationText } from "./audit-text.ts";
export {
  csvFile,
  indexPage,
  markdownFile,
  page,
  type ReportFile,
  type TableSection,
} from "./document.ts";
export { documentCodeReport } from "./document-code.ts";
export type { JsonObject } from "./measures.ts";
export { printable } from "./printable.ts";
export { counterexampleText, proofTable } from "./proof-text.ts";
export { propertyReport, type ReportedProof } from "./property-report.ts";
export { replayText } from "./replay-text.ts";
export { runReport } from "./run-report.ts";
export { decimals, showCount, showDuration, showRatio, showSize } from "./show.ts";
export { type Table, table } from "./table.ts";
export { textTable } from "./text-table.ts";
export { provenance, provenanceTable, statisticsTable, traceReport } from "./trace-report.ts";
export { subjectTable, trialSentence, trialTable, trialText } from "./trial-text.ts";
