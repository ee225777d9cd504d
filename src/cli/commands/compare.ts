import { InputError, type Json } from "#base";
import {
  type Comparison,
  compareRuns,
  comparisonCsv,
  comparisonPage,
  comparisonText,
} from "#report";
import type { StoredRun } from "#store";
import { command, flag, many, option } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { text } from "../kinds.ts";
import { writeLines } from "../output.ts";
import { printJson, remark } from "../print.ts";
import { runNumber } from "../run-number.ts";

/** Two different runs or more, as numbers. Throws an `InputError` CLI-4 otherwise. */
const runsAsked = (words: readonly string[]): readonly number[] => {
  const numbers = words.map(runNumber);
  if (numbers.length >= 2 && new Set(numbers).size === numbers.length) return numbers;
  const message = `the command must be given two different runs or more, found ${numbers.join(", ")}`;
  throw new InputError([{ code: "CLI-4", message }]);
};

const nameOf = ({ runId }: StoredRun): string => `run ${runId}`;

const jsonOf = (runs: readonly StoredRun[], comparison: Comparison): Json =>
  ({
    runs: runs.map((run) => ({
      run_id: run.runId,
      trace: run.trace,
      version: run.version,
      digest: run.digest,
    })),
    ...comparison,
  }) as unknown as Json;

/** Runs side by side. */
export const compare = command({
  description:
    "Puts stored runs side by side: the options that differ, what was measured with its difference to the first run, and the invariants that did not hold in all of them. Runs of different traces may be compared, with a warning.",
  operand: many("RUN", "the number of a stored run, two or more; `rackproof runs` lists them"),
  options: {
    all: flag("every number that was measured, not only the main ones"),
    csv: option(text("FILE"), "write the measures there as CSV too"),
    markdown: option(text("FILE"), "write the comparison there as Markdown too"),
  },
  examples: [
    { line: "rackproof compare 1 2", does: "what the second does differently" },
    { line: "rackproof compare 1 2 3 --markdown policies.md", does: "for a colleague" },
    { line: "rackproof compare 1 2 --all --json", does: "every number, for a program" },
  ],
  async run(args, world) {
    const numbers = runsAsked(args.operand);
    const runs = await withStore(args, READ, (store) => numbers.map((run) => store.run(run)));
    const named = runs.map((run) => ({ name: nameOf(run), ...run }));
    const comparison = compareRuns(named, args.all);
    if (args.csv !== undefined) await writeLines(world, args.csv, [comparisonCsv(comparison)]);
    if (args.markdown !== undefined) {
      const title = `Runs ${numbers.join(", ")}`;
      const about = "Stored runs side by side.";
      await writeLines(world, args.markdown, [comparisonPage(title, about, comparison)]);
    }
    if (!args.json) world.out(comparisonText(comparison));
    else {
      printJson(world, jsonOf(runs, comparison));
      for (const warning of comparison.warnings) remark(world, args, warning);
    }
    return EXIT.ok;
  },
});
