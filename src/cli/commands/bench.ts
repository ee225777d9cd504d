import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { InputError, type Json } from "#base";
import { benchFiles, benchText } from "../bench/bench-report.ts";
import type { Launch } from "../bench/child.ts";
import { runBench } from "../bench/run-bench.ts";
import { FULL, QUICK, USUAL } from "../bench/sizes.ts";
import { command, flag, nothing, option, optionOr } from "../command.ts";
import { EXIT } from "../exit.ts";
import { text, wholeNumber } from "../kinds.ts";
import { printJson, remark } from "../print.ts";
import { progressBar } from "../progress.ts";
import { unwritable } from "../unwritable.ts";
import { writeReports } from "../write-reports.ts";

const OPTIONS = {
  runs: option(wholeNumber("N", 1), `how often each figure is measured (default: ${USUAL.runs})`),
  seed: optionOr(wholeNumber("N", 0), 1, "for the traces that are generated"),
  mooncake: option(text("FILE"), "a trace to import and replay, instead of Mooncake's"),
  full: flag(
    "ten million rows too, and verify as often as the rest: takes minutes and 2 GB of disk",
  ),
  quick: flag("once each and small: shows that it works, and measures nothing"),
  output: optionOr(text("FOLDER"), "reports", "where bench.md and bench.csv go"),
};

/** This program, as it was started, by a Node of its own. */
const thisProgram =
  (node: Launch): Launch =>
  (line, allowed) =>
    node([...process.execArgv, process.argv[1] ?? "", ...line], allowed);

const nearestThere = (path: string): string =>
  existsSync(path) ? path : nearestThere(dirname(path));

/** Throws CLI-3 when nothing can be written below a folder, there or still to be made: better now than after a minute. */
const checkWritable = (folder: string): void => {
  const there = nearestThere(folder);
  if (!statSync(there).isDirectory()) throw unwritable("ENOTDIR", folder);
  try {
    accessSync(there, constants.W_OK);
  } catch (thrown) {
    throw unwritable((thrown as NodeJS.ErrnoException).code, folder);
  }
};

/** Measures how quick Rackproof is. */
export const bench = command({
  description:
    "Measures how quick Rackproof is here: imports, a replay, statistics, the directory and the pool, the properties, the start. Each figure is a median over whole processes and stands beside a bound, a bare program that is measured in turns with it. Works in a temporary folder, not in your database. A bar that is missed is said in the table; the exit status is 0.",
  operand: nothing,
  options: OPTIONS,
  examples: [
    {
      line: "rackproof bench",
      does: "some minutes, into reports/bench.md and reports/bench.csv",
    },
    { line: "rackproof bench --full --json", does: "everything, for a program" },
    {
      line: "rackproof bench --runs 1 --mooncake conversation.jsonl --output /tmp/bench",
      does: "one look, with a trace of one's own",
    },
  ],
  async run(args, world) {
    if (args.full && args.quick) {
      const message = "--full and --quick must not be given together";
      throw new InputError([{ code: "CLI-5", message }]);
    }
    const folder = resolve(world.cwd, args.output);
    checkWritable(folder);
    const usual = args.full ? FULL : USUAL;
    const sizes = args.quick ? QUICK : usual;
    const runs = args.runs ?? sizes.runs;
    const bar = await progressBar(world, args, "measuring");
    const plan = {
      sizes: { ...sizes, runs, verifyRuns: args.full ? runs : sizes.verifyRuns },
      seed: args.seed,
      mooncake: args.mooncake,
      generateAlways: args.quick,
      program: thisProgram,
    };
    const result = await runBench(world, plan, bar.update).finally(bar.stop);
    writeReports(folder, benchFiles(result));
    if (args.json) printJson(world, result as unknown as Json);
    else world.out(benchText(result));
    const near = relative(world.cwd, folder) || ".";
    remark(world, args, `wrote ${join(near, "bench.md")} and ${join(near, "bench.csv")}`);
    return EXIT.ok;
  },
});
