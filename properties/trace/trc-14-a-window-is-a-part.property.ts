import fc from "fast-check";
import { TRACE_FORMATS, type TraceFormat } from "#trace";
import { differs, finding, oneOfValues, property, values } from "#verify";
import { type PlainRow, plainRow } from "./plain-row.ts";
import { plainLines, plainOptions } from "./plain-rows.ts";
import {
  breakingRead,
  type ReadCall,
  type ReadReply,
  type ReadRow,
  reader,
  readingAs,
} from "./read-text.ts";

type Case = {
  readonly format: TraceFormat;
  /** Whether a conversation's later rows are only what is new, where a format leaves that open. */
  readonly isDelta: boolean;
  readonly rows: readonly PlainRow[];
  readonly fromMs: number;
  readonly lengthMs: number;
};

/** Rows whose blocks cover their tokens, as joining needs. */
const covered = (row: PlainRow): PlainRow => (row.blocks.length === 0 ? { ...row, spare: 0 } : row);

const call = ({ format, isDelta, rows }: Case): ReadCall => ({
  bytes: plainLines(format, rows.map(covered))
    .map(({ bytes }) => `${bytes}\n`)
    .join(""),
  cuts: [],
  options: {
    ...plainOptions(format),
    ...(isDelta && format === "mooncake" && { sessionRows: "delta" as const }),
  },
});

const windowOf = ({ fromMs, lengthMs }: Case) => ({
  fromNs: fromMs * 1e6,
  toNs: (fromMs + lengthMs) * 1e6,
});

/** Numbers things in order of first appearance; −1 stays. */
const renumbering = () => {
  const places: number[] = [];
  return {
    places,
    of(number: number): number {
      if (number < 0) return -1;
      if (!places.includes(number)) places.push(number);
      return places.indexOf(number);
    },
  };
};

/** The part of a whole that lies in a window, as a trace of its own. */
const part = (whole: ReadReply, given: Case) => {
  const { fromNs, toNs } = windowOf(given);
  const [blocks, sessions, models] = [renumbering(), renumbering(), renumbering()];
  const turns: number[] = [];
  // The project's own rows say their turns; others are counted.
  const isCounted = given.format !== "rackproof";
  const requests = whole.requests
    .filter(({ arrivalNs }) => arrivalNs >= fromNs && arrivalNs < toNs)
    .map((request): ReadRow => {
      const session = sessions.of(request.session);
      const counted = session < 0 ? 0 : (turns[session] ?? 0);
      if (session >= 0) turns[session] = counted + 1;
      return {
        ...request,
        arrivalNs: request.arrivalNs - fromNs,
        blocks: request.blocks.map(blocks.of),
        session,
        turn: isCounted ? counted : request.turn,
        delayNs: isCounted && counted === 0 ? -1 : request.delayNs,
        model: models.of(request.model),
      };
    });
  const named = (numbers: readonly number[], all: readonly string[] = []) =>
    numbers.map((number) => all[number]);
  return {
    requests,
    models: named(models.places, whole.source?.models),
    sessions: named(sessions.places, whole.source?.sessions),
    blockIds: named(blocks.places, whole.source?.blockIds),
  };
};

const isWindowed = ({ options }: ReadCall): boolean => options.fromNs !== undefined;

const withBounds = (change: (fromNs: number, toNs: number) => ReadCall["options"]) =>
  readingAs((call) => {
    const { fromNs, toNs } = call.options;
    return fromNs === undefined || toNs === undefined
      ? call
      : { ...call, options: { ...call.options, ...change(fromNs, toNs) } };
  });

