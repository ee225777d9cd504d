/** Everything that a person can set about a run: one schema, from which the types, the defaults and the JSON Schema come. */
import * as v from "valibot";
import { CALIBRATIONS } from "#cost";
import { deploymentsSchema } from "./deployment-options.ts";
import { faultsSchema } from "./fault-options.ts";
import {
  above,
  among,
  type Frozen,
  fields,
  given,
  name,
  otherwise,
  whole,
  wholeOrNull,
} from "./fields.ts";
import { loadSchema } from "./load-options.ts";

/** Whether a longer run that lies on another worker is fetched when that is quicker than computing it, or never. */
export const REMOTE_HITS = ["fetch", "recompute"] as const;

/** What becomes of a longer run on another worker. */
export type RemoteHits = (typeof REMOTE_HITS)[number];

/** Tokens that a model's context might have, and more. */
const TOKENS_MAX = 2 ** 24;

const spanOrNull = (about: string) => otherwise(`${about}; null for none`, wholeOrNull(1), null);

const sloSchema = fields({
  ttft_ns: spanOrNull("the longest time to the first token that is good enough"),
  tpot_ns: spanOrNull("the longest time for each further token, on average over a request"),
  e2e_ns: spanOrNull("the longest time from arrival to end"),
});

const abandonSchema = fields({
  share: given("how many of the users leave, as a share of 1", above(0, 1)),
  after_ns: given("after how long, on average", whole(1)),
});

/** The options of a run as a file gives them: what is left out is as usual. */
export const optionsSchema = fields({
  profile: otherwise(
    "the rack: the name of a profile, or the contents of a profile file",
    v.union(
      [name("the name of a profile"), v.looseObject({})],
      "the name of a profile, or an object as a profile file has it",
    ),
    "document",
  ),
  deploy: otherwise("what is deployed", deploymentsSchema, [{ model: "llama-405b" }]),
  calibration: otherwise(
    "the bare roofline, or what the document says is reached",
    among(CALIBRATIONS),
    "document",
  ),
  policy: otherwise(
    "how requests are routed, with options behind a colon: kv-aware:bound=1.25",
    name("the name of a policy"),
    "kv-aware:bound=2",
  ),
  remote_hits: otherwise(
    "a longer run on another worker: fetched when that is quicker, or computed again",
    among(REMOTE_HITS),
    "fetch",
  ),
  block_tokens: otherwise(
    "tokens a block; null for the trace's own, or 64 where it names no blocks; a multiple or a divisor of the trace's own cuts or joins its blocks",
    wholeOrNull(1, 2 ** 20),
    null,
  ),
  max_num_seqs: otherwise("requests that a worker runs at a time", whole(1, 2 ** 16), 256),
  max_num_batched_tokens: otherwise("tokens of one step", whole(1, TOKENS_MAX), 8192),
  preemption: otherwise(
    "who makes room when blocks run out, among those of the lowest priority",
    among(["newest", "oldest"]),
    "newest",
  ),
  step_overhead_ns: otherwise("added to every step", whole(0), 0),
  event_delay_ns: otherwise("how much later than a pool the directory hears", whole(0), 0),
  oversized: otherwise(
    "a request that is too large for a worker: the run is refused before it begins, or the request fails",
    among(["refuse", "fail"]),
    "refuse",
  ),
  load: otherwise("which requests are sent, and when", loadSchema, {}),
  deadline_ns: spanOrNull("a request that has not ended so long after its arrival is cancelled"),
  ttft_deadline_ns: spanOrNull(
    "a request without a first token so long after its arrival is cancelled",
  ),
  abandon: otherwise(
    "users who do not wait for the end; null for none",
    v.nullable(abandonSchema),
    null,
  ),
  slo: otherwise("what is good enough to count as goodput", sloSchema, {}),
  faults: otherwise("what goes wrong, and when", faultsSchema, []),
  checks: otherwise("which invariants are watched", among(["all", "none"]), "all"),
  on_violation: otherwise(
    "what is done about a violated invariant: it is written down, or the run stops",
    among(["record", "stop"]),
    "record",
  ),
  seed: otherwise(
    "for what is drawn; null for 1, and where nothing is drawn",
    wholeOrNull(0),
    null,
  ),
});

/** What a person can set, checked by itself, complete and frozen: plain data, stored with the run. Every field has an effect. */
export type ReplayOptions = Frozen<v.InferOutput<typeof optionsSchema>>;
