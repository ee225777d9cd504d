import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Bound } from "./bounds.ts";
import type { ChildRun, Launch } from "./child.ts";
import type { Sample } from "./figure.ts";
import type { Conversation, InputFile } from "./inputs.ts";
import type { Sizes } from "./sizes.ts";

/** Everything that contests are made of. */
export type Stage = {
  readonly sizes: Sizes;
  /** A temporary folder of its own. */
  readonly folder: string;
  readonly clock: () => number;
  /** Runs a command line of Rackproof. */
  readonly program: Launch;
  /** Runs bare Node. */
  readonly node: Launch;
  readonly conversation: Conversation;
  readonly csv: { readonly path: string; readonly file: InputFile };
  /** Makes a CSV file of so many rows. */
  readonly makeCsv: (rows: number) => Promise<string>;
  /** Makes a trace of so many requests, like the conversation. */
  readonly makeConversation: (requests: number) => Promise<string>;
  /** Makes a trace that is the conversation with answers of so many times as many tokens. */
  readonly makeLongerAnswers: (times: number) => Promise<string>;
  /** A database that holds the conversation under the name `conversation`. */
  readonly db: string;
};

/** A whole process as a sample. */
export const wholeProcess = ({ wallMs, peakBytes }: ChildRun, count = 1): Sample => ({
  ms: wallMs,
  count,
  peakBytes,
});

/** Runs a bound's script. */
export const runBare = (
  { node }: Pick<Stage, "node">,
  { script }: Bound,
  ...args: readonly (string | number)[]
): Promise<ChildRun> =>
  node(["--input-type=module", "--eval", script, "--", ...args.map((arg) => String(arg))]);

/** Gives work the path of a database that does not exist, and removes what it made of it. */
export const withFreshDb = async <T>(
  { folder }: Pick<Stage, "folder">,
  work: (db: string) => Promise<T>,
): Promise<T> => {
  const db = join(folder, "fresh.db");
  try {
    return await work(db);
  } finally {
    for (const end of ["", "-wal", "-shm"]) rmSync(db + end, { force: true });
  }
};
