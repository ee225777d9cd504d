export type { CaseRecord, StoredCase } from "./cases.ts";
export { openStore, type Store, type StoreOptions } from "./open-store.ts";
export type { RunInvariant, RunRecord, StoredRun } from "./runs.ts";
export type { StoredTrace } from "./trace-rows.ts";
export type { TraceWriter } from "./trace-writer.ts";
export type { Verdict, VerdictRecord } from "./verdicts.ts";
