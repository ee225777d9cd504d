import type { ExitStatus } from "./exit.ts";
import type { Kind } from "./kinds.ts";
import type { World } from "./world.ts";

/** An option as data. Its flag is its key in the command, in kebab-case: `fromNs` is `--from-ns`. */
export type OptionSpec<Value> = {
  /** What it takes; a flag takes nothing. */
  readonly kind?: Kind<unknown>;
  /** When it is not given. */
  readonly fallback: Value;
  readonly help: string;
  /** Whether it may be given several times; its value is then the list of them. */
  readonly isRepeatable?: boolean;
};

/** An option that may be left out. */
export const option = <Value>(kind: Kind<Value>, help: string): OptionSpec<Value | undefined> => ({
  kind,
  fallback: undefined,
  help,
});

/** An option with a default, which the help shows. */
export const optionOr = <Value>(
  kind: Kind<Value>,
  fallback: NoInfer<Value>,
  help: string,
): OptionSpec<Value> => ({ kind, fallback, help });

/** An option that may be given several times, or not at all. */
export const optionMany = <Value>(
  kind: Kind<Value>,
  help: string,
): OptionSpec<readonly Value[]> => ({ kind, fallback: [], help, isRepeatable: true });

/** An option that is there or not. */
export const flag = (help: string): OptionSpec<boolean> => ({ fallback: false, help });

/** What a command takes besides options. */
export type OperandSpec<Value> = {
  /** `FILE`; empty when nothing is taken. */
  readonly placeholder: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
  /** From words whose number is within bounds. */
  read(words: readonly string[]): Value;
};

/** A command without operands. */
export const nothing: OperandSpec<undefined> = {
  placeholder: "",
  help: "",
  least: 0,
  most: 0,
  read: () => undefined,
};

/** Exactly one word. */
export const one = (placeholder: string, help: string): OperandSpec<string> => ({
  placeholder,
  help,
  least: 1,
  most: 1,
  read: ([word = ""]) => word,
});

/** One word or more. */
export const many = (placeholder: string, help: string): OperandSpec<readonly string[]> => ({
  placeholder,
  help,
  least: 1,
  most: Number.POSITIVE_INFINITY,
  read: (words) => words,
});

type OptionSpecs = Readonly<Record<string, OptionSpec<unknown>>>;

/** What every command is given besides its own options. */
export type CommonArgs = {
  /** The database, as an absolute path. */
  readonly db: string;
  readonly json: boolean;
  /** No progress and no remarks on stderr; complaints still. */
  readonly quiet: boolean;
  readonly noProgress: boolean;
};

/** The arguments of a command, read and checked. */
export type Args<Operand, Options extends OptionSpecs> = CommonArgs & {
  readonly operand: Operand;
} & { readonly [Name in keyof Options]: Options[Name]["fallback"] };

/** A command as data, and a function of its arguments and the world. */
export type CommandSpec<Operand, Options extends OptionSpecs> = {
  /** What it does, in a few sentences. */
  readonly description: string;
  readonly operand: OperandSpec<Operand>;
  readonly options: Options;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  run(args: Args<Operand, Options>, world: World): Promise<ExitStatus>;
};

/** A command whose types are its own business: what the list and the parser hold. */
export type Command = CommandSpec<unknown, OptionSpecs>;

/** Declares a command. The types of its arguments are checked here and forgotten outside. */
export const command = <Operand, Options extends OptionSpecs>(
  spec: CommandSpec<Operand, Options>,
): Command => spec as unknown as Command;

/** A command in the list: loaded only when it is wanted, so that help is quick. */
export type CommandEntry = {
  readonly name: string;
  /** One sentence, for the list. */
  readonly summary: string;
  load(): Promise<Command>;
};
