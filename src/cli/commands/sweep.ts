import { availableParallelism } from "node:os";
import { InputError, type Issue } from "#base";
import type { Store } from "#store";
import { type Args, command, flag, one, option, optionMany } from "../command.ts";
import { CHANGE, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { findTrace } from "../find-trace.ts";
import { text, wholeNumber } from "../kinds.ts";
import { writeLines } from "../output.ts";
import { counted, printJson, remark } from "../print.ts";
import { progressBar } from "../progress.ts";
import { REPLAY_FLAGS, replayOptionsOf } from "../replay-options.ts";
import { AXIS_KEYS, axisName } from "../sweep/axes.ts";
import { pointsOf } from "../sweep/grid.ts";
import { THREAD } from "../sweep/in-threads.ts";
import { type Ended, runSweep, type Sighted, sight } from "../sweep/run-sweep.ts";
import {
  type SweepResult,
  sweepCsv,
  sweepJson,
  sweepMarkdown,
  sweepText,
} from "../sweep/sweep-report.ts";
import { readAxes } from "../sweep/vary.ts";
import type { World } from "../world.ts";

/** A thread keeps a rack in memory; more than this on one machine is a slip of the hand. */
const THREADS_MAX = 256;

const OPTIONS = {
  vary: optionMany(
    text("AXIS=VALUE,…"),
    `what to vary, and through which values; once for each axis: ${AXIS_KEYS.map(axisName).join(", ")}`,
  ),
  ...REPLAY_FLAGS,
  threads: option(
    wholeNumber("N", 1, THREADS_MAX),
    "replays at once (default: as many as there are cores)",
  ),
  strict: flag("refuse the sweep when one of its points cannot be"),
  csv: option(text("FILE"), "write the table there as CSV too"),
  markdown: option(text("FILE"), "write the table there as Markdown too"),
};

type SweepArgs = Args<string, typeof OPTIONS>;

/** The flags of a replay that were given. */
const flagsIn = (args: SweepArgs): ReadonlySet<string> =>
  new Set(Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [name])));

const refusals = (sighted: readonly Sighted[]): readonly Issue[] =>
  sighted.flatMap(({ point, outcome }) =>
    outcome?.kind === "refused"
      ? outcome.issues.map((issue) => ({ ...issue, message: `${point.label}: ${issue.message}` }))
      : [],
  );

/** Throws an `InputError` when a point cannot be and every one should, or when none can. */
const checkPoints = (sighted: readonly Sighted[], isStrict: boolean): void => {
  const possible = sighted.filter(({ outcome }) => outcome?.kind !== "refused").length;
  if (possible === sighted.length || (possible > 0 && !isStrict)) return;
  throw new InputError(refusals(sighted));
};

/** Says before anything runs what will not, and what did already. */
const announce = (world: World, args: SweepArgs, sighted: readonly Sighted[]): void => {
  const count = (kind: "run" | "refused"): number =>
    sighted.filter(({ outcome }) => outcome?.kind === kind).length;
  const [there, refused, total] = [count("run"), count("refused"), sighted.length];
  if (refused > 0) remark(world, args, `${refused} of ${counted(total, "point")} cannot be`);
  if (there > 0) remark(world, args, `${there} of ${total} were there`);
};

const runAll = async (
  store: Store,
  trace: string,
  sighted: readonly Sighted[],
  args: SweepArgs,
  world: World,
): Promise<readonly Ended[]> => {
  const bar = await progressBar(world, args, `sweeping ${counted(sighted.length, "point")}`);
  const threads = args.threads ?? availableParallelism();
  const work = { db: args.db, trace, file: THREAD, threads, progress: bar.update };
  return world.interruptible((signal) => runSweep(store, sighted, work, signal)).finally(bar.stop);
};

const write = async (world: World, args: SweepArgs, result: SweepResult): Promise<void> => {
  if (args.csv !== undefined) await writeLines(world, args.csv, [sweepCsv(result)]);
  if (args.markdown !== undefined) await writeLines(world, args.markdown, [sweepMarkdown(result)]);
};

/** Many replays of one trace, side by side. */
export const sweep = command({
  description:
    "Replays a stored trace at every point of a grid of options, on all cores, keeps each run as `replay` does, and prints a table. A point that was run before is not run again, so a sweep that was stopped goes on where it was. A point that cannot be is a row with its reason. The result does not depend on the number of threads. Exit status 1 when an invariant was violated.",
  operand: one("NAME", "a stored trace, or the path of a file that was imported"),
  options: OPTIONS,
  examples: [
    {
      line: "rackproof sweep conversation --vary policy=kv-aware:bound=2,round-robin --vary tp=4,8",
      does: "four runs",
    },
    {
      line: "rackproof sweep code --model llama-70b --vary tp=1,2,4,8 --vary block-tokens=16,64 --csv code.csv",
      does: "eight runs of another model, for a spreadsheet",
    },
    {
      line: "rackproof sweep conversation --vary split=together,3+6,4+5 --speedup 4 --slo-ttft 1s --strict",
      does: "prefill and decode on workers of their own; nothing runs unless all can",
    },
  ],
  async run(args, world) {
    const base = replayOptionsOf(args, world.cwd);
    const varied = readAxes(args.vary, flagsIn(args), base);
    const points = pointsOf(varied, base);
    const result = await withStore(args, CHANGE, async (store): Promise<SweepResult> => {
      const trace = await findTrace(store, world, args.operand);
      const sighted = sight(store, trace, points);
      checkPoints(sighted, args.strict);
      announce(world, args, sighted);
      const ended = await runAll(store, trace, sighted, args, world);
      return { trace, axes: varied.map(({ axis }) => axis), points: ended };
    });
    await write(world, args, result);
    if (args.json) printJson(world, sweepJson(result));
    else world.out(sweepText(result));
    const isSound = result.points.every(
      ({ outcome }) => outcome.kind === "refused" || outcome.result.violations === 0,
    );
    return isSound ? EXIT.ok : EXIT.finding;
  },
});
