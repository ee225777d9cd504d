import { relative, resolve } from "node:path";
import { command, nothing, optionOr } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { text } from "../kinds.ts";
import { counted, printJson } from "../print.ts";
import { everything, reportFiles, writeReports } from "../write-reports.ts";

/** Writes what the database knows. */
export const report = command({
  description:
    "Writes what is in the database as tables: each trace's figures, each run with its invariants, the recorded comparisons whose runs `start` has made, each property with its cases, witnesses and mutants. Each table comes as CSV and as Markdown; the same database gives the same bytes.",
  operand: nothing,
  options: {
    output: optionOr(text("FOLDER"), "reports", "where to"),
  },
  examples: [
    { line: "rackproof report", does: "into reports/" },
    { line: "rackproof report --output /tmp/review", does: "elsewhere" },
  ],
  async run(args, world) {
    const folder = resolve(world.cwd, args.output);
    const files = await withStore(args, READ, async (store) =>
      reportFiles(store, await everything(store)),
    );
    writeReports(folder, files);
    if (args.json) printJson(world, { folder, files: files.map(({ path }) => path) });
    else {
      const shown = relative(world.cwd, folder) || ".";
      world.out(`${counted(files.length, "file")} in ${shown}; start with ${shown}/README.md\n`);
    }
    return EXIT.ok;
  },
});
