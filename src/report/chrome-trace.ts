/**
 * A run as a Chrome trace, which Perfetto and chrome://tracing open: JSON in the object form of the Trace Event Format.
 *
 * Perfetto draws slices of one thread only where they nest, takes asynchronous events with the same process, category and id for one
 * track, ties an arrow to the slice that its thread is in, and keeps events of one instant in the order of the file.
 */
import type { RunRequestRow, RunSeriesRow, RunSpanRow } from "#store";
import { eventText } from "./chrome-event.ts";
import { ChromeTracks, type ThreadKind } from "./chrome-tracks.ts";
import { requestPhases } from "./request-phases.ts";

/** What a picture is made of. Rows come as a store gives them: requests by place, series by instant, spans by their start. */
export type RunPicture = {
  readonly title: string;
  readonly requests: Iterable<RunRequestRow>;
  readonly series: Iterable<RunSeriesRow>;
  readonly spans: Iterable<RunSpanRow>;
  /** At most so many requests are drawn, and the workers until the last of these has ended. */
  readonly limit: number;
  /** What a worker is called; −1 is the rack. */
  nameOf(worker: number): string;
};

const hex = (id: number): string => `0x${id.toString(16)}`;

/** A request as a track of its own: a slice for its life, and one in it for each of its phases. */
function* requestEvents(row: RunRequestRow, tracks: ChromeTracks): Generator<string> {
  const { request, worker, arrivalNs, endNs, outcome, reason } = row;
  const where = { pid: tracks.pid(worker), tid: tracks.requests(worker) };
  const what = { cat: "request", id: hex(request) };
  const args = {
    request,
    outcome: reason === "" ? outcome : `${outcome}: ${reason}`,
    deployment: row.deployment,
    decode_worker: row.decodeWorker,
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    blocks: row.blocks,
    local_blocks: row.localBlocks,
    switch_blocks: row.switchBlocks,
    fetched_blocks: row.fetchedBlocks,
    computed_tokens: row.computedTokens,
    preemptions: row.preemptions,
    restarts: row.restarts,
  };
  yield eventText({ ph: "b", ...where, atNs: arrivalNs }, { name: "request", ...what, args });
  for (const { name, fromNs, toNs } of requestPhases(row)) {
    yield eventText({ ph: "b", ...where, atNs: fromNs }, { name, ...what });
    yield eventText({ ph: "e", ...where, atNs: toNs }, { name, ...what });
  }
  yield eventText({ ph: "e", ...where, atNs: endNs }, { name: "request", ...what });
}

/** The state of a worker at the end of an interval, and its busy share from the start of it. */
function* counterEvents(
  row: RunSeriesRow,
  fromNs: number,
  tracks: ChromeTracks,
): Generator<string> {
  const where = { ph: "C", pid: tracks.pid(row.worker), tid: tracks.requests(row.worker) } as const;
  const { waiting, running, heldBlocks: held, cachedBlocks: cached, freeBlocks: free } = row;
  const lastsNs = row.atNs - fromNs;
  const share = lastsNs > 0 ? row.busyNs / lastsNs : 0;
  yield eventText({ ...where, atNs: fromNs }, { name: "busy", args: { share } });
  const at = { ...where, atNs: row.atNs };
  yield eventText(at, { name: "requests", args: { waiting, running } });
  yield eventText(at, { name: "blocks", args: { held, cached, free } });
}

const THREAD_OF: Readonly<Record<RunSpanRow["kind"], ThreadKind>> = {
  prefill: "steps",
  decode: "steps",
  fetch: "received",
  "kv-transfer": "received",
  weights: "received",
  down: "down",
};

/** A span as a slice; with a source, as one on each side and an arrow between them, numbered `arrow`. */
function* spanEvents(span: RunSpanRow, arrow: number, tracks: ChromeTracks): Generator<string> {
  const { kind, worker, from, startNs, endNs, request, bytes } = span;
  const args = {
    ...(request >= 0 && { request }),
    ...(from >= 0 && { from, bytes }),
  };
  const slice = (on: number, thread: ThreadKind) => {
    const tid = tracks.thread(on, thread, startNs, endNs);
    const where = { pid: tracks.pid(on), tid, atNs: startNs };
    const named = { name: kind, cat: thread, args };
    return { where, text: eventText({ ph: "X", ...where }, named, endNs - startNs) };
  };
  const end = slice(worker, THREAD_OF[kind]);
  if (from < 0) {
    yield end.text;
    return;
  }
  const start = slice(from, "sent");
  const what = { name: kind, cat: "transfer", id: hex(arrow) };
  yield start.text;
  yield eventText({ ph: "s", ...start.where }, what);
  yield end.text;
  yield eventText({ ph: "f", ...end.where }, { ...what, bp: "e" });
}

/** All events of a picture in the order of the file. */
function* events(picture: RunPicture, tracks: ChromeTracks): Generator<string> {
  const { requests, series, spans, limit } = picture;
  let untilNs = 0;
  let drawn = 0;
  for (const row of requests) {
    if (drawn === limit) break;
    yield* requestEvents(row, tracks);
    untilNs = Math.max(untilNs, row.endNs);
    drawn += 1;
  }
  // A run that kept no requests is drawn whole.
  if (drawn < limit) untilNs = Number.POSITIVE_INFINITY;
  let [fromNs, atNs] = [0, 0];
  for (const row of series) {
    if (row.atNs > atNs) [fromNs, atNs] = [atNs, row.atNs];
    if (fromNs > untilNs) break;
    yield* counterEvents(row, fromNs, tracks);
  }
  let arrow = 0;
  for (const span of spans) {
    if (span.startNs > untilNs) break;
    yield* spanEvents(span, arrow, tracks);
    arrow += 1;
  }
}

/**
 * A run as a Chrome trace, a piece of text at a time. A worker is a process with its steps, what it received and sent, and when it was down, as
 * threads; its requests with their phases, and its queue, blocks and busy share, beside them. Times are exact to the nanosecond.
 */
export function* chromeTrace(picture: RunPicture): Generator<string, void, undefined> {
  const tracks = new ChromeTracks(picture.nameOf);
  const head = { displayTimeUnit: "ms", otherData: { title: picture.title } };
  yield `${JSON.stringify(head).slice(0, -1)},"traceEvents":[`;
  let separator = "\n";
  for (const event of events(picture, tracks)) {
    for (const text of [...tracks.news(), event]) {
      yield separator + text;
      separator = ",\n";
    }
  }
  yield "\n]}\n";
}
