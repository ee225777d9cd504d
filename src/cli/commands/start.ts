import { join, relative, resolve } from "node:path";
import { changesOf } from "#claims";
import { REPLAY_DEFAULTS, type ReplayResult } from "#replay";
import { auditSentence, replayText, showCount, showDuration } from "#report";
import type { Store } from "#store";
import { bundledTraces } from "#trace";
import { type Args, command, nothing, optionOr } from "../command.ts";
import { WRITE, withStore } from "../database.ts";
import { documentAudit } from "../document.ts";
import { EXIT } from "../exit.ts";
import { importFile } from "../import-file.ts";
import { text } from "../kinds.ts";
import { compareAll, comparedText, madeJson, runJson, shownOf } from "../make-comparisons.ts";
import { casesFolder, PLACES } from "../places.ts";
import { counted, printJson } from "../print.ts";
import { progressBar } from "../progress.ts";
import { proveAll } from "../prove-all.ts";
import { replayStored } from "../replay-stored.ts";
import type { World } from "../world.ts";
import { reportFiles, writeReports } from "../write-reports.ts";

const OPTIONS = {
  output: optionOr(text("FOLDER"), "reports", "where the reports go"),
};

type StartArgs = Args<undefined, typeof OPTIONS>;

/** Imports the bundled traces; those that are there already are recognised. Returns the names they go by. */
const importBundled = async (store: Store, world: World): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const { name, file } of bundledTraces) {
    const imported = await world.interruptible((signal) =>
      importFile(
        store,
        join(PLACES.root, file),
        name,
        { format: "auto", skipBadRows: false, reorder: false },
        { signal, progress: () => undefined },
      ),
    );
    names.push(imported.trace.name);
  }
  return names;
};

/** A run in half a line. */
const inShort = ({ requests, ttft_ns, violations }: ReplayResult): string => {
  const ttft = `time to first token ${showDuration(ttft_ns.p50 ?? 0)} p50, ${showDuration(ttft_ns.p99 ?? 0)} p99`;
  return `${showCount(requests.completed)} completed, ${ttft}, ${violations === 0 ? "no" : showCount(violations)} invariant violated`;
};

const proveQuickly = async (store: Store, args: StartArgs, world: World) => {
  const bar = await progressBar(world, args, "proving");
  const plan = {
    profile: "smoke",
    seed: 1,
    properties: PLACES.properties,
    cases: casesFolder(world.cwd),
    part: undefined,
    property: undefined,
  } as const;
  return proveAll(store, plan, world.clock, (_, done, total) => bar.update(done, total)).finally(
    bar.stop,
  );
};

const NEXT = [
  ["rackproof audit", "which figures of the document do not follow, and why"],
  ["rackproof import FILE", "bring a trace of your own: any public format, gzip or not"],
  ["rackproof replay conversation-1k --policy round-robin", "what another policy does"],
  ["rackproof replay conversation-1k --tp 1 --model llama-70b", "72 workers of one GPU"],
  ["rackproof sweep conversation-1k --vary tp=4,8", "both at once, side by side"],
  ["rackproof compare 4 5", "two runs, and every difference"],
  ["rackproof verify --part router", "what a router must hold, at full effort"],
  ["rackproof --help", "everything else"],
] as const;

const whatNext = (world: World): void => {
  const width = Math.max(...NEXT.map(([line]) => line.length));
  world.out("\nWhat to try next (in a clone, with npx in front)\n");
  for (const [line, does] of NEXT) world.out(`  ${line.padEnd(width)}  ${does}\n`);
};

/** The main job, once through. */
export const start = command({
  description:
    "Does the main job once, from beginning to end: makes the database, imports the bundled traces, replays them through the rack with every invariant watched, compares policies and ways of serving, proves the properties quickly, audits the document's figures, and writes the reports. May be run again: what is there is recognised.",
  operand: nothing,
  options: OPTIONS,
  examples: [{ line: "rackproof start", does: "look around afterwards" }],
  async run(args, world) {
    const say = (what: string, told: string): void => {
      if (!args.json) world.out(`${what.padEnd(12)}${told}\n`);
    };
    const near = (path: string): string => relative(world.cwd, path) || ".";
    const folder = resolve(world.cwd, args.output);
    return withStore(args, WRITE, async (store) => {
      say("database", near(args.db));
      const traces = await importBundled(store, world);
      for (const name of traces) {
        const { requests, spanNs, format } = store.trace(name);
        const size = `${counted(requests, "request")} over ${showDuration(spanNs)}`;
        say("trace", `${name}: ${size}, ${format}`);
      }
      const runs = traces.map((name) => replayStored(store, name, REPLAY_DEFAULTS));
      for (const { trace, result } of runs) say("run", `of ${trace}: ${inShort(result)}`);
      const made = await compareAll(store, args, world);
      for (const one of made) say("compared", comparedText(one));
      const shown = shownOf(made);
      if (!args.json && shown) {
        world.out(`\n${replayText(`run of ${shown.trace}, ${shown.name}`, shown.result)}\n`);
      }
      const proofs = await proveQuickly(store, args, world);
      const held = proofs.filter(({ verdict }) => verdict === "holds").length;
      const mutants = proofs.flatMap((proof) => proof.mutants);
      const caught = mutants.filter((mutant) => mutant.caught).length;
      say(
        "properties",
        `${held} of ${proofs.length} hold, and they catch ${showCount(caught)} of ${showCount(mutants.length)} broken implementations`,
      );
      const audit = documentAudit();
      const { judged } = audit;
      const turned = changesOf(judged).length;
      say("audit", auditSentence(judged));
      const about = { traces, runs: runs.map(({ trace, runId }) => ({ name: trace, runId })) };
      const files = await reportFiles(store, about, audit);
      writeReports(folder, files);
      const first = join(near(folder), "README.md");
      say("reports", `${counted(files.length, "file")} in ${near(folder)}; start with ${first}`);
      if (args.json) {
        printJson(world, {
          db: args.db,
          traces,
          runs: runs.map(runJson),
          comparisons: made.map(madeJson),
          properties: { total: proofs.length, hold: held },
          mutants: { total: mutants.length, caught },
          claims: { total: judged.length, not_as_recorded: turned },
          reports: files.map(({ path }) => join(folder, path)),
        });
      } else whatNext(world);
      const isSound = [...runs, ...made.flatMap((one) => one.runs)].every(
        ({ result }) => result.violations === 0,
      );
      return isSound && held === proofs.length && turned === 0 ? EXIT.ok : EXIT.finding;
    });
  },
});
