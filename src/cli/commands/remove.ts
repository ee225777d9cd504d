import { printable } from "#report";
import { command, one } from "../command.ts";
import { CHANGE, withStore } from "../database.ts";
import { EXIT } from "../exit.ts";
import { counted, printJson } from "../print.ts";

/** Removes a trace and its runs. */
export const remove = command({
  description:
    "Removes a trace from the database, with every run of it. The file it came from stays.",
  // Only a name: what destroys takes no hints.
  operand: one("NAME", "a stored trace"),
  options: {},
  examples: [{ line: "rackproof remove conversation", does: "forget it" }],
  async run(args, world) {
    await withStore(args, CHANGE, (store) => {
      const { name, requests } = store.trace(args.operand);
      const runs = store.runs().filter((run) => run.trace === name).length;
      store.removeTrace(name);
      if (args.json) printJson(world, { removed: name, rows: requests, runs });
      else {
        const what = `${counted(requests, "request")} and ${counted(runs, "run")}`;
        world.out(`${printable(name)}: removed, with ${what}\n`);
      }
    });
    return EXIT.ok;
  },
});
