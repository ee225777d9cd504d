import fc from "fast-check";
import { nanos } from "#base";
import { type TraceConventions, type TraceRequest, writeTrace } from "#trace";
import { differs, finding, oneOfValues, property, type Subject, values } from "#verify";
import { bytesOf, type ReadRow, type ReadSource, reader } from "./read-text.ts";

/** Requests whose sessions, models and blocks are places in the lists of names and ids. */
type Case = {
  readonly conventions: TraceConventions;
  readonly origin: string;
  readonly models: readonly string[];
  readonly sessions: readonly string[];
  readonly ids: readonly string[];
  readonly requests: readonly (Omit<ReadRow, "arrivalNs"> & { readonly gapNs: number })[];
};
/** A trace, and the same or another when it has been written and read back. */
type Trace = { readonly source: ReadSource; readonly requests: readonly ReadRow[] };
type Reply = Trace & { readonly faults: readonly string[] };

const NO_SOURCE: ReadSource = {
  conventions: {
    blockTokens: null,
    ids: "none",
    idScope: "file",
    lastBlock: "none",
    sessionRows: "none",
    zeroOutput: "plain",
  },
  origin: "",
  models: [],
  sessions: [],
  blockIds: [],
};

/** Numbers places in order of first appearance, and lists what is there. */
const numbering = <Item>(items: readonly Item[]) => {
  const places: number[] = [];
  return {
    of(place: number): number {
      if (place < 0) return -1;
      if (!places.includes(place)) places.push(place);
      return places.indexOf(place);
    },
    items: (): readonly Item[] => places.map((place) => items[place] as Item),
  };
};

/** The trace that a case means. */
const traceOf = ({ conventions, origin, ...given }: Case): Trace => {
  const [models, sessions, ids] = [
    numbering(given.models),
    numbering(given.sessions),
    numbering(given.ids),
  ];
  let arrivalNs = 0;
  const requests = given.requests.map(({ gapNs, ...request }): ReadRow => {
    arrivalNs += gapNs;
    return {
      ...request,
      arrivalNs,
      blocks: request.blocks.map((block) => ids.of(block)),
      session: sessions.of(request.session),
      model: models.of(request.model),
    };
  });
  const names = { models: models.items(), sessions: sessions.items(), blockIds: ids.items() };
  return { source: { conventions, origin, ...names }, requests };
};

const requestOf = (row: ReadRow): TraceRequest => ({
  ...row,
  arrivalNs: nanos(row.arrivalNs),
  blocks: Uint32Array.from(row.blocks),
});

const written = ({ source, requests }: Trace): string =>
  [
    ...writeTrace(
      { ...source, blockIds: BigUint64Array.from(source.blockIds, BigInt) },
      requests.map(requestOf),
    ),
  ].join("");

/** Writes and reads back, by way of a text that `change` may spoil, or of a trace that `spoil` may. */
const roundTrip =
  ({
    spoil = (trace: Trace): Trace => trace,
    change = (text: string): string => text,
    encode = bytesOf,
  } = {}): Subject<Trace, Reply> =>
  () =>
  (trace) => {
    const read = reader();
    const bytes = encode(change(written(spoil(trace))));
    const { source, requests, faults } = read({ bytes, cuts: [], options: {} });
    const { conventions, origin, models, sessions, blockIds } = source ?? NO_SOURCE;
    return { source: { conventions, origin, models, sessions, blockIds }, requests, faults };
  };

const eachRequest = (change: (row: ReadRow) => ReadRow) =>
  roundTrip({ spoil: (trace) => ({ ...trace, requests: trace.requests.map(change) }) });

const eachId = (change: (id: bigint) => bigint) =>
  roundTrip({
    spoil: (trace) => {
      const blockIds = trace.source.blockIds.map((id) => String(change(BigInt(id))));
      return { ...trace, source: { ...trace.source, blockIds } };
    },
  });

const count = oneOfValues(0, 1, 700, 2 ** 32 - 1);
const largest = Number.MAX_SAFE_INTEGER;
const names = (length: number) =>
  fc.uniqueArray(
    fc.oneof(fc.string({ minLength: 1 }), oneOfValues("7", "é", "\u2028", "😀", "__proto__")),
    { minLength: length, maxLength: length },
  );

