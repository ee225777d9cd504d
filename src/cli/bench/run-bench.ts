import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Interrupted, type World } from "../world.ts";
import { type Launch, launcher } from "./child.ts";
import { hold, runsOf } from "./contest.ts";
import { contests } from "./contests.ts";
import type { Figure } from "./figure.ts";
import {
  conversation,
  csvFile,
  type InputFile,
  longerAnswersFile,
  type MadeFile,
  mooncakeFile,
} from "./inputs.ts";
import { type Machine, thisMachine } from "./machine.ts";
import type { Sizes } from "./sizes.ts";
import type { Stage } from "./stage.ts";

/** What is measured, and with what. */
export type BenchPlan = {
  readonly sizes: Sizes;
  readonly seed: number;
  /** A trace file to measure with, instead of Mooncake's. */
  readonly mooncake: string | undefined;
  /** Takes no trace from outside. */
  readonly generateAlways: boolean;
  /** Runs a command line of Rackproof in a process of its own, by way of a launch of Node. */
  readonly program: (node: Launch) => Launch;
};

/** A benchmark's result: plain data. */
export type BenchResult = {
  readonly machine: Machine;
  readonly seed: number;
  readonly traces: readonly InputFile[];
  readonly figures: readonly Figure[];
  readonly bounds: readonly { readonly name: string; readonly about: string }[];
};

/** Tells how far a benchmark is, in runs. */
export type Ticks = (done: number, total: number) => void;

const prepare = async (
  world: World,
  plan: BenchPlan,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly stage: Stage; readonly traces: readonly InputFile[] }> => {
  const { sizes, seed } = plan;
  const node = launcher(world.clock, signal);
  const program = plan.program(node);
  const generate = { requests: sizes.mooncakeRequests, seed, always: plan.generateAlways };
  const talk = await conversation(world, folder, plan.mooncake, generate);
  const csv = await csvFile(world, folder, sizes.csvRows, seed);
  const traces = [talk.file, csv.file];
  const db = join(folder, "conversation.db");
  await program(["import", talk.path, "--name", "conversation", "--db", db]);
  const told = async (making: Promise<MadeFile>): Promise<string> => {
    const { path, file } = await making;
    traces.push(file);
    return path;
  };
  const stage: Stage = {
    sizes,
    folder,
    clock: world.clock,
    program,
    node,
    conversation: talk,
    csv,
    makeCsv: (rows) => told(csvFile(world, folder, rows, seed)),
    makeConversation: (requests) => told(mooncakeFile(world, folder, requests, seed)),
    makeLongerAnswers: (times) => told(longerAnswersFile(world, folder, talk, times)),
    db,
  };
  return { stage, traces };
};

const runAll = async (
  world: World,
  plan: BenchPlan,
  told: Ticks,
  folder: string,
  signal: AbortSignal,
): Promise<BenchResult> => {
  const { stage, traces } = await prepare(world, plan, folder, signal);
  const all = await contests(stage);
  const total = all.reduce((sum, contest) => sum + runsOf(contest), 0);
  let done = 0;
  const tick = (): void => {
    if (signal.aborted) throw new Interrupted("Interrupted: nothing was written.");
    told(done, total);
    done += 1;
  };
  const figures: Figure[] = [];
  for (const contest of all) figures.push(...(await hold(contest, tick)));
  const bounds = new Map(all.map(({ bound: { name, about } }) => [name, { name, about }]));
  return {
    machine: thisMachine(),
    seed: plan.seed,
    traces,
    figures,
    bounds: [...bounds.values()],
  };
};

/**
 * Measures everything, in a temporary folder that is gone afterwards, whatever happens. Throws an `InputError` for a trace file that is none,
 * `Interrupted` on SIGINT, and an error with what it complained of when a measured process fails.
 */
export const runBench = (world: World, plan: BenchPlan, told: Ticks): Promise<BenchResult> =>
  world.interruptible(async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "rackproof-bench-"));
    try {
      return await runAll(world, plan, told, folder, signal);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
