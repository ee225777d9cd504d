/** What the properties of the readers share: texts as plain JSON, and what comes of reading them. */
import { formatIssue, InputError, type Issue } from "#base";
import { type ReadOptions, readText, type TraceConventions, type TraceRequest } from "#trace";
import type { Subject } from "#verify";

/** Asks for a text to be read. */
export type ReadCall = {
  /** One character a byte, as Latin-1 has them: JSON holds no others. `bytesOf` makes it of text. */
  readonly bytes: string;
  /** Where chunks end, as offsets in any order; none for one chunk. */
  readonly cuts: readonly number[];
  readonly options: Partial<Omit<ReadOptions, "expect">>;
};

/** One request as JSON. */
export type ReadRow = Omit<TraceRequest, "blocks" | "arrivalNs"> & {
  readonly arrivalNs: number;
  readonly blocks: readonly number[];
};

/** A trace's source, as far as its text tells it. */
export type ReadSource = {
  readonly conventions: TraceConventions;
  readonly origin: string;
  readonly models: readonly string[];
  readonly sessions: readonly string[];
  /** As digits. */
  readonly blockIds: readonly string[];
};

/** What came of a reading. */
export type ReadReply = {
  /** None of a text that cannot be used: its keeper drops what it was given. */
  readonly requests: readonly ReadRow[];
  readonly source:
    | (ReadSource & {
        readonly format: string;
        readonly counts: { readonly [name: string]: number };
      })
    | null;
  /** The faults of rows as they were told, each with its line. */
  readonly rejects: readonly string[];
  /** What was thrown; none of a text that can be used. */
  readonly faults: readonly string[];
};

/** A text's bytes as a call has them. */
export const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** Bytes cut into the chunks of a call. */
const chunksOf = ({ bytes, cuts }: ReadCall): readonly Buffer[] => {
  const whole = Buffer.from(bytes, "latin1");
  const ends = [...new Set([...cuts.filter((cut) => cut < whole.length), whole.length])];
  const inOrder = Uint32Array.from(ends).toSorted();
  return Array.from(inOrder, (end, at) => whole.subarray(inOrder[at - 1] ?? 0, end));
};

const rowOf = (request: TraceRequest): ReadRow => ({ ...request, blocks: [...request.blocks] });

const readChunks = (chunks: readonly Buffer[], options: ReadCall["options"]): ReadReply => {
  const requests: ReadRow[] = [];
  const rejects: Issue[] = [];
  try {
    const {
      because: _,
      blockIds,
      ...source
    } = readText(
      { name: "t", chunks },
      { format: "auto", skipBadRows: false, reorder: false, ...options },
      {
        request: (request) => requests.push(rowOf(request)),
        reject: (issue) => rejects.push(issue),
      },
    );
    return {
      requests,
      source: { ...source, blockIds: [...blockIds].map(String) },
      rejects: rejects.map(formatIssue),
      faults: [],
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      requests: [],
      source: null,
      rejects: rejects.map(formatIssue),
      faults: error.issues.map(formatIssue),
    };
  }
};

/** The reference: texts in, requests out. */
export const reader: Subject<ReadCall, ReadReply> = () => (call) =>
  readChunks(chunksOf(call), call.options);

/** A reader that is given other chunks than those of the text. */
export const readingChunks =
  (change: (chunks: readonly Buffer[]) => readonly Buffer[]): Subject<ReadCall, ReadReply> =>
  () =>
  (call) =>
    readChunks(change(chunksOf(call)), call.options);

/** A reader that takes a call for another. */
export const readingAs =
  (change: (call: ReadCall) => ReadCall): Subject<ReadCall, ReadReply> =>
  () => {
    const read = reader();
    return (call) => read(change(call));
  };

/** A reader that breaks what the reference finds. */
export const breakingRead =
  (
    broken: (reply: ReadReply, call: ReadCall, read: (call: ReadCall) => ReadReply) => ReadReply,
  ): Subject<ReadCall, ReadReply> =>
  () => {
    const read = reader();
    return (call) => broken(read(call), call, read);
  };

/** The lines that printed faults name, in their order. */
export const linesNamed = (faults: readonly string[]): readonly number[] =>
  faults.flatMap((fault) => {
    const line = / at t:(\d+)$/.exec(fault)?.[1];
    return line === undefined ? [] : [Number(line)];
  });