export default property<Case, ReadCall, ReadReply>({
  id: "TRC-14",
  part: "trace",
  statement:
    "a trace read through a window is the part of the whole that arrives in it: the same prompts, earlier turns before the window included, with arrivals from its start and numbers in order of first appearance in it",
  given: values(
    fc.record({
      format: oneOfValues<TraceFormat>(...TRACE_FORMATS, "mooncake", "mooncake", "mooncake"),
      isDelta: fc.boolean(),
      rows: fc.array(plainRow(""), { minLength: 1, maxLength: 12, size: "max" }),
      fromMs: oneOfValues(0, 1, 2, 7, 8, 1500),
      lengthMs: oneOfValues(1, 7, 1500, 100_000),
    }),
  ),
  subject: reader,
  scripts: (given) => {
    const whole = call(given);
    return [[whole, { ...whole, options: { ...whole.options, ...windowOf(given) } }]];
  },

  holds(given, [replies = []]) {
    const [whole, found] = replies;
    if (whole === undefined || found === undefined) return finding(0, "two replies", "fewer");
    if (whole.source === null) return finding(0, "a trace", whole.faults as string[]);
    const expected = part(whole, given);
    if (expected.requests.length === 0) {
      const isNamed = found.faults.length === 1 && found.faults[0]?.includes("TRACE-11") === true;
      return isNamed ? undefined : finding(1, "TRACE-11", found.faults as string[]);
    }
    const { models, sessions, blockIds } = found.source ?? {};
    const difference = differs(expected, { requests: found.requests, models, sessions, blockIds });
    return difference && { at: 1, ...difference };
  },

  witnesses: {
    "a window with rows on either side": (given, [replies]) => {
      const arrivals = (replies?.[0]?.requests ?? []).map(({ arrivalNs }) => arrivalNs);
      const { fromNs, toNs } = windowOf(given);
      return (
        arrivals.some((at) => at < fromNs) &&
        arrivals.some((at) => at >= toNs) &&
        (replies?.[1]?.requests.length ?? 0) > 0
      );
    },
    "an arrival at the window's very start": (_, [replies]) =>
      replies?.[1]?.requests[0]?.arrivalNs === 0,
    "an arrival at its very end": (given, [replies]) =>
      replies?.[0]?.requests.some(({ arrivalNs }) => arrivalNs === windowOf(given).toNs) ?? false,
    "a conversation that goes on from before the window": (given, [replies]) => {
      const [whole, found] = replies ?? [];
      const early = (whole?.requests ?? [])
        .filter(({ arrivalNs }) => arrivalNs < windowOf(given).fromNs)
        .map(({ session }) => whole?.source?.sessions[session]);
      const isDelta = found?.source?.conventions.sessionRows === "delta";
      return isDelta && (found?.source?.sessions.some((name) => early.includes(name)) ?? false);
    },
    "a window without a request": (_, [replies]) => (replies?.[1]?.faults.length ?? 0) > 0,
  },

  mutants: {
    "leaves out the window's first instant": withBounds((fromNs) => ({ fromNs: fromNs + 1 })),
    "takes in the window's end": withBounds((_, toNs) => ({ toNs: toNs + 1 })),
    "counts arrivals from the first in the window": breakingRead((reply, call) => {
      const first = isWindowed(call) ? (reply.requests[0]?.arrivalNs ?? 0) : 0;
      return {
        ...reply,
        requests: reply.requests.map((request) => ({
          ...request,
          arrivalNs: request.arrivalNs - first,
        })),
      };
    }),
    "keeps the numbers of the whole": breakingRead((reply, call, read) => {
      if (!isWindowed(call) || reply.source === null) return reply;
      const { fromNs: _, toNs: __, ...options } = call.options;
      const whole = read({ ...call, options });
      const { fromNs = 0, toNs = 0 } = call.options;
      const inWindow = whole.requests.filter(
        ({ arrivalNs }) => arrivalNs >= fromNs && arrivalNs < toNs,
      );
      return {
        ...reply,
        requests: reply.requests.map((request, at) => ({
          ...request,
          blocks: inWindow[at]?.blocks ?? request.blocks,
        })),
      };
    }),
    "forgets what was said before the window": breakingRead((reply, call, read) => {
      if (!isWindowed(call) || call.options.sessionRows !== "delta") return reply;
      const whole = read({ ...call, options: { ...call.options, sessionRows: "whole" } });
      return {
        ...reply,
        requests: reply.requests.map((request, at) => ({
          ...request,
          inputTokens:
            request.turn === 0
              ? (whole.requests[at]?.inputTokens ?? request.inputTokens)
              : request.inputTokens,
        })),
      };
    }),
  },
});
