import { showCount, showDuration, table } from "#report";
import { command, nothing } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { printRows } from "../print.ts";
import { provenanceOf } from "../trace-json.ts";

/** The stored traces, in the order in which they came. */
export const traces = command({
  description: "Lists the traces in the database, in the order in which they were imported.",
  operand: nothing,
  options: {},
  examples: [
    { line: "rackproof traces", does: "what is there" },
    { line: "rackproof traces --json", does: "the same with where each came from" },
  ],
  async run(args, world) {
    const stored = await withStore(args, READ, (store) => store.traces());
    const listed = table({
      columns: [
        { name: "name", title: "Name" },
        { name: "rows", title: "Requests", align: "right", show: showCount },
        { name: "span_ns", title: "Span", align: "right", show: showDuration },
        { name: "blocks", title: "Blocks", align: "right", show: showCount },
        { name: "rejected_rows", title: "Passed over", align: "right", show: showCount },
        { name: "format", title: "Format" },
        { name: "file", title: "File" },
      ],
      rows: stored.map((trace) => ({
        name: trace.name,
        rows: trace.requests,
        span_ns: trace.spanNs,
        blocks: trace.distinctBlocks,
        rejected_rows: trace.rejectedRows,
        format: trace.format,
        file: trace.file,
      })),
      empty: "No trace is stored yet.",
    });
    printRows(world, args, stored.map(provenanceOf), listed);
    return EXIT.ok;
  },
});
