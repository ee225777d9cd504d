import { InputError, shown } from "#base";
import manifest from "../../package.json" with { type: "json" };
import type { CommandEntry } from "./command.ts";
import { explain } from "./complain.ts";
import { EXIT, type ExitStatus } from "./exit.ts";
import { commandHelp, programHelp } from "./help.ts";
import {
  argsOf,
  COMMON_FLAGS,
  didYouMean,
  type Line,
  lineOf,
  programOf,
  unknownFlags,
} from "./parse.ts";
import type { World } from "./world.ts";

/** Nothing to do: says how to ask, on stderr, because it is no result. */
const withoutCommand = (line: Line, world: World): ExitStatus => {
  const strangers = unknownFlags(line.rest, COMMON_FLAGS);
  if (strangers.length > 0) {
    world.err("A command's own options follow its name.\n");
    throw new InputError(strangers);
  }
  const help = programHelp(line.program);
  if (line.wantsHelp) {
    world.out(help);
    return EXIT.ok;
  }
  world.err(help);
  if (!world.argv.includes("--json")) return EXIT.input;
  throw new InputError([{ code: "CLI-4", message: "a command must be given, found nothing" }]);
};

const dispatch = async (world: World, entries: readonly CommandEntry[]): Promise<ExitStatus> => {
  const line = lineOf(programOf(entries), world.argv);
  if (line.wantsVersion) {
    world.out(`${manifest.version}\n`);
    return EXIT.ok;
  }
  if (line.name === undefined) return withoutCommand(line, world);
  const entry = entries.find(({ name }) => name === line.name);
  if (entry === undefined) {
    const names = entries.map(({ name }) => name);
    const message = `a command must be a known one, found ${shown(line.name)}${didYouMean(line.name, names)}`;
    throw new InputError([{ code: "CLI-1", message }]);
  }
  const command = await entry.load();
  if (line.wantsHelp) {
    world.out(commandHelp(line.program, entry, command));
    return EXIT.ok;
  }
  return command.run(argsOf(line, entry.name, command, world), world);
};

/** Runs one command line in a world, and says how it ended. Throws nothing. */
export const runCli = async (
  world: World,
  entries: readonly CommandEntry[],
): Promise<ExitStatus> => {
  try {
    return await dispatch(world, entries);
  } catch (thrown) {
    try {
      return explain(thrown, world, world.argv.includes("--json"));
    } catch (again) {
      // Stdout took not even the complaint: what is left is stderr.
      return explain(again, world, false);
    }
  }
};
