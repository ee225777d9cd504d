import type { Json } from "#base";
import { replayText, showDuration } from "#report";
import { command, flag, one } from "../command.ts";
import { CHANGE, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { findTrace } from "../find-trace.ts";
import { printJson, remark } from "../print.ts";
import { progressBar } from "../progress.ts";
import { REPLAY_FLAGS, replayOptionsOf } from "../replay-options.ts";
import { type KeptRun, replayStored } from "../replay-stored.ts";

/** What a trace does to a rack. */
export const replayTrace = command({
  description:
    "Replays a stored trace through the rack in virtual time, engine step by engine step, with every invariant watched, and keeps the run. The same trace, options and seed give the same digest in any process. Exit status 1 when an invariant was violated.",
  operand: one("NAME", "a stored trace, or the path of a file that was imported"),
  options: {
    ...REPLAY_FLAGS,
    rows: flag(
      "keeps a row for each request and interval, and spans for pictures (see export-run)",
    ),
  },
  examples: [
    { line: "rackproof replay conversation", does: "Llama 405B in FP4 on nine workers of TP 8" },
    {
      line: "rackproof replay conversation --prefill 4 --decode 5 --block-tokens 16",
      does: "prefill and decode apart, with blocks of 16 tokens",
    },
    {
      line: "rackproof replay code --model llama-70b --tp 1 --kv-format fp16 --speedup 4",
      does: "72 workers of one GPU, and four times the traffic",
    },
    {
      line: "rackproof replay conversation --window 10m:20m --rows --json",
      does: "ten minutes of it, with a row for each request, for a program",
    },
  ],
  async run(args, world) {
    const options = replayOptionsOf(args, world.cwd);
    const kept = await withStore(args, CHANGE, async (store) => {
      const name = await findTrace(store, world, args.operand);
      const startMs = world.clock();
      const bar = await progressBar(world, args, `replaying ${name}`);
      const told = (done: number, total: number): void => bar.update(done, total);
      let run: KeptRun;
      try {
        run = replayStored(store, name, options, args.rows, told);
      } finally {
        bar.stop();
      }
      const tookNs = (world.clock() - startMs) * 1e6;
      remark(world, args, `replaying ${name} took ${showDuration(tookNs)}`);
      return run;
    });
    const { runId, trace, result } = kept;
    if (args.json) printJson(world, { run_id: runId, trace, ...result } as unknown as Json);
    else world.out(replayText(`run ${runId} of ${trace}`, result));
    if (result.violations === 0) return EXIT.ok;
    if (!args.json) {
      world.out(
        `\nrackproof shrink ${runId} cuts it down to the requests that break an invariant\n`,
      );
    }
    return EXIT.finding;
  },
});
