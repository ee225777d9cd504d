import { InputError, type Json } from "#base";
import { chromeTrace, runRequestsCsv, runSeriesCsv, runSpansCsv, showCount } from "#report";
import { findProfile, type Profile, readReference } from "#spec";
import type { RunRowCounts, Store, StoredRun } from "#store";
import { command, one, option, optionOr } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { oneOf, text, wholeNumber } from "../kinds.ts";
import { writeLines } from "../output.ts";
import { printJson, remark } from "../print.ts";
import { runNumber } from "../run-number.ts";

const AS = ["requests", "series", "spans", "chrome"] as const;

/** Requests of a picture: a few thousand are what a person can look at, and more than the most no viewer opens. */
const [LIMIT, LIMIT_MAX] = [2000, 100_000];

/** The rack of a run, as far as it can still be told from its options. */
const profileOf = ({ options }: StoredRun): Profile | undefined => {
  const { profile } = options as { readonly profile?: Json };
  try {
    if (typeof profile === "string") return findProfile(profile);
    if (profile === undefined) return undefined;
    return readReference(JSON.stringify(profile), "profile").profile;
  } catch (thrown) {
    // Whoever ran it had a profile that this version does not know: workers then go by their number alone.
    if (thrown instanceof InputError) return undefined;
    throw thrown;
  }
};

/** `worker 8 · domain 1` */
const workerNames = (run: StoredRun) => {
  const domainGpus = profileOf(run)?.gpusPerDomain.value;
  return (worker: number): string => {
    if (worker < 0) return "no worker";
    const domain = domainGpus === undefined ? "" : ` · domain ${Math.floor(worker / domainGpus)}`;
    return `worker ${worker}${domain}`;
  };
};

const pieces = (
  store: Store,
  run: StoredRun,
  as: (typeof AS)[number],
  limit: number,
): Iterable<string> => {
  const { runId, trace } = run;
  if (as === "requests") return runRequestsCsv(store.runRequests(runId));
  if (as === "series") return runSeriesCsv(store.runSeries(runId));
  if (as === "spans") return runSpansCsv(store.runSpans(runId));
  return chromeTrace({
    title: `run ${runId} of ${trace}`,
    requests: store.runRequests(runId),
    series: store.runSeries(runId),
    spans: store.runSpans(runId),
    limit,
    nameOf: workerNames(run),
  });
};

/** Throws an `InputError` when nothing is kept of a run that could be written. */
const checkKept = (run: StoredRun, as: (typeof AS)[number], kept: RunRowCounts): void => {
  const rows = as === "chrome" ? kept.requests + kept.series + kept.spans : kept[as];
  if (rows > 0) return;
  const what = as === "chrome" ? "rows" : as;
  const message = `a run must have been kept with its ${what}, found that run ${run.runId} was not: replay it again`;
  throw new InputError([{ code: "STORE-7", message }]);
};

/** Writes what a run kept of single requests and workers. */
export const exportRun = command({
  description:
    "Writes the rows of a stored run: its requests, the state of its workers at intervals, or what took time, as CSV with bare numbers; or all of it as a Chrome trace, which ui.perfetto.dev opens. To stdout, or to a file, compressed when its name ends in .gz; a file is written whole or not at all.",
  operand: one("RUN", "the number of a stored run; `rackproof runs` lists them"),
  options: {
    as: optionOr(oneOf("WHAT", AS), "requests", `one of ${AS.join(", ")}`),
    output: option(text("FILE"), "where to (default: stdout)"),
    limit: option(
      wholeNumber("N", 1, LIMIT_MAX),
      `for chrome: how many requests are drawn, and with them the time until they have ended (default: ${LIMIT})`,
    ),
  },
  examples: [
    { line: "rackproof export-run 1 --output requests.csv.gz", does: "a row a request" },
    { line: "rackproof export-run 1 --as series --output series.csv", does: "workers over time" },
    { line: "rackproof export-run 1 --as chrome --output run.json", does: "for Perfetto" },
  ],
  async run(args, world) {
    const runId = runNumber(args.operand);
    if (args.limit !== undefined && args.as !== "chrome") {
      const message = `--limit must be given with --as chrome, found --as ${args.as}`;
      throw new InputError([{ code: "CLI-5", message }]);
    }
    await withStore(args, READ, async (store) => {
      const run = store.run(runId);
      const kept = store.runRowCounts(runId);
      checkKept(run, args.as, kept);
      const limit = args.limit ?? LIMIT;
      await writeLines(world, args.output, pieces(store, run, args.as, limit));
      if (args.as === "chrome" && kept.requests > limit) {
        const cut = `the first ${showCount(limit)} of ${showCount(kept.requests)} requests`;
        remark(world, args, `drew ${cut}, until they had ended; --limit says how many`);
      }
      if (args.output === undefined) return;
      if (args.json) printJson(world, { run_id: runId, as: args.as, output: args.output });
      else remark(world, args, `wrote run ${runId} to ${args.output}`);
    });
    return EXIT.ok;
  },
});
