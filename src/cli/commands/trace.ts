import type { Issue, Json } from "#base";
import { provenanceTable, statisticsTable, type Table, table, textTable } from "#report";
import type { Store } from "#store";
import { traceStatistics } from "#trace";
import { command, flag, one } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { findTrace } from "../find-trace.ts";
import { printJson, printRows } from "../print.ts";
import { provenanceOf } from "../trace-json.ts";

const rejectTable = (rejects: readonly Issue[]): Table =>
  table({
    columns: [
      { name: "file", title: "File" },
      { name: "line", title: "Line", align: "right" },
      { name: "code", title: "Code" },
      { name: "message", title: "Fault" },
    ],
    rows: rejects.map(({ file = null, line = null, code, message }) => ({
      file,
      line,
      code,
      message,
    })),
    empty: "No row was passed over.",
  });

const statisticsOf = (store: Store, name: string) => {
  const { conventions } = store.trace(name);
  return traceStatistics(store.requests(name), conventions.blockTokens, conventions.lastBlock);
};

/** What a trace is like. */
export const trace = command({
  description:
    "Measures a stored trace: lengths, how much of its prompts is shared, what caches of several sizes would hit, what is odd about it, and where it came from. Percentiles are nearest-rank.",
  operand: one("NAME", "a stored trace, or the path of a file that was imported"),
  options: {
    rejects: flag("the faults of the rows that were passed over, instead"),
  },
  examples: [
    { line: "rackproof trace conversation", does: "its figures" },
    { line: "rackproof trace conversation --json", does: "the same for a program" },
    {
      line: "rackproof trace conversation --rejects",
      does: "which rows were passed over, and why",
    },
  ],
  async run(args, world) {
    await withStore(args, READ, async (store) => {
      const name = await findTrace(store, world, args.operand);
      if (args.rejects) {
        const rejects = store.rejects(name);
        printRows(world, args, rejects as unknown as Json, rejectTable(rejects));
        return;
      }
      const statistics = statisticsOf(store, name);
      if (args.json) {
        const { provenance, options, rejected_rows } = provenanceOf(store.trace(name));
        const all = { name, ...statistics, rejected_rows, options, provenance };
        printJson(world, all as unknown as Json);
        return;
      }
      world.out(textTable(statisticsTable(statistics)));
      world.out(`\n${textTable(provenanceTable(store.source(name)))}`);
    });
    return EXIT.ok;
  },
});
