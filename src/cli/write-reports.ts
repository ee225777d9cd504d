import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "#base";
import {
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
import { makeFolder } from "./make-folder.ts";
import { resultOf } from "./replay-stored.ts";

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

/** The report on some traces and runs of a database, and on the latest verdict of every property, as files. */
export const reportFiles = (store: Store, about: ReportSubject): readonly ReportFile[] => {
  const files = [
    ...about.traces.flatMap((name) => {
      const { blockTokens, lastBlock } = store.trace(name).conventions;
      const statistics = traceStatistics(store.requests(name), blockTokens, lastBlock);
      return traceReport(name, statistics, store.source(name));
    }),
    ...about.runs.flatMap(({ name, runId }) => runReport(name, resultOf(store.run(runId)))),
    ...propertyReport(
      store.verdicts().map((verdict) => ({
        ...verdict,
        ...(verdict.verdict === "broken" && { counterexample: latestCase(store, verdict.id) }),
      })),
    ),
  ];
  return [indexPage(files), ...files];
};

/** Everything in a database, each run by its number. */
export const everything = (store: Store): ReportSubject => ({
  traces: store.traces().map(({ name }) => name),
  runs: store.runs().map(({ runId, trace }) => ({ name: `${runId}-${trace}`, runId })),
});

/** Writes the files of a report below a folder, which is made if need be. Files of other names stay as they are. */
export const writeReports = (folder: string, files: readonly ReportFile[]): void => {
  for (const { path, text } of files) {
    const target = join(folder, path);
    try {
      makeFolder(dirname(target));
      writeFileSync(target, text);
    } catch (thrown) {
      const message = `a report must have a folder that can be written, found ${(thrown as Error).message}`;
      throw new InputError([{ code: "CLI-3", message, file: target }]);
    }
  }
};
