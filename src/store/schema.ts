/**
 * The tables, as the steps that make them. A step is never edited once released: a change is a further step. The number of steps
 * a database has been through is its `user_version`.
 */
import { COUNT, EXACT } from "./column-checks.ts";
import { RUN_ROWS } from "./run-rows-schema.ts";

/** `Rkpf` in ASCII: how SQLite, and `file`, tell a database of ours from another program's. */
export const APPLICATION_ID = 0x52_6b_70_66;

const isSha256 = (column: string): string =>
  `CHECK (length(${column}) = 64 AND ${column} NOT GLOB '*[^0-9a-f]*')`;

/**
 * What hangs on a trace is written before it, because a source is known when its last byte has been read: hence the deferred
 * references, which are checked when the import commits.
 */
const OF_TRACE =
  "INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED";

const traces = `
CREATE TABLE traces (
  trace_id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL ${isSha256("sha256")},
  size_bytes INTEGER NOT NULL CHECK (size_bytes ${EXACT}),
  compressed INTEGER NOT NULL CHECK (compressed IN (0, 1)),
  format TEXT NOT NULL CHECK (format <> ''),
  because TEXT NOT NULL,
  conventions_json TEXT NOT NULL CHECK (json_valid(conventions_json)),
  options_json TEXT NOT NULL CHECK (json_valid(options_json)),
  origin TEXT NOT NULL,
  importer_version INTEGER NOT NULL CHECK (importer_version ${COUNT}),
  requests INTEGER NOT NULL CHECK (requests BETWEEN 1 AND 4294967295),
  out_of_order INTEGER NOT NULL CHECK (out_of_order BETWEEN 0 AND requests - 1)
) STRICT;
CREATE INDEX traces_by_content ON traces (sha256, options_json, importer_version);

CREATE TABLE trace_requests (
  trace_id ${OF_TRACE},
  seq INTEGER NOT NULL CHECK (seq ${COUNT}), -- by arrival, then by place in the file
  arrival_ns INTEGER NOT NULL CHECK (arrival_ns ${EXACT}),
  input_tokens INTEGER NOT NULL CHECK (input_tokens ${COUNT}),
  output_tokens INTEGER NOT NULL CHECK (output_tokens ${COUNT}),
  session INTEGER CHECK (session ${COUNT}),
  turn INTEGER NOT NULL CHECK (turn ${COUNT}),
  delay_ns INTEGER CHECK (delay_ns ${EXACT}),
  priority INTEGER NOT NULL CHECK (priority BETWEEN -9007199254740991 AND 9007199254740991),
  model INTEGER CHECK (model ${COUNT}),
  failed INTEGER NOT NULL CHECK (failed IN (0, 1)),
  extra_json TEXT CHECK (extra_json <> ''),
  blocks BLOB NOT NULL CHECK (length(blocks) % 4 = 0),
  PRIMARY KEY (trace_id, seq)
) STRICT;

CREATE TABLE trace_rejects (
  trace_id ${OF_TRACE},
  seq INTEGER NOT NULL CHECK (seq ${COUNT}),
  code TEXT NOT NULL CHECK (code <> ''),
  message TEXT NOT NULL CHECK (message <> ''),
  file TEXT,
  line INTEGER CHECK (line >= 1),
  column INTEGER CHECK (column >= 1),
  PRIMARY KEY (trace_id, seq)
) STRICT;

CREATE TABLE trace_models (
  trace_id ${OF_TRACE},
  model INTEGER NOT NULL CHECK (model ${COUNT}),
  name TEXT NOT NULL,
  PRIMARY KEY (trace_id, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE trace_sessions (
  trace_id ${OF_TRACE},
  session INTEGER NOT NULL CHECK (session ${COUNT}),
  name TEXT NOT NULL,
  PRIMARY KEY (trace_id, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE trace_block_ids (
  trace_id ${OF_TRACE},
  chunk INTEGER NOT NULL CHECK (chunk ${COUNT}),
  ids BLOB NOT NULL CHECK (length(ids) % 8 = 0 AND length(ids) BETWEEN 8 AND 524288),
  PRIMARY KEY (trace_id, chunk)
) STRICT;

CREATE VIEW trace_summary AS
SELECT name, format, requests, out_of_order,
  (SELECT count(DISTINCT line) FROM trace_rejects r WHERE r.trace_id = t.trace_id) AS rejected_rows,
  (SELECT max(arrival_ns) FROM trace_requests r WHERE r.trace_id = t.trace_id) AS span_ns,
  (SELECT sum(input_tokens) FROM trace_requests r WHERE r.trace_id = t.trace_id) AS input_tokens,
  (SELECT sum(output_tokens) FROM trace_requests r WHERE r.trace_id = t.trace_id) AS output_tokens,
  (SELECT sum(length(blocks)) / 4 FROM trace_requests r WHERE r.trace_id = t.trace_id) AS block_refs,
  (SELECT coalesce(sum(length(ids)), 0) / 8 FROM trace_block_ids b WHERE b.trace_id = t.trace_id)
    AS distinct_blocks
FROM traces t;
`;

