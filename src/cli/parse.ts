/** Builds commander's commands from ours, and reads what was typed against them: every fault at once. */
import { resolve } from "node:path";
import { Command as CommanderCommand, CommanderError, Option } from "commander";
import { InputError, type Issue, meant, shown } from "#base";
import {
  type Args,
  type Command,
  type CommandEntry,
  flag,
  type OptionSpec,
  option,
} from "./command.ts";
import { text } from "./kinds.ts";
import type { World } from "./world.ts";

/** The file a database has when nobody names one, in the working folder. */
const DEFAULT_DB = "rackproof.db";

/** What every command takes. */
const COMMON = {
  db: option(text("FILE"), `the database (default: RACKPROOF_DB, or ${DEFAULT_DB} here)`),
  json: flag("print the result as one JSON value on stdout"),
  quiet: flag("no remarks and no progress on stderr, only complaints"),
  noProgress: flag("no progress bar"),
  noColor: flag("no colours; NO_COLOR and FORCE_COLOR are heeded too"),
  help: flag("what a command does, with examples"),
  version: flag("the version"),
} as const satisfies Record<string, OptionSpec<unknown>>;

const SHORT: Readonly<Record<string, string>> = { quiet: "-q, ", help: "-h, ", version: "-V, " };

/** `fromNs` is `--from-ns`. */
export const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const declare = (to: CommanderCommand, options: Command["options"]): void => {
  for (const [name, { kind, fallback, help, isRepeatable }] of Object.entries(options)) {
    const value = kind === undefined ? "" : ` <${kind.placeholder}>`;
    const fallsBack =
      kind !== undefined && !isRepeatable && fallback !== undefined && fallback !== null;
    const described = fallsBack ? `${help} (default: ${String(fallback)})` : help;
    const declared = new Option(`${SHORT[name] ?? ""}${flagOf(name)}${value}`, described);
    if (isRepeatable) declared.argParser((text, before: string[] = []) => [...before, text]);
    to.addOption(declared);
  }
};

const quietly = (command: CommanderCommand): CommanderCommand =>
  command
    .helpOption(false)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });

/** The program: the common options and the list of commands. */
export const programOf = (entries: readonly CommandEntry[]): CommanderCommand => {
  const program = quietly(new CommanderCommand("rackproof")).usage("<command> [options]");
  declare(program, COMMON);
  for (const { name, summary } of entries) {
    program.addCommand(quietly(new CommanderCommand(name)).description(summary));
  }
  return program;
};

/** One command, as part of the program. */
export const subcommandOf = (
  program: CommanderCommand,
  name: string,
  { description, operand, options }: Command,
): CommanderCommand => {
  const built = quietly(new CommanderCommand(name)).description(description);
  const named = `<${operand.placeholder}${operand.most > 1 ? "..." : ""}>`;
  if (operand.most > 0) built.argument(named, operand.help);
  built.usage(operand.most > 0 ? `[options] ${named}` : "[options]");
  declare(built, options);
  built.parent = program;
  return built;
};

/** What `parseOptions` makes of words; a value that is missing at the very end is an issue like any other. */
const split = (
  command: CommanderCommand,
  words: readonly string[],
): ReturnType<CommanderCommand["parseOptions"]> => {
  try {
    return command.parseOptions([...words]);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const name = /--[a-z-]+/.exec(thrown.message)?.[0] ?? "an option";
    throw new InputError([{ code: "CLI-2", message: `${name} must have a value, found nothing` }]);
  }
};

const given = (command: CommanderCommand, name: string): unknown => {
  if (!name.startsWith("no")) return command.getOptionValue(name);
  // Commander reads `--no-progress` as "progress is false".
  const positive = name.charAt(2).toLowerCase() + name.slice(3);
  return command.getOptionValue(positive) === false || undefined;
};

const isFlag = (word: string): boolean => word.length > 1 && word.startsWith("-");

