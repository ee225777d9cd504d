import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InputError, type Json } from "#base";
import { CALIBRATIONS } from "#cost";
import { POLICY_KINDS } from "#rack";
import {
  type DeploymentOptions,
  REMOTE_HITS,
  REPLAY_DEFAULTS,
  type ReplayOptions,
  readDeployments,
  readFaults,
  readReplayOptions,
} from "#replay";
import { MODELS, PROFILES } from "#spec";
import { type Args, option } from "./command.ts";
import { apart, everywhere, together } from "./deployed.ts";
import { oneOf, positive, span, text, wholeNumber, window } from "./kinds.ts";

const [USUAL] = REPLAY_DEFAULTS.deploy as readonly [DeploymentOptions];

const names = (things: readonly { readonly name: string }[]): string =>
  things.map(({ name }) => name).join(", ");

/** What a replay can be told on the command line. What is left out is as a file of options has it, or as usual. */
export const REPLAY_FLAGS = {
  options: option(
    text("FILE"),
    "all options as JSON (see rackproof schema options); flags go before it",
  ),
  profile: option(
    text("NAME"),
    `the rack: one of ${names(PROFILES)}, or a profile file (default: ${REPLAY_DEFAULTS.profile})`,
  ),
  deploy: option(text("FILE"), "what is deployed, as JSON (see rackproof schema deploy)"),
  model: option(text("NAME"), `one of ${names(MODELS)} (default: ${USUAL.model})`),
  weightFormat: option(
    text("FORMAT"),
    `the number format of weights (default: ${USUAL.weight_format})`,
  ),
  kvFormat: option(
    text("FORMAT"),
    `the number format of the KV cache (default: ${USUAL.kv_format})`,
  ),
  tp: option(wholeNumber("N", 1), `GPUs a worker: 1, 2, 4 or 8 (default: ${USUAL.tp})`),
  replicas: option(wholeNumber("N", 1), "workers (default: as many as fit)"),
  prefill: option(wholeNumber("N", 1), "workers that only prefill; with --decode"),
  decode: option(wholeNumber("N", 1), "workers that only decode; with --prefill"),
  capacityBlocks: option(
    wholeNumber("N", 1),
    "blocks a worker (default: what weights and workspace leave of the HBM)",
  ),
  calibration: option(
    text("NAME"),
    `one of ${CALIBRATIONS.join(", ")}: the bare roofline, or what the document says is reached (default: ${REPLAY_DEFAULTS.calibration})`,
  ),
  policy: option(
    text("POLICY"),
    `how requests are routed: ${POLICY_KINDS.join(", ")}; with options behind a colon, as in kv-aware:bound=1.25 or dynamo-cost:w=1,temperature=0.5 (default: ${REPLAY_DEFAULTS.policy})`,
  ),
  remoteHits: option(
    text("HOW"),
    `a longer run on another worker: ${REMOTE_HITS.join(" when that is quicker, or ")} (default: ${REPLAY_DEFAULTS.remote_hits})`,
  ),
  blockTokens: option(
    wholeNumber("N", 1),
    "tokens a block; a divisor or a multiple of the trace's cuts or joins its blocks (default: the trace's, or 64)",
  ),
  maxNumSeqs: option(wholeNumber("N", 1), "requests that a worker runs at a time (default: 256)"),
  maxNumBatchedTokens: option(wholeNumber("N", 1), "tokens of one step (default: 8192)"),
  preemption: option(
    oneOf("WHO", ["newest", "oldest"]),
    "who makes room when blocks run out, among the least urgent (default: newest)",
  ),
  stepOverhead: option(span("SPAN"), "added to every step (default: 0)"),
  eventDelay: option(span("SPAN"), "how much later than a pool the directory hears (default: 0)"),
  oversized: option(
    oneOf("HOW", ["refuse", "fail"]),
    "a request too large for a worker: the run is refused, or the request fails (default: refuse)",
  ),
  window: option(window("START:END"), "only requests that arrive then, as in 10m:20m"),
  speedup: option(positive("FACTOR"), "arrivals and delays so many times as quick (default: 1)"),
  jitter: option(span("SPAN"), "each arrival put off by up to that much"),
  rate: option(positive("PER_SECOND"), "Poisson arrivals at that rate instead of the trace's"),
  concurrency: option(wholeNumber("N", 1), "so many requests under way at all times instead"),
  deadline: option(span("SPAN"), "a request that takes longer is cancelled"),
  ttftDeadline: option(span("SPAN"), "one without a token by then is cancelled"),
  sloTtft: option(span("SPAN"), "goodput: the longest time to the first token"),
  sloTpot: option(span("SPAN"), "goodput: the longest time for each further token"),
  sloE2e: option(span("SPAN"), "goodput: the longest time from arrival to end"),
  faults: option(text("FILE"), "what goes wrong and when, as JSON (see rackproof schema faults)"),
  checks: option(oneOf("WHICH", ["all", "none"]), "which invariants are watched (default: all)"),
  onViolation: option(
    oneOf("HOW", ["record", "stop"]),
    "what becomes of a run that violates one (default: record)",
  ),
  seed: option(wholeNumber("N", 0), "for what is drawn (default: 1)"),
};