const runs = `
CREATE TABLE runs (
  run_id INTEGER PRIMARY KEY AUTOINCREMENT,
  trace_id INTEGER NOT NULL REFERENCES traces ON DELETE CASCADE,
  options_json TEXT NOT NULL CHECK (json_valid(options_json)),
  seed INTEGER NOT NULL,
  version TEXT NOT NULL CHECK (version <> ''),
  digest TEXT NOT NULL ${isSha256("digest")},
  requests_total INTEGER NOT NULL CHECK (requests_total ${COUNT}),
  requests_completed INTEGER NOT NULL CHECK (requests_completed ${COUNT}),
  requests_failed INTEGER NOT NULL CHECK (requests_failed ${COUNT}),
  summary_json TEXT NOT NULL CHECK (json_valid(summary_json)),
  UNIQUE (trace_id, options_json, seed, version),
  CHECK (requests_completed + requests_failed <= requests_total)
) STRICT;

CREATE TABLE run_invariants (
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position ${COUNT}),
  invariant_id TEXT NOT NULL CHECK (invariant_id <> ''),
  statement TEXT NOT NULL CHECK (statement <> ''),
  evaluated INTEGER NOT NULL CHECK (evaluated ${EXACT}),
  premise_true INTEGER NOT NULL CHECK (premise_true BETWEEN 0 AND evaluated),
  violated INTEGER NOT NULL CHECK (violated BETWEEN 0 AND premise_true),
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, invariant_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW run_summary AS
SELECT run_id, name AS trace, seed, version, requests_total, requests_completed, requests_failed,
  (SELECT count(*) FROM run_invariants i WHERE i.run_id = r.run_id) AS invariants,
  (SELECT coalesce(sum(violated), 0) FROM run_invariants i WHERE i.run_id = r.run_id) AS violations,
  digest
FROM runs r JOIN traces USING (trace_id);
`;

const verdicts = `
CREATE TABLE verdicts (
  verdict_id INTEGER PRIMARY KEY AUTOINCREMENT,
  property_id TEXT NOT NULL CHECK (property_id <> ''),
  part TEXT NOT NULL CHECK (part <> ''),
  statement TEXT NOT NULL CHECK (statement <> ''),
  seed INTEGER NOT NULL,
  profile TEXT NOT NULL CHECK (profile <> ''),
  cases_asked INTEGER NOT NULL CHECK (cases_asked ${EXACT}),
  cases_done INTEGER NOT NULL CHECK (cases_done ${EXACT}),
  small_done INTEGER NOT NULL CHECK (small_done ${EXACT}),
  small_complete INTEGER NOT NULL CHECK (small_complete IN (0, 1)),
  verdict TEXT NOT NULL CHECK (verdict IN ('holds', 'broken', 'unproven', 'unknown')),
  CHECK (verdict <> 'holds' OR cases_done >= cases_asked)
) STRICT;
CREATE INDEX verdicts_by_property ON verdicts (property_id);

CREATE TABLE verdict_witnesses (
  verdict_id INTEGER NOT NULL REFERENCES verdicts ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position ${COUNT}),
  name TEXT NOT NULL CHECK (name <> ''),
  count INTEGER NOT NULL CHECK (count ${EXACT}),
  minimum INTEGER NOT NULL CHECK (minimum BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (verdict_id, position),
  UNIQUE (verdict_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict_mutants (
  verdict_id INTEGER NOT NULL REFERENCES verdicts ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position ${COUNT}),
  name TEXT NOT NULL CHECK (name <> ''),
  caught INTEGER NOT NULL CHECK (caught IN (0, 1)),
  cases INTEGER NOT NULL CHECK (cases ${EXACT}),
  PRIMARY KEY (verdict_id, position),
  UNIQUE (verdict_id, name)
) STRICT, WITHOUT ROWID;

CREATE VIEW verdicts_latest AS
SELECT * FROM verdicts
WHERE verdict_id IN (SELECT max(verdict_id) FROM verdicts GROUP BY property_id);
`;

const cases = `
CREATE TABLE cases (
  case_id INTEGER PRIMARY KEY AUTOINCREMENT,
  property_id TEXT NOT NULL CHECK (property_id <> ''),
  part TEXT NOT NULL CHECK (part <> ''),
  sha256 TEXT NOT NULL ${isSha256("sha256")},
  case_json TEXT NOT NULL CHECK (json_valid(case_json)),
  finding_json TEXT NOT NULL CHECK (json_valid(finding_json)),
  UNIQUE (property_id, sha256)
) STRICT;
`;

/** Step `n` takes a database from version `n` to `n + 1`, in one transaction. */
export const MIGRATIONS: readonly string[] = [traces + runs + verdicts + cases, RUN_ROWS];
