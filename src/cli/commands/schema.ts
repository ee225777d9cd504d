import { InputError, shown } from "#base";
import { replayJsonSchemas, SCHEMA_NAMES } from "#replay";
import { command, type OperandSpec } from "../command.ts";
import { EXIT } from "../exit.ts";
import { didYouMean } from "../parse.ts";
import { printJson } from "../print.ts";

/** One of the schemas, or none for the first. */
const WHAT: OperandSpec<string> = {
  placeholder: "WHAT",
  help: `one of ${SCHEMA_NAMES.join(", ")} (default: ${SCHEMA_NAMES[0]})`,
  least: 0,
  most: 1,
  read: ([word = SCHEMA_NAMES[0]]) => word,
};

/** What the files that a replay is given may have in them, for editors. */
export const schema = command({
  description:
    "Prints the JSON Schema of what a replay can be given as a file: all of its options, what is deployed, what goes wrong and when, or a profile of one's own. An editor that is told where the schema is completes and checks such files while they are written.",
  operand: WHAT,
  options: {},
  examples: [
    { line: "rackproof schema deploy > deploy.schema.json", does: "for files of --deploy" },
    { line: "rackproof schema faults", does: "for files of --faults" },
    { line: "rackproof schema", does: "for all options of a run in one file" },
  ],
  async run(args, world) {
    const name = SCHEMA_NAMES.find((known) => known === args.operand);
    if (name === undefined) {
      const hint = didYouMean(args.operand, SCHEMA_NAMES);
      const message = `WHAT must be one of ${SCHEMA_NAMES.join(", ")}, found ${shown(args.operand)}${hint}`;
      throw new InputError([{ code: "CLI-2", message }]);
    }
    printJson(world, replayJsonSchemas()[name]);
    return EXIT.ok;
  },
});
