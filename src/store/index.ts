export type { CaseRecord, StoredCase } from "./cases.ts";
export { openStore, type Store, type StoreOptions } from "./open-store.ts";
export type { RunFindings, RunInput, RunInvariant, RunRecord } from "./run-record.ts";
export type { RunRequestRow, RunSeriesRow, RunSpanRow } from "./run-rows.ts";
export type { RunWriter } from "./run-writer.ts";
export type { RunRowCounts, StoredRun } from "./runs.ts";
export type { StoredTrace } from "./trace-rows.ts";
export type { TraceWriter } from "./trace-writer.ts";
export type { Verdict, VerdictRecord } from "./verdicts.ts";
