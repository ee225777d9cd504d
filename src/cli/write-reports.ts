import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type AuditResult,
  auditReport,
  documentCodeReport,
  indexPage,
  propertyReport,
  type ReportedProof,
  type ReportFile,
  runReport,
  traceReport,
} from "#report";
import type { Store } from "#store";
import { traceStatistics } from "#trace";
import type { Finding } from "#verify";
import { recordedIn } from "./comparisons.ts";
import { documentAudit, documentTrials } from "./document.ts";
import { makeFolder } from "./make-folder.ts";
import { resultOf } from "./replay-stored.ts";
import { unwritable } from "./unwritable.ts";

/** What a report is about. */
export type ReportSubject = {
  /** Names of traces. */
  readonly traces: readonly string[];
  /** Runs, and the name that each goes by in the report. */
  readonly runs: readonly { readonly name: string; readonly runId: number }[];
};

/** The case that a property was last broken by. */
const latestCase = (store: Store, property: string): ReportedProof["counterexample"] => {
  const kept = store.cases(property).at(-1);
  return kept && { case: kept.case, finding: kept.finding as unknown as Finding };
};

/**
 * The report on the document and its code, on some traces and runs of a database, on the recorded comparisons whose runs are in it, and on
 * the latest verdict of every property, as files.
 */
export const reportFiles = async (
  store: Store,
  about: ReportSubject,
  audit: AuditResult = documentAudit(),
): Promise<readonly ReportFile[]> => {
  const files = [
    ...auditReport(audit),
    ...documentCodeReport(await documentTrials()),
    ...about.traces.flatMap((name) => {
      const { blockTokens, lastBlock } = store.trace(name).conventions;
      const statistics = traceStatistics(store.requests(name), blockTokens, lastBlock);
      return traceReport(name, statistics, store.source(name));
    }),
    ...about.runs.flatMap(({ name, runId }) => runReport(name, resultOf(store.run(runId)))),
    ...(await recordedIn(store)).files,
    ...propertyReport(
      store.verdicts().map((verdict) => ({
        ...verdict,
        ...(verdict.verdict === "broken" && { counterexample: latestCase(store, verdict.id) }),
      })),
    ),
  ];
  return [indexPage(files), ...files];
};

/**
 * Everything in a database. The first run of a trace goes by the trace's name, as it does after `start`; a later one by its number too, unless it is part of a
 * recorded comparison and so has a place there.
 */
export const everything = async (store: Store): Promise<ReportSubject> => {
  const { runIds } = await recordedIn(store);
  const runs = store.runs();
  const isFirst = (runId: number, trace: string): boolean =>
    runs.find((run) => run.trace === trace)?.runId === runId;
  return {
    traces: store.traces().map(({ name }) => name),
    runs: runs
      .filter(({ runId, trace }) => isFirst(runId, trace) || !runIds.has(runId))
      .map(({ runId, trace }) => ({
        name: isFirst(runId, trace) ? trace : `${trace}-run-${runId}`,
        runId,
      })),
  };
};

/** Writes the files of a report below a folder, which is made if need be. Files of other names stay as they are. */
export const writeReports = (folder: string, files: readonly ReportFile[]): void => {
  for (const { path, text } of files) {
    const target = join(folder, path);
    try {
      makeFolder(dirname(target));
      writeFileSync(target, text);
    } catch (thrown) {
      throw unwritable((thrown as { readonly code?: string }).code, target);
    }
  }
};
