/** Makes a run that violates an invariant small: to the few requests that still do it. */
import { InputError } from "#base";
import {
  applyLoad,
  type InvariantId,
  plan,
  REPLAY_DEFAULTS,
  type ReplayOptions,
  type ReplayTrace,
} from "#replay";
import { Attempts, type PartsOf, violationIn } from "./attempts.ts";
import { cutFaults, cutRequests, cutWindow } from "./cut-requests.ts";
import type { RunCase, RunInput } from "./run-case.ts";
import { simplify } from "./simplify.ts";

/** How many requests are replayed at most: some tens of seconds' worth, and eighty times a trace of twelve thousand. */
export const SHRINK_BUDGET = 1_000_000;

/** What building a rack costs, in requests: something, and more the more blocks it has. Measured; only the budget depends on it. */
const RACK_REQUESTS = 50;
const BLOCKS_PER_REQUEST = 1_000;

/** How a run is made small. */
export type ShrinkRunOptions = {
  /** Which invariant; the one that is violated first when left out. */
  readonly invariant?: InvariantId | undefined;
  /** Other parts than the rack's own. */
  readonly partsOf?: PartsOf;
  /** How many requests may be replayed, in all attempts together, building a rack included as so many more; `SHRINK_BUDGET` when left out. */
  readonly budget?: number | undefined;
};

/** A small run, and how it was found. */
export type ShrunkRun = {
  readonly case: RunCase;
  /** Requests of the run that it was cut from. */
  readonly requestsBefore: number;
  /** Attempts. */
  readonly replays: number;
  /** Whether every request that is left is known to be needed; not when the budget ran out first. */
  readonly isMinimal: boolean;
};

const isPossible = ({ options, ...facts }: RunInput): boolean => {
  try {
    plan(options, facts);
    return true;
  } catch (thrown) {
    if (thrown instanceof InputError) return false;
    throw thrown;
  }
};

/**
 * The same run with its load told by the requests themselves, so that taking one away moves no other: in their window, sped up,
 * put off or drawn at random as they are sent. Only how many are under way at a time stays with the options.
 */
const asSent = (input: RunInput, seed: number): RunInput => {
  const { options, requests } = input;
  const { mode, concurrency } = options.load;
  const load = {
    ...REPLAY_DEFAULTS.load,
    ...(mode === "concurrency" && { mode, concurrency }),
  };
  const sent = {
    ...input,
    options: { ...options, load },
    requests: Array.from(applyLoad(requests, options.load, seed), ({ request }) => request),
  };
  // A seed that only the load went by is refused where nothing is drawn any more.
  return isPossible(sent) ? sent : { ...sent, options: { ...sent.options, seed: null } };
};

/** The run to begin with, and what it violates. It does the same as it was sent, unless something is drawn by a request's place in the trace. */
const startOf = (
  trace: ReplayTrace,
  options: ReplayOptions,
  { invariant, partsOf, budget = SHRINK_BUDGET }: ShrinkRunOptions,
): Attempts | undefined => {
  const { seed, deployments } = plan(options, trace);
  const { blockTokens, models } = trace;
  const whole = { options, blockTokens, models, requests: [...trace.requests] };
  const blocks = deployments.reduce(
    (sum, { replicas, capacityBlocks }) => sum + replicas * capacityBlocks,
    0,
  );
  const rackCost = RACK_REQUESTS + Math.ceil(blocks / BLOCKS_PER_REQUEST);
  for (const input of [asSent(whole, seed), whole]) {
    const { found } = violationIn(input, invariant, partsOf);
    if (found !== undefined) return new Attempts(input, found, { partsOf, budget, rackCost });
  }
  return undefined;
};

/** Grows with everything that is made smaller: requests, their tokens and their times. */
const sizeOf = ({ requests }: RunInput): number =>
  requests.reduce(
    (sum, { inputTokens, outputTokens }) => sum + 1 + inputTokens + outputTokens,
    requests.at(-1)?.arrivalNs ?? 0,
  );

/**
 * Cuts a run that violates an invariant down to the few requests that still do, each of which is needed, and makes those simple: first
 * a window of time that is enough, then sessions, stretches and single requests (delta debugging), then their lengths and
 * times. Nothing when no invariant is violated, or not the one that is named. A function of its arguments alone. Throws an
 * `InputError` when the options describe no possible run of this trace.
 */
export const shrinkRun = (
  trace: ReplayTrace,
  options: ReplayOptions,
  given: ShrinkRunOptions = {},
): ShrunkRun | undefined => {
  const attempts = startOf(trace, options, given);
  if (attempts === undefined) return undefined;
  const requestsBefore = attempts.input.requests.length;
  cutWindow(attempts);
  cutRequests(attempts);
  cutFaults(attempts);
  for (let size = Number.POSITIVE_INFINITY; sizeOf(attempts.input) < size; ) {
    size = sizeOf(attempts.input);
    // What is simpler may need fewer, and fewer may be made simpler still.
    simplify(attempts);
    cutRequests(attempts);
  }
  const { input, found, replays, isSpent } = attempts;
  return {
    case: { kind: "run", invariant: found.id, found, ...input },
    requestsBefore,
    replays,
    isMinimal: !isSpent,
  };
};
