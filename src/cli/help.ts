import type { Command as CommanderCommand } from "commander";
import type { Command, CommandEntry } from "./command.ts";
import { subcommandOf } from "./parse.ts";

/** Fixed, so that the help is the same text on every terminal. */
const WIDTH = 100;

const examplesOf = ({ examples }: Pick<Command, "examples">): string =>
  `\nExamples:\n${examples.map(({ line, does }) => `  # ${does}\n  ${line}\n`).join("")}`;

/** The help of the whole program. */
export const programHelp = (program: CommanderCommand): string => {
  const help = program
    .configureHelp({ helpWidth: WIDTH, subcommandTerm: (command) => command.name() })
    .helpInformation();
  return `${help}\nrackproof help COMMAND says what a command does, with examples.\n`;
};

/** The help of one command, examples last. */
export const commandHelp = (
  program: CommanderCommand,
  { name }: CommandEntry,
  command: Command,
): string => {
  const help = subcommandOf(program, name, command)
    .configureHelp({ helpWidth: WIDTH, showGlobalOptions: true })
    .helpInformation();
  return `${help}${examplesOf(command)}`;
};
