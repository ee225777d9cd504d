import { join } from "node:path";
import { blockContests } from "./block-contests.ts";
import { addressOf, DRAWS, NOTHING, PROBES, ROW_INSERT, ROW_SCAN } from "./bounds.ts";
import type { Contest } from "./contest.ts";
import type { Sample } from "./figure.ts";
import { partContests } from "./part-contests.ts";
import { probes } from "./probes.ts";
import { replayContests } from "./replay-contests.ts";
import { runBare, type Stage, wholeProcess, withFreshDb } from "./stage.ts";

/** 200 MB: what a process may keep in memory, however long the trace. */
const MEMORY_BAR = { kind: "below", value: 200e6 } as const;

const importInto = (stage: Stage, path: string, count: number): Promise<Sample> =>
  withFreshDb(stage, async (db) =>
    wholeProcess(await stage.program(["import", path, "--name", "measured", "--db", db]), count),
  );

/** Importing a trace of Mooncake's size. */
const importConversation = (stage: Stage): Contest => {
  const { path, file } = stage.conversation;
  return {
    ...stage.sizes,
    run: () => importInto(stage, path, file.rows),
    bound: ROW_SCAN,
    runBound: async () => wholeProcess(await runBare(stage, ROW_SCAN, path), file.rows),
    measures: [
      { name: "import, Mooncake", unit: "ms", bar: { kind: "below", value: 1000 } },
      { name: "import, Mooncake", unit: "bytes" },
    ],
  };
};

/** Importing a million rows of CSV. */
const importCsv = (stage: Stage): Contest => {
  const { path, file } = stage.csv;
  const sqlite = addressOf("better-sqlite3");
  return {
    ...stage.sizes,
    run: () => importInto(stage, path, file.rows),
    bound: ROW_INSERT,
    runBound: () =>
      withFreshDb(stage, async (db) =>
        wholeProcess(await runBare(stage, ROW_INSERT, sqlite, path, db), file.rows),
      ),
    measures: [
      { name: "import, CSV", unit: "rows/s", bar: { kind: "atLeast", value: 200_000 } },
      { name: "import, CSV", unit: "bytes", bar: MEMORY_BAR },
    ],
  };
};

/** Importing ten times as many rows: held against the import of the shorter file, because nothing may grow. */
const importLongCsv = (stage: Stage): Contest => {
  let path: Promise<string> | undefined;
  const rows = stage.sizes.csvRowsLong;
  return {
    runs: 1,
    warmUps: 0,
    run: async () => {
      path ??= stage.makeCsv(rows);
      return importInto(stage, await path, rows);
    },
    bound: {
      name: "shorter import",
      about: `imports the CSV file of ${stage.csv.file.rows} rows`,
    },
    runBound: () => importInto(stage, stage.csv.path, stage.csv.file.rows),
    measures: [
      { name: "import, long CSV", unit: "rows/s" },
      { name: "import, long CSV", unit: "bytes", bar: { kind: "ratioAtMost", value: 1.2 } },
    ],
  };
};

/** The figures of a trace. */
const statistics = (stage: Stage): Contest => {
  const { file, blockRefs, distinctBlocks } = stage.conversation;
  const line = ["trace", "conversation", "--db", stage.db, "--json"];
  return {
    ...stage.sizes,
    run: async () => wholeProcess(await stage.program(line), file.rows),
    bound: PROBES,
    runBound: async () => wholeProcess(await probes(stage, distinctBlocks, blockRefs), file.rows),
    measures: [{ name: "statistics", unit: "ms" }],
  };
};

type Proved = {
  readonly properties: readonly {
    readonly cases_done: number;
    readonly mutants: readonly { readonly cases: number }[];
  }[];
};

/** How many cases the properties saw, and their mutants with them. */
const casesOf = (out: string): number =>
  (JSON.parse(out) as Proved).properties.reduce(
    (sum, { cases_done, mutants }) =>
      sum + cases_done + mutants.reduce((seen, { cases }) => seen + cases, 0),
    0,
  );

/** Proving everything quickly. A property that does not hold takes its time all the same. */
const verify = (stage: Stage): Contest => {
  const fastCheck = addressOf("fast-check");
  const cases = join(stage.folder, "cases");
  const line = ["verify", "--profile", "smoke", "--json", "--cases", cases];
  let count = 0;
  return {
    runs: stage.sizes.verifyRuns,
    warmUps: 0,
    run: () =>
      withFreshDb(stage, async (db) => {
        const run = await stage.program([...line, "--db", db], [1]);
        count = casesOf(run.out);
        return wholeProcess(run, count);
      }),
    bound: DRAWS,
    runBound: async () => wholeProcess(await runBare(stage, DRAWS, fastCheck, count), count),
    measures: [{ name: "verify, smoke", unit: "ms" }],
  };
};

/** How long the program takes to start. */
const startUp = (stage: Stage): Contest => ({
  ...stage.sizes,
  run: async () => wholeProcess(await stage.program(["--version"])),
  bound: NOTHING,
  runBound: async () => wholeProcess(await runBare(stage, NOTHING)),
  measures: [
    { name: "start-up", unit: "ms" },
    { name: "start-up", unit: "bytes" },
  ],
});

/** Every contest, in the order of the report. */
export const contests = async (stage: Stage): Promise<readonly Contest[]> => {
  const { csvRowsLong } = stage.sizes;
  return [
    importConversation(stage),
    importCsv(stage),
    ...(csvRowsLong > 0 ? [importLongCsv(stage)] : []),
    ...replayContests(stage),
    statistics(stage),
    ...blockContests(stage),
    ...(await partContests(stage)),
    verify(stage),
    startUp(stage),
  ];
};
