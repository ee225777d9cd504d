import { InputError, type Json } from "#base";
import { INVARIANTS, type InvariantId } from "#replay";
import { runCaseText, showDuration } from "#report";
import type { Store, StoredRun } from "#store";
import {
  type PartsOf,
  type PlayedRun,
  playRunCase,
  type RunCase,
  runCaseJson,
  SHRINK_BUDGET,
  type ShrunkRun,
  shrinkRun,
} from "#verify";
import { type Args, type Command, command, one, option, optionOr } from "../command.ts";
import { CHANGE, withStore } from "../database.ts";
import { EXIT, type ExitStatus } from "../exit.ts";
import { oneOf, text, wholeNumber } from "../kinds.ts";
import { casesFolder } from "../places.ts";
import { counted, printJson, remark } from "../print.ts";
import { replayTraceOf, resultOf } from "../replay-stored.ts";
import { keepRunCase, readRunCaseFile } from "../run-case-file.ts";
import { runNumber } from "../run-number.ts";
import { VERSION } from "../version.ts";
import type { World } from "../world.ts";

const OPTIONS = {
  invariant: option(
    oneOf("ID", Object.keys(INVARIANTS) as InvariantId[]),
    "which one is to stay violated, for instance RUN-8 (default: the first that is)",
  ),
  budget: optionOr(
    wholeNumber("N", 1),
    SHRINK_BUDGET,
    "how many requests may be replayed in all attempts together",
  ),
  cases: option(
    text("FOLDER"),
    "where the case is kept as a file (default: properties/cases in a clone, rackproof-cases elsewhere)",
  ),
};

type ShrinkArgs = Args<string, typeof OPTIONS>;

/** Says what became of a case: its story, or all of it for a program. `about` goes before the case. */
const tell = (
  world: World,
  args: ShrinkArgs,
  about: Readonly<Record<string, Json>>,
  given: RunCase,
  played: PlayedRun,
): ExitStatus => {
  const { violation, rows, brokeOff } = played;
  const breaks = violation !== undefined;
  if (args.json) {
    printJson(world, {
      ...about,
      invariant: given.invariant,
      statement: INVARIANTS[given.invariant],
      breaks,
      violation: violation ?? null,
      broke_off: brokeOff ?? null,
      requests: rows as unknown as Json,
      case: runCaseJson(given),
    });
  } else world.out(runCaseText(given, played));
  return breaks ? EXIT.finding : EXIT.ok;
};

/** Says that there is no case. */
const tellNothing = (
  world: World,
  args: ShrinkArgs,
  run: number,
  why: string,
  status: ExitStatus,
): ExitStatus => {
  if (args.json) printJson(world, { run_id: run, breaks: false, because: why });
  else world.out(`${why}\n`);
  return status;
};

/** Throws an `InputError` CLI-2 unless the run violated the invariant that is asked for. */
const checkViolated = ({ runId, invariants }: StoredRun, asked: InvariantId | undefined): void => {
  const ids = invariants.filter(({ violated }) => violated > 0).map(({ id }) => id);
  if (asked === undefined || ids.includes(asked)) return;
  const message = `--invariant must be one that run ${runId} violated (${ids.join(", ")}), found ${asked}`;
  throw new InputError([{ code: "CLI-2", message }]);
};

const shrinkNow = (
  store: Store,
  run: StoredRun,
  args: ShrinkArgs,
  partsOf: PartsOf,
): ShrunkRun | undefined => {
  const { invariant, budget } = args;
  const trace = replayTraceOf(store, run.trace);
  return shrinkRun(trace, resultOf(run).options, { invariant, budget, partsOf });
};

const shrinkStored = (
  store: Store,
  args: ShrinkArgs,
  world: World,
  partsOf: PartsOf,
): ExitStatus => {
  const run = store.run(runNumber(args.operand));
  const { runId, trace, version, invariants } = run;
  const nothing = (why: string, status: ExitStatus): ExitStatus =>
    tellNothing(world, args, runId, why, status);
  if (invariants.length === 0) {
    return nothing(`Run ${runId} was not watched: replay it with --checks all.`, EXIT.unknown);
  }
  if (invariants.every(({ violated }) => violated === 0)) {
    return nothing(`Run ${runId} violates nothing: there is nothing to shrink.`, EXIT.ok);
  }
  checkViolated(run, args.invariant);
  const startMs = world.clock();
  const shrunk = shrinkNow(store, run, args, partsOf);
  if (shrunk === undefined) {
    const what = args.invariant ?? "an invariant";
    const why = `Run ${runId} violated ${what} when version ${version} made it; replayed by version ${VERSION} it does not.`;
    return nothing(why, EXIT.ok);
  }
  const { case: given, requestsBefore, replays, isMinimal } = shrunk;
  const took = showDuration((world.clock() - startMs) * 1e6);
  const left = counted(given.requests.length, "request");
  remark(
    world,
    args,
    `cut ${counted(requestsBefore, "request")} to ${left} in ${counted(replays, "replay")}, which took ${took}${isMinimal ? "" : "; the budget ran out, a larger one may cut more"}`,
  );
  const folder = args.cases ?? casesFolder(world.cwd);
  const { caseId, file } = keepRunCase(store, world.cwd, folder, given);
  const about = {
    run_id: runId,
    trace,
    requests_before: requestsBefore,
    replays,
    is_minimal: isMinimal,
    case_id: caseId,
    file,
  };
  const status = tell(world, args, about, given, playRunCase(given, partsOf));
  if (!args.json) world.out(`\nrackproof shrink ${file} plays it again\n`);
  return status;
};

/** The command over a rack whose parts are the rack's own, or others. */
export const shrinkOver = (partsOf: PartsOf): Command =>
  command({
    description:
      "Cuts a stored run that violates an invariant down to the few requests that still do, each of which is needed, and makes those simple; keeps them as a case, in the database and as a file, and says what became of each. A file of a case is played again. Exit status 1 when the invariant is violated, 0 when it is not.",
    operand: one("RUN", "the number of a stored run, or the path of a case that was kept"),
    options: OPTIONS,
    examples: [
      { line: "rackproof shrink 7", does: "the requests of run 7 that break an invariant" },
      { line: "rackproof shrink 7 --invariant RUN-5", does: "those that break this one" },
      {
        line: "rackproof shrink properties/cases/run-8-0a1b2c3d.json",
        does: "whether a case still breaks",
      },
    ],
    async run(args, world) {
      if (/^\d+$/.test(args.operand)) {
        return withStore(args, CHANGE, (store) => shrinkStored(store, args, world, partsOf));
      }
      const given = readRunCaseFile(world.cwd, args.operand);
      return tell(world, args, { file: args.operand }, given, playRunCase(given, partsOf));
    },
  });

/** What of a run breaks an invariant. */
export const shrink = shrinkOver(undefined);