/** Those flags, read. */
export type GivenFlags = Omit<Args<unknown, typeof REPLAY_FLAGS>, "operand">;

/** The JSON value of a file. Throws an `InputError`: CLI-6 when it cannot be read, and REPLAY-1 when it is no JSON. */
const jsonOf = (path: string, cwd: string): Json => {
  let content: string;
  try {
    content = readFileSync(resolve(cwd, path), "utf8");
  } catch (thrown) {
    const isFolder = (thrown as { readonly code?: string }).code === "EISDIR";
    const message = `a file that is named must be there to be read, found ${isFolder ? "a folder" : "none"}`;
    throw new InputError([{ code: "CLI-6", message, file: path }]);
  }
  try {
    return JSON.parse(content) as Json;
  } catch (thrown) {
    const message = `a file of options must be JSON, found: ${(thrown as Error).message}`;
    throw new InputError([{ code: "REPLAY-1", message, file: path }]);
  }
};

/** Those members that were given. */
const given = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** The rack: a name that is known, or a file's contents. */
const profileOf = (name: string | undefined, cwd: string): unknown =>
  name === undefined || PROFILES.some((profile) => profile.name === name) || !/[./]/.test(name)
    ? name
    : jsonOf(name, cwd);

const clash = (message: string): never => {
  throw new InputError([{ code: "CLI-5", message }]);
};

/** How many workers there are, and whether each does whole requests. */
const workersOf = (args: GivenFlags, deploy: ReplayOptions["deploy"]): ReplayOptions["deploy"] => {
  const { replicas, prefill, decode } = args;
  if (prefill === undefined && decode === undefined) {
    return replicas === undefined ? deploy : together(deploy, replicas, "--replicas");
  }
  if (prefill === undefined || decode === undefined || replicas !== undefined) {
    return clash("--prefill and --decode must be given together, and without --replicas");
  }
  return apart(deploy, prefill, decode, "--prefill and --decode");
};

/** What is deployed: what a file says, or what `base` has, changed by the flags that say so. */
const deployOf = (args: GivenFlags, base: ReplayOptions["deploy"], cwd: string): unknown => {
  const { deploy, replicas, prefill, decode } = args;
  const members = given({
    model: args.model,
    weight_format: args.weightFormat,
    kv_format: args.kvFormat,
    tp: args.tp,
    capacity_blocks: args.capacityBlocks,
  });
  if (deploy === undefined) return workersOf(args, everywhere(base, members));
  const others = { ...members, ...given({ replicas, prefill, decode }) };
  if (Object.keys(others).length > 0) {
    clash("--deploy must be all that says what is deployed, found other flags that do");
  }
  return readDeployments(jsonOf(deploy, cwd), deploy);
};

const loadOf = (args: GivenFlags, base: ReplayOptions["load"]): unknown => {
  const { window: stretch, speedup, jitter, rate, concurrency } = args;
  if (rate !== undefined && concurrency !== undefined) {
    clash("--rate and --concurrency must not be given together");
  }
  return {
    ...base,
    ...(rate !== undefined && { mode: "poisson", rate_per_s: rate, concurrency: null }),
    ...(concurrency !== undefined && { mode: "concurrency", concurrency, rate_per_s: null }),
    ...(stretch !== undefined && { from_ns: stretch.fromNs || null, to_ns: stretch.toNs ?? null }),
    ...given({ speedup, jitter_ns: jitter }),
  };
};

/** The options of a run, from a file and from flags. Throws an `InputError` with every fault of whichever is looked at first. */
export const replayOptionsOf = (args: GivenFlags, cwd: string): ReplayOptions => {
  const base =
    args.options === undefined
      ? REPLAY_DEFAULTS
      : readReplayOptions(jsonOf(args.options, cwd), args.options);
  return readReplayOptions({
    ...base,
    deploy: deployOf(args, base.deploy, cwd),
    load: loadOf(args, base.load),
    slo: {
      ...base.slo,
      ...given({ ttft_ns: args.sloTtft, tpot_ns: args.sloTpot, e2e_ns: args.sloE2e }),
    },
    ...given({
      profile: profileOf(args.profile, cwd),
      calibration: args.calibration,
      policy: args.policy,
      remote_hits: args.remoteHits,
      block_tokens: args.blockTokens,
      max_num_seqs: args.maxNumSeqs,
      max_num_batched_tokens: args.maxNumBatchedTokens,
      preemption: args.preemption,
      step_overhead_ns: args.stepOverhead,
      event_delay_ns: args.eventDelay,
      oversized: args.oversized,
      deadline_ns: args.deadline,
      ttft_deadline_ns: args.ttftDeadline,
      faults:
        args.faults === undefined ? undefined : readFaults(jsonOf(args.faults, cwd), args.faults),
      checks: args.checks,
      on_violation: args.onViolation,
      seed: args.seed,
    }),
  });
};
