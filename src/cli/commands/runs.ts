import { showCount, table } from "#report";
import type { StoredRun } from "#store";
import { command, nothing } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { printRows } from "../print.ts";

const violationsOf = ({ invariants }: StoredRun): number =>
  invariants.reduce((sum, { violated }) => sum + violated, 0);

/** Every request of a run ends as one of three. */
const cancelledIn = ({ requests }: StoredRun): number =>
  requests.total - requests.completed - requests.failed;

/** The stored runs, in the order in which they were first made. */
export const runs = command({
  description:
    "Lists the runs in the database: which trace, with what seed, how its requests ended, and the digest, which is equal for equal runs.",
  operand: nothing,
  options: {},
  examples: [
    { line: "rackproof runs", does: "what was replayed" },
    { line: "rackproof runs --json", does: "the same with the options of each" },
  ],
  async run(args, world) {
    const stored = await withStore(args, READ, (store) => store.runs());
    const listed = table({
      columns: [
        { name: "run", title: "Run", align: "right" },
        { name: "trace", title: "Trace" },
        { name: "completed", title: "Completed", align: "right", show: showCount },
        { name: "failed", title: "Failed", align: "right", show: showCount },
        { name: "cancelled", title: "Cancelled", align: "right", show: showCount },
        { name: "violations", title: "Violations", align: "right", show: showCount },
        { name: "seed", title: "Seed", align: "right" },
        { name: "version", title: "Version" },
        { name: "digest", title: "Digest" },
      ],
      rows: stored.map((run) => ({
        run: run.runId,
        trace: run.trace,
        completed: run.requests.completed,
        failed: run.requests.failed,
        cancelled: cancelledIn(run),
        violations: violationsOf(run),
        seed: run.seed,
        version: run.version,
        digest: run.digest.slice(0, 12),
      })),
      empty: "No run is stored yet.",
    });
    const rows = stored.map((run) => ({
      run_id: run.runId,
      trace: run.trace,
      options: run.options,
      seed: run.seed,
      version: run.version,
      digest: run.digest,
      requests: run.requests,
      violations: violationsOf(run),
    }));
    printRows(world, args, rows, listed);
    return EXIT.ok;
  },
});
