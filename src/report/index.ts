export {
  type AuditResult,
  auditCsv,
  auditPage,
  auditReport,
  auditSentence,
} from "./audit-report.ts";
export { auditText, changesText, claimsText, explanationText } from "./audit-text.ts";
export { chromeTrace, type RunPicture } from "./chrome-trace.ts";
export { type ComparedRun, type Comparison, compareRuns } from "./compare.ts";
export {
  type ComparisonPart,
  comparisonCsv,
  comparisonPage,
  comparisonReport,
  comparisonText,
} from "./compare-text.ts";
export {
  csvFile,
  indexPage,
  markdownFile,
  page,
  type ReportFile,
  type TableSection,
} from "./document.ts";
export { documentCodeReport } from "./document-code.ts";
export { type JsonObject, measureTable } from "./measures.ts";
export { printable } from "./printable.ts";
export { counterexampleText, proofTable } from "./proof-text.ts";
export { propertyReport, type ReportedProof } from "./property-report.ts";
export { replayText } from "./replay-text.ts";
export { runCaseText } from "./run-case-text.ts";
export { runReport } from "./run-report.ts";
export { runRequestsCsv, runSeriesCsv, runSpansCsv } from "./run-rows.ts";
export { decimals, showCount, showDuration, showRatio, showSize } from "./show.ts";
export { type Table, table } from "./table.ts";
export { textTable } from "./text-table.ts";
export { provenance, provenanceTable, statisticsTable, traceReport } from "./trace-report.ts";
export { subjectTable, trialSentence, trialTable, trialText } from "./trial-text.ts";