const request = fc.record({
  gapNs: oneOfValues(0, 1, 999_999_999, 1e9, 2 ** 45 + 1),
  inputTokens: count,
  outputTokens: count,
  blocks: fc.array(fc.nat({ max: 5 }), { maxLength: 4 }),
  session: fc.integer({ min: -1, max: 2 }),
  turn: count,
  delayNs: oneOfValues(-1, 0, 1, largest),
  priority: oneOfValues(0, 1, -2, largest, -largest),
  model: fc.integer({ min: -1, max: 1 }),
  failed: fc.boolean(),
  extra: oneOfValues(
    "",
    "{}",
    '{"id":18446744073709551615}',
    '{"a":{"b":[1,null,"é\\n"]},"c":-0.5}',
    '{"__proto__":1}',
    '{"__proto__":9007199254740993}',
    '{"x":1e+21,"y":100000000000000000000}',
  ),
});

const UNNAMED = ["0", "1", "2", "3", "4", "5"];

const someRequest =
  (isIt: (row: ReadRow) => boolean) =>
  (_: Case, [replies]: readonly (readonly Reply[])[]): boolean =>
    replies?.[0]?.requests.some(isIt) ?? false;

const someId =
  (isIt: (id: bigint) => boolean) =>
  (_: Case, [replies]: readonly (readonly Reply[])[]): boolean =>
    replies?.[0]?.source.blockIds.some((id) => isIt(BigInt(id))) ?? false;

export default property<Case, Trace, Reply>({
  id: "TRC-7",
  part: "trace",
  statement:
    "a trace that is written in the project's own format and read back is the same: its requests, conventions, origin, names and ids of 64 bits",
  given: values(
    fc.record({
      conventions: fc.record({
        blockTokens: oneOfValues<number | null>(null, 1, 16, 512),
        ids: oneOfValues("none", "chained", "unchained"),
        idScope: oneOfValues("file", "session"),
        lastBlock: oneOfValues("none", "partial", "padded", "dropped"),
        sessionRows: oneOfValues("none", "whole", "delta"),
        zeroOutput: oneOfValues("plain", "failed"),
      }),
      origin: fc.oneof(fc.string(), oneOfValues("2023-11-16 18:17:03.9799600 + 10 ns", '"\\\n')),
      models: names(2),
      sessions: names(3),
      ids: fc.oneof(
        oneOfValues(UNNAMED),
        fc.array(
          oneOfValues(
            "0",
            "4294967296",
            "9007199254740993",
            "9223372036854775808",
            "18446744073709551614",
            "18446744073709551615",
          ),
          { minLength: 6, maxLength: 6 },
        ),
      ),
      requests: fc.array(request, { minLength: 1, maxLength: 8 }),
    }),
  ),
  subject: roundTrip(),
  scripts: (given) => [[traceOf(given)]],

  holds(given, [replies]) {
    const reply = replies?.[0];
    if (reply === undefined) return finding(0, "a trace", null);
    const { faults, ...trace } = reply;
    const difference = differs({ ...traceOf(given), faults: [] }, { ...trace, faults });
    return difference && { at: 0, ...difference };
  },

  witnesses: {
    "ids that no double holds": someId((id) => id > 2n ** 53n),
    "ids beyond the signed ones": someId((id) => id >= 2n ** 63n),
    "ids that are the file's own numbers": (_, [replies]) => {
      const { blockIds } = replies?.[0]?.source ?? NO_SOURCE;
      return blockIds.length > 0 && blockIds.every((id, at) => id === String(at));
    },
    "two blocks of one id": (_, [replies]) => {
      const { blockIds } = replies?.[0]?.source ?? NO_SOURCE;
      return new Set(blockIds).size < blockIds.length;
    },
    "a delay of 0": someRequest(({ delayNs }) => delayNs === 0),
    "a failed request": someRequest(({ failed }) => failed),
    "an extra of 64 bits": someRequest(({ extra }) => extra.includes("18446744073709551615")),
  },

  mutants: {
    "holds ids in doubles": eachId((id) => BigInt.asUintN(64, BigInt(Number(id)))),
    "holds ids in 32 bits": eachId((id) => BigInt.asUintN(32, id)),
    "writes every block's number for its id": eachId(() => 0n),
    "takes a delay of 0 for none": eachRequest((row) =>
      row.delayNs === 0 ? { ...row, delayNs: -1 } : row,
    ),
    "forgets that a request failed": eachRequest((row) => ({ ...row, failed: false })),
    "writes no priority below 0": eachRequest((row) => ({
      ...row,
      priority: Math.max(0, row.priority),
    })),
    "reads extras through doubles": eachRequest((row) => ({
      ...row,
      extra: row.extra === "" ? "" : JSON.stringify(JSON.parse(row.extra)),
    })),
    "writes Latin-1": roundTrip({ encode: (text) => text }),
    "names an id again in every row": roundTrip({
      change: (text) =>
        text.replaceAll(/"blocks":\[(\d+)\](?!,"ids")/g, '"blocks":[$1],"ids":[$1]'),
    }),
  },
});
