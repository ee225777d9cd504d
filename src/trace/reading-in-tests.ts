import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatIssue, InputError, type Issue } from "#base";
import type { ReadOptions } from "./options.ts";
import { type ReadTrace, readTrace } from "./read-trace.ts";
import type { TraceRequest } from "./request.ts";

/** What came of a reading, the good and the bad, so that a test can look at either. */
export type Reading = {
  readonly requests: readonly TraceRequest[];
  /** What the sink was told. */
  readonly rejects: readonly string[];
  /** What was thrown, printed as a user sees it; none when the file could be used. */
  readonly faults: readonly string[];
  readonly source: ReadTrace | null;
};

const DEFAULTS: ReadOptions = { format: "auto", skipBadRows: false, reorder: false };

/** Reads a file that exists, for examples. `onRequest` may meddle while it is read. */
export const readPath = async (
  path: string,
  options: Partial<ReadOptions> = {},
  onRequest: () => void = () => {},
): Promise<Reading> => {
  const requests: TraceRequest[] = [];
  const rejects: Issue[] = [];
  const sink = {
    request(request: TraceRequest) {
      requests.push(request);
      onRequest();
    },
    reject: (issue: Issue) => rejects.push(issue),
  };
  const told = (): readonly string[] => rejects.map(formatIssue);
  try {
    const source = await readTrace(path, { ...DEFAULTS, ...options }, sink);
    return { requests, rejects: told(), faults: [], source };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { requests, rejects: told(), faults: error.issues.map(formatIssue), source: null };
  }
};

/** Files for examples, in a folder that is there for such. */
export type ExampleFiles = {
  /** Runs `use` with the path of a file of this content, named `t`, and takes the file away afterwards. */
  withFile<T>(content: string | Uint8Array, use: (path: string) => Promise<T>): Promise<T>;
  /** Reads content as a file. */
  readContent(content: string | Uint8Array, options?: Partial<ReadOptions>): Promise<Reading>;
};

/** Makes example files in folders of their own under `parent`. */
export const exampleFiles = (parent: string): ExampleFiles => {
  const withFile: ExampleFiles["withFile"] = async (content, use) => {
    const folder = mkdtempSync(join(parent, "rackproof-"));
    const path = join(folder, "t");
    try {
      writeFileSync(path, content);
      return await use(path);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return {
    withFile,
    readContent: (content, options) => withFile(content, (path) => readPath(path, options)),
  };
};

/** Rows as JSONL. */
export const jsonl = (...rows: readonly unknown[]): string =>
  rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join("");

/** A request's blocks as a plain list. */
export const blocksOf = (reading: Reading): readonly (readonly number[])[] =>
  reading.requests.map(({ blocks }) => [...blocks]);
