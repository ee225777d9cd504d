/** The tables of a run's rows, and the views that people ask. */
import { COUNT, EXACT } from "./column-checks.ts";

/** A run that is new is written after its rows, when its digest is known: hence the deferred reference. */
const OF_RUN = "INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED";

/** A required column. */
const must = (name: string, check: string): string =>
  `${name} INTEGER NOT NULL CHECK (${name} ${check})`;
/** A column that may be empty. */
const may = (name: string, check: string): string => `${name} INTEGER CHECK (${name} ${check})`;

const tables = `
CREATE TABLE run_requests (
  run_id ${OF_RUN},
  ${must("request", COUNT)}, -- its place in the trace
  outcome TEXT NOT NULL CHECK (outcome IN ('completed', 'failed', 'cancelled')),
  reason TEXT CHECK (reason <> ''),
  ${may("deployment", COUNT)},
  ${may("worker", COUNT)}, -- by its first GPU, like every worker
  ${may("decode_worker", COUNT)},
  ${must("arrival_ns", EXACT)},
  ${may("enqueue_ns", EXACT)},
  ${may("start_ns", EXACT)},
  ${may("first_token_ns", EXACT)},
  ${may("transfer_ns", EXACT)},
  ${may("transferred_ns", EXACT)},
  ${must("end_ns", EXACT)},
  ${must("input_tokens", COUNT)},
  ${must("output_tokens", COUNT)},
  ${must("blocks", COUNT)},
  ${must("local_blocks", COUNT)},
  ${must("switch_blocks", COUNT)},
  ${must("fetched_blocks", COUNT)},
  ${must("fetched_from", "BETWEEN 0 AND 3")},
  ${must("computed_tokens", EXACT)},
  ${must("preemptions", COUNT)},
  ${must("restarts", COUNT)},
  PRIMARY KEY (run_id, request)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_series (
  run_id ${OF_RUN},
  ${must("at_ns", EXACT)}, -- the end of the interval
  ${must("worker", COUNT)},
  ${must("waiting", COUNT)},
  ${must("running", COUNT)},
  ${must("held_blocks", COUNT)},
  ${must("cached_blocks", COUNT)},
  ${must("free_blocks", COUNT)},
  ${must("busy_ns", EXACT)},
  ${must("prefill_tokens", EXACT)},
  ${must("decode_tokens", EXACT)},
  PRIMARY KEY (run_id, at_ns, worker)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_spans (
  run_id ${OF_RUN},
  ${must("start_ns", EXACT)},
  ${must("seq", COUNT)}, -- in the order in which they were told
  kind TEXT NOT NULL
    CHECK (kind IN ('prefill', 'decode', 'fetch', 'kv-transfer', 'weights', 'down')),
  ${must("worker", COUNT)},
  ${must("end_ns", EXACT)},
  ${may("request", COUNT)},
  ${may("from_worker", COUNT)},
  ${must("bytes", EXACT)},
  PRIMARY KEY (run_id, start_ns, seq),
  CHECK (end_ns >= start_ns)
) STRICT, WITHOUT ROWID;
`;

/** A latency is null where its end was never reached. What was found counts from the first token, as in the run's own measures. */
const views = `
CREATE VIEW run_latencies AS
SELECT run_id, request, outcome,
  (start_ns - arrival_ns) / 1e6 AS queueing_ms,
  (first_token_ns - arrival_ns) / 1e6 AS ttft_ms,
  CASE WHEN output_tokens > 1 THEN (end_ns - first_token_ns) / 1e6 / (output_tokens - 1) END
    AS tpot_ms,
  CASE WHEN outcome = 'completed' THEN (end_ns - arrival_ns) / 1e6 END AS e2e_ms
FROM run_requests;

CREATE VIEW run_outcomes AS
SELECT run_id, outcome, reason, count(*) AS requests, sum(input_tokens) AS input_tokens,
  sum(output_tokens) AS output_tokens, sum(preemptions) AS preemptions, sum(restarts) AS restarts
FROM run_requests GROUP BY run_id, outcome, reason;

CREATE VIEW run_hits AS
SELECT run_id, sum(blocks) AS block_refs, sum(local_blocks) AS local_blocks,
  sum(switch_blocks) AS switch_blocks,
  sum(fetched_blocks * (fetched_from = 1)) AS superchip_blocks,
  sum(fetched_blocks * (fetched_from = 2)) AS domain_blocks,
  sum(fetched_blocks * (fetched_from = 3)) AS rack_blocks,
  1.0 * sum(local_blocks + switch_blocks + fetched_blocks) / nullif(sum(blocks), 0)
    AS ratio_of_sums,
  avg(1.0 * (local_blocks + switch_blocks + fetched_blocks) / nullif(blocks, 0))
    AS mean_of_ratios
FROM run_requests WHERE first_token_ns IS NOT NULL GROUP BY run_id;

CREATE VIEW run_utilisation AS
WITH intervals AS (
  SELECT run_id, at_ns, lag(at_ns, 1, 0) OVER (PARTITION BY run_id ORDER BY at_ns) AS from_ns
  FROM (SELECT DISTINCT run_id, at_ns FROM run_series)
)
SELECT run_id, worker, from_ns / 1e9 AS from_s, at_ns / 1e9 AS to_s,
  1.0 * busy_ns / nullif(at_ns - from_ns, 0) AS busy, waiting, running,
  1.0 * (held_blocks + cached_blocks) / nullif(held_blocks + cached_blocks + free_blocks, 0)
    AS full,
  1e9 * (prefill_tokens + decode_tokens) / nullif(at_ns - from_ns, 0) AS tokens_per_s
FROM run_series JOIN intervals USING (run_id, at_ns);
`;

/** What the second step makes: a row a request of a run, the state of its workers at intervals, and what took time. */
export const RUN_ROWS = tables + views;