/** What was typed, split at the command's name. */
export type Line = {
  readonly program: CommanderCommand;
  /** The first word that is not an option; nothing when there is none. */
  readonly name: string | undefined;
  readonly operands: readonly string[];
  /** From the first option on that is not common to all commands. */
  readonly rest: readonly string[];
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
};

/** Splits what was typed; `help import` is `import --help`. */
export const lineOf = (program: CommanderCommand, argv: readonly string[]): Line => {
  const { operands, unknown } = split(program, argv);
  const isHelp = operands[0] === "help";
  const [name, ...rest] = isHelp ? operands.slice(1) : operands;
  return {
    program,
    name,
    operands: rest,
    rest: unknown,
    wantsHelp: isHelp || given(program, "help") === true,
    wantsVersion: given(program, "version") === true,
  };
};

/** `; did you mean --name?`, or nothing. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const names = meant(word, known);
  return names.length === 0 ? "" : `; did you mean ${names.join(" or ")}?`;
};

/** The issue for options that nobody knows. `known` are flags to propose. */
export const unknownFlags = (
  words: readonly string[],
  known: readonly string[],
): readonly Issue[] =>
  words.filter(isFlag).map((word) => ({
    code: "CLI-1",
    message: `an option must be a known one, found ${shown(word)}${didYouMean(word.replace(/=.*/, ""), known)}`,
  }));

/** The flags common to all commands. */
export const COMMON_FLAGS: readonly string[] = Object.keys(COMMON).map(flagOf);

const operandIssues = (
  { placeholder, least, most }: Command["operand"],
  words: readonly string[],
): readonly Issue[] => {
  if (words.length >= least && words.length <= most) return [];
  const found = words.length === 0 ? "nothing" : words.map((word) => shown(word)).join(", ");
  const wanted = most === 0 ? "no name" : `${most > 1 ? "one or more" : "one"} ${placeholder}`;
  return [{ code: "CLI-4", message: `the command must be given ${wanted}, found ${found}` }];
};

type Read = { readonly values: Record<string, unknown>; readonly issues: readonly Issue[] };

const readOptions = (command: CommanderCommand, options: Command["options"]): Read => {
  const values: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const [name, { kind, fallback, isRepeatable }] of Object.entries(options)) {
    const raw = given(command, name);
    values[name] = raw ?? fallback;
    if (kind === undefined || raw === undefined) continue;
    const texts = (isRepeatable ? raw : [raw]) as readonly string[];
    const read = texts.map((text) => {
      const value = kind.read(text);
      if (value === undefined) {
        const message = `${flagOf(name)} must ${kind.must}, found ${shown(text)}`;
        issues.push({ code: "CLI-2", message });
      }
      return value;
    });
    values[name] = isRepeatable ? read : read[0];
  }
  return { values, issues };
};

/** The arguments of a command, checked. Throws an `InputError` with every fault found. */
export const argsOf = (
  line: Line,
  name: string,
  command: Command,
  world: World,
): Args<unknown, Command["options"]> => {
  const built = subcommandOf(line.program, name, command);
  const { operands, unknown } = split(built, line.rest);
  const words = [...line.operands, ...operands];
  const known = [...Object.keys(command.options).map(flagOf), ...COMMON_FLAGS];
  const strangers = unknownFlags(unknown, known);
  const own = readOptions(built, command.options);
  const common = readOptions(line.program, COMMON);
  const issues = [
    ...strangers,
    // What follows a stranger may be its value, so there is no telling how many names there are.
    ...(strangers.length > 0 ? [] : operandIssues(command.operand, words)),
    ...own.issues,
    ...common.issues,
  ];
  if (issues.length > 0) throw new InputError(issues);
  const db = common.values["db"] ?? world.env["RACKPROOF_DB"] ?? DEFAULT_DB;
  return {
    ...own.values,
    operand: command.operand.read(words),
    db: resolve(world.cwd, String(db)),
    json: common.values["json"] === true,
    quiet: common.values["quiet"] === true,
    noProgress: common.values["noProgress"] === true,
  };
};
