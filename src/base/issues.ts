import type { Json } from "./json.ts";

/**
 * Every fault of an input that Rackproof can name: the code, and the rule that was broken. A printed list of codes is printed
 * from here. A code is never reused.
 */
export const ISSUE_RULES = {
  "TRACE-1": "a count is a whole number of 0 or more, below 2^32",
  "TRACE-2": "a time is a finite number in the format's own notation",
  "TRACE-3": "rows stand in order of arrival",
  "TRACE-4": "a row has every field that its format requires",
  "TRACE-5": "a line of JSONL is one JSON object",
  "TRACE-6": "a CSV row has as many fields as its header",
  "TRACE-7": "a line is at most 16 MiB long",
  "TRACE-8": "a text file has no NUL byte and is valid UTF-8",
  "TRACE-9": "a block id is a whole number of 0 … 2^64 − 1",
  "TRACE-10": "a file is recognised by its header or its field names",
  "TRACE-11": "a trace has at least one request",
  "TRACE-12": "a compressed file is whole",
  "TRACE-13": "a file stays the same while it is read",
  "TRACE-14": "a trace file exists and can be read as a file",
  "TRACE-15": "a trace spans at most 104 days; a longer one is read through a window",
  "TRACE-16": "a convention that a format leaves open is stated, not guessed",
  "TRACE-17": "a total equals the sum of its parts",
  "TRACE-18": "faulty rows are passed over only on request",
  "TRACE-19": "a reading option suits the format and describes something that can be read",
  "TRACE-20": "a trace has one block size",
  "TRACE-21": "a field is of the kind that its format gives it",
  "TRACE-22":
    "blocks are cut to a divisor or joined to a multiple of their size, into fewer than 2^32 − 1",
  "STORE-1": "a database is one that Rackproof made",
  "STORE-2": "a database is of this version or an older one",
  "STORE-3": "a name is that of a stored trace, run or case",
  "STORE-4": "a name is free, or holds the same content",
  "STORE-5": "a database can be opened and written",
  "STORE-6": "a name is 1 to 200 characters long and has no control character",
  "STORE-7": "rows that are asked for were kept with their run",
  "CLI-1": "a command and its options are known",
  "CLI-2": "an option's value is of the kind that the option takes",
  "CLI-3": "a file can be written",
  "CLI-4": "a command is given as many names as it takes",
  "CLI-5": "options that exclude one another are not given together",
  "CLI-6": "a file that is named can be read as text",
  "SPEC-1": "a profile, a GPU, a model or a number format is a known one",
  "SPEC-2": "a model's weights and workspace leave room for KV",
  "SPEC-3": "a degree of tensor parallelism divides a domain",
  "SPEC-4":
    "a GPU computes in the number formats that are multiplied, and two operands go together",
  "SPEC-5": "a calibration is no faster than the roofline it scales",
  "SPEC-6": "a size, a batch, a degree or a count of tokens is a positive number that can be",
  "SPEC-7": "an address names one figure of the reference, and what is put there is of its kind",
  "SPEC-8": "a profile file is JSON that extends a known profile",
  "SPEC-9": "a number format has a code for what is stored in it",
  "CLAIM-1": "a file of claims has the columns of one, and a claim has an id of its own",
  "CLAIM-2": "a claim's verdict, cause and kind are of the closed lists",
  "CLAIM-3": "a stated figure is a number with its decimals, or a text",
  "CLAIM-4":
    "a formula can be read, and uses nothing but numbers, units and the functions of the reference",
  "CLAIM-5":
    "a formula names claims, GPUs, models and formats that exist, and claims do not rest on themselves",
  "CLAIM-6": "a formula's result is in the unit that its claim states",
  "CLAIM-7": "a formula is short",
  "REPLAY-1": "a replay's options describe something that can be",
  "REPLAY-2": "deployments fit on the rack, and every model of a trace is served by one",
  "REPLAY-3":
    "a fault strikes what is in the rack, begins before it is over, and no two are in each other's way",
  "REPLAY-4": "a load has what its mode needs, and nothing that would change nothing",
  "VERIFY-1": "a saved case still parses as what its property ranges over",
  "VERIFY-2": "a property, part, profile or subject is a known one",
  "VERIFY-3": "a folder of properties has at least one, and each of its property files is one",
  "GEN-1": "a generator's shape, size and seed describe something that can be made",
} as const;

/** The code of a fault. */
export type IssueCode = keyof typeof ISSUE_RULES;

/** One fault of an input: which rule, in a sentence that says what must be and what was found, and where. */
export type Issue = {
  readonly code: IssueCode;
  /** `input_length must be a whole number, found "-3"`: a sentence without code, place or full stop. */
  readonly message: string;
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column?: number;
};

/** `input_length must be a whole number, found "-3" [TRACE-1] at t.jsonl:17` */
export const formatIssue = ({ code, message, file, line, column }: Issue): string => {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return `${message} [${code}]${place === "" ? "" : ` at ${place}`}`;
};

/** What was found, as a message shows it: JSON, cut after 60 characters. */
export const shown = (found: Json | undefined): string => {
  const text = found === undefined ? "nothing" : JSON.stringify(found);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

/** Thrown when an input cannot be used: carries every issue found, not the first. The command line answers with exit status 2. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues.map(formatIssue).join("\n"));
    this.issues = issues;
  }
}
