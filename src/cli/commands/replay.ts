import type { Json } from "#base";
import { CALIBRATIONS } from "#cost";
import { POLICY_KINDS } from "#rack";
import { REMOTE_HITS, REPLAY_DEFAULTS, type ReplayOptions } from "#replay";
import { replayText, showDuration } from "#report";
import { MODELS, PROFILES } from "#spec";
import { type Args, command, one, option, optionOr } from "../command.ts";
import { CHANGE, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { findTrace } from "../find-trace.ts";
import { text, wholeNumber } from "../kinds.ts";
import { printJson, remark } from "../print.ts";
import { replayStored } from "../replay-stored.ts";

const DEFAULTS = REPLAY_DEFAULTS;

const names = (things: readonly { readonly name: string }[]): string =>
  things.map(({ name }) => name).join(", ");

const OPTIONS = {
  profile: optionOr(text("NAME"), DEFAULTS.profile, `the rack, one of ${names(PROFILES)}`),
  model: optionOr(text("NAME"), DEFAULTS.model, `one of ${names(MODELS)}`),
  weightFormat: optionOr(text("FORMAT"), DEFAULTS.weight_format, "the number format of weights"),
  kvFormat: optionOr(text("FORMAT"), DEFAULTS.kv_format, "the number format of the KV cache"),
  tp: optionOr(wholeNumber("N", 1), DEFAULTS.tp, "GPUs a worker: 1, 2, 4 or 8"),
  calibration: optionOr(
    text("NAME"),
    DEFAULTS.calibration,
    `one of ${CALIBRATIONS.join(", ")}: the bare roofline, or what the document says is reached`,
  ),
  policy: optionOr(
    text("POLICY"),
    DEFAULTS.policy,
    `how requests are routed: ${POLICY_KINDS.join(", ")}; with options behind a colon, as in kv-aware:bound=1.25 or dynamo-cost:w=1,temperature=0.5`,
  ),
  remoteHits: optionOr(
    text("HOW"),
    DEFAULTS.remote_hits,
    `a longer run on another worker: ${REMOTE_HITS.join(" when that is quicker, or ")}`,
  ),
  blockTokens: option(
    wholeNumber("N", 1),
    "tokens a block, for a trace that names no blocks (default: 64)",
  ),
  capacityBlocks: option(
    wholeNumber("N", 1),
    "blocks a worker (default: what weights and workspace leave of the HBM)",
  ),
  seed: option(wholeNumber("N", 0), "for a policy that draws (default: 1)"),
};

const replayOptions = (args: Args<string, typeof OPTIONS>): ReplayOptions => ({
  profile: args.profile,
  model: args.model,
  weight_format: args.weightFormat,
  kv_format: args.kvFormat,
  tp: args.tp,
  calibration: args.calibration,
  policy: args.policy,
  remote_hits: args.remoteHits,
  block_tokens: args.blockTokens ?? null,
  capacity_blocks: args.capacityBlocks ?? null,
  seed: args.seed ?? null,
});

/** What a trace does to a rack. */
export const replayTrace = command({
  description:
    "Replays a stored trace through the rack in virtual time, with every invariant watched, and keeps the run. The same trace, options and seed give the same digest in any process. Exit status 1 when an invariant was violated.",
  operand: one("NAME", "a stored trace, or the path of a file that was imported"),
  options: OPTIONS,
  examples: [
    { line: "rackproof replay conversation", does: "Llama 405B in FP4 on nine workers of TP 8" },
    {
      line: "rackproof replay conversation --policy round-robin --json",
      does: "another policy, for a program",
    },
    {
      line: "rackproof replay code --model llama-70b --tp 1 --kv-format fp16",
      does: "72 workers of one GPU",
    },
  ],
  async run(args, world) {
    const kept = await withStore(args, CHANGE, async (store) => {
      const name = await findTrace(store, world, args.operand);
      const startMs = world.clock();
      const run = replayStored(store, name, replayOptions(args));
      const tookNs = (world.clock() - startMs) * 1e6;
      remark(world, args, `replaying ${name} took ${showDuration(tookNs)}`);
      return run;
    });
    const { runId, trace, result } = kept;
    if (args.json) printJson(world, { run_id: runId, trace, ...result } as unknown as Json);
    else world.out(replayText(`run ${runId} of ${trace}`, result));
    return result.violations === 0 ? EXIT.ok : EXIT.finding;
  },
});
