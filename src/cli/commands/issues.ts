import { ISSUE_RULES } from "#base";
import { table, textTable } from "#report";
import { command, nothing } from "../command.ts";
import { EXIT } from "../exit.ts";
import { printJson } from "../print.ts";

/** The codes, printed from where they are defined. */
export const issues = command({
  description:
    "Lists the codes of all faults that Rackproof finds in its input, each with the rule that was broken. A code is never reused.",
  operand: nothing,
  options: {},
  examples: [
    { line: "rackproof issues", does: "what TRACE-3 means" },
    { line: "rackproof issues --json", does: "the same for a program" },
  ],
  async run(args, world) {
    const rows = Object.entries(ISSUE_RULES).map(([code, rule]) => ({ code, rule }));
    if (args.json) printJson(world, rows);
    else {
      const columns = [
        { name: "code", title: "Code" },
        { name: "rule", title: "Rule" },
      ] as const;
      world.out(textTable(table({ columns, rows, empty: "There are no codes." })));
    }
    return EXIT.ok;
  },
});
