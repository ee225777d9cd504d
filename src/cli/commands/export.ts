import { writeTrace } from "#trace";
import { command, one, option } from "../command.ts";
import { READ, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { findTrace } from "../find-trace.ts";
import { text } from "../kinds.ts";
import { writeLines } from "../output.ts";
import { counted, printJson, remark } from "../print.ts";

/** Writes a stored trace as a file that can be imported. */
export const exportTrace = command({
  description:
    "Writes a trace in Rackproof's own JSONL, from which an import makes the same requests. To stdout, or to a file, compressed when its name ends in .gz; a file is written whole or not at all.",
  operand: one("NAME", "a stored trace, or the path of a file that was imported"),
  options: { output: option(text("FILE"), "where to (default: stdout)") },
  examples: [
    { line: "rackproof export conversation --output conversation.jsonl.gz", does: "as a file" },
    { line: "rackproof export conversation | head -3", does: "a look at the format" },
  ],
  async run(args, world) {
    await withStore(args, READ, async (store) => {
      const name = await findTrace(store, world, args.operand);
      const lines = writeTrace(store.source(name), store.requests(name));
      await writeLines(world, args.output, lines);
      if (args.output === undefined) return;
      const { requests } = store.trace(name);
      if (args.json) printJson(world, { name, rows: requests, output: args.output });
      else remark(world, args, `wrote ${counted(requests, "request")} to ${args.output}`);
    });
    return EXIT.ok;
  },
});
