// Past 250 lines: what a viewer requires of a trace, and beside it the traces that are held to it.
import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import type { RunRequestRow, RunSeriesRow, RunSpanRow } from "#store";
import { chromeTrace, type RunPicture } from "./chrome-trace.ts";

const REQUEST: RunRequestRow = {
  request: 17,
  outcome: "completed",
  reason: "",
  deployment: 0,
  worker: 0,
  decodeWorker: 8,
  arrivalNs: 1_000,
  enqueueNs: 1_000,
  startNs: 2_500,
  firstTokenNs: 4_000,
  transferNs: 4_000,
  transferredNs: 5_001,
  endNs: 9_000,
  inputTokens: 100,
  outputTokens: 3,
  blocks: 2,
  localBlocks: 1,
  switchBlocks: 0,
  fetchedBlocks: 0,
  fetchedFrom: 0,
  computedTokens: 50,
  preemptions: 0,
  restarts: 0,
};

const SPAN: RunSpanRow = {
  kind: "prefill",
  worker: 0,
  startNs: 2_500,
  endNs: 4_000,
  request: 17,
  from: -1,
  bytes: 0,
};

const SERIES: RunSeriesRow = {
  atNs: 10_000,
  worker: 8,
  waiting: 1,
  running: 2,
  heldBlocks: 3,
  cachedBlocks: 4,
  freeBlocks: 5,
  busyNs: 2_500,
  prefillTokens: 0,
  decodeTokens: 9,
};

const textOf = (picture: Partial<RunPicture>): string =>
  [
    ...chromeTrace({
      title: "run 1",
      requests: [],
      series: [],
      spans: [],
      limit: 1000,
      nameOf: (worker) => (worker < 0 ? "rack" : `worker ${worker}`),
      ...picture,
    }),
  ].join("");

type Event = {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly name: string;
  readonly cat?: string;
  readonly id?: string;
  readonly bp?: string;
  readonly args?: Readonly<Record<string, unknown>>;
};

const eventsOf = (text: string): readonly Event[] => JSON.parse(text).traceEvents;

const groups = <T>(items: readonly T[], key: (item: T) => unknown): readonly (readonly T[])[] => {
  const found = new Map<unknown, T[]>();
  for (const item of items) found.set(key(item), [...(found.get(key(item)) ?? []), item]);
  return [...found.values()];
};

const of = (events: readonly Event[], phases: string): readonly Event[] =>
  events.filter(({ ph }) => phases.includes(ph));

const argsNamed = (events: readonly Event[], name: string): readonly Event[] =>
  of(events, "M").filter((event) => event.name === name);

/** Events without what each must have, or of which nobody has said where they belong. */
const homeless = (events: readonly Event[]): readonly Event[] => {
  const processes = new Set(argsNamed(events, "process_name").map(({ pid }) => pid));
  const threads = new Set(argsNamed(events, "thread_name").map(({ pid, tid }) => `${pid} ${tid}`));
  return events.filter(({ ph, pid, tid, ts, dur = 0, name }) => {
    const isHome = processes.has(pid) && (ph === "M" || threads.has(`${pid} ${tid}`));
    return !(isHome && pid > 0 && ts >= 0 && dur >= 0 && name !== "" && "XbesfCM".includes(ph));
  });
};

/** Slices that a later one of their thread cuts into. */
const overlapping = (events: readonly Event[]): readonly Event[] =>
  groups(of(events, "X"), ({ tid }) => tid).flatMap((lane) =>
    lane.filter(({ ts, dur = 0 }, at) => ts + dur > (lane[at + 1]?.ts ?? Infinity) + 1e-6),
  );

/** Tracks whose slices do not close in the order in which they opened, go back in time, or change their process. */
const unbalanced = (events: readonly Event[]): readonly (readonly Event[])[] =>
  groups(of(events, "be"), ({ cat, id }) => `${cat} ${id}`).filter((track) => {
    const open: string[] = [];
    const isStrange = track.some(({ ph, name, ts, pid }, at) => {
      const before = track[at - 1];
      if (before !== undefined && (before.ts > ts || before.pid !== pid)) return true;
      if (ph === "e") return open.pop() !== name;
      open.push(name);
      return false;
    });
    return isStrange || open.length > 0;
  });

/** Arrows without two ends, each on a slice that begins with it. */
const loose = (events: readonly Event[]): readonly (readonly Event[])[] => {
  const slices = new Set(of(events, "X").map(({ tid, ts }) => `${tid} ${ts}`));
  return groups(of(events, "sf"), ({ cat, id, name }) => `${cat} ${id} ${name}`).filter((arrow) => {
    const shape = arrow.map(({ ph, bp = "" }) => ph + bp).join(" ");
    return shape !== "s fe" || arrow.some(({ tid, ts }) => !slices.has(`${tid} ${ts}`));
  });
};

const unnumbered = (events: readonly Event[]): readonly Event[] =>
  of(events, "C").filter(({ args = {} }) =>
    Object.values(args).some((value) => !(Number(value) >= 0)),
  );

/** What the format requires, and Perfetto silently drops or misplaces otherwise. */
const expectWellFormed = (events: readonly Event[]): void => {
  for (const faults of [homeless, overlapping, unbalanced, loose, unnumbered]) {
    expect(faults(events)).toEqual([]);
  }
};

describe("a run as a Chrome trace", () => {
  it("is one JSON object with a line an event, times in microseconds to the nanosecond", () => {
    const text = textOf({ requests: [REQUEST], spans: [SPAN], series: [SERIES] });
    expectWellFormed(eventsOf(text));
    expect(text).toMatchInlineSnapshot(`
      "{"displayTimeUnit":"ms","otherData":{"title":"run 1"},"traceEvents":[
      {"ph":"M","pid":2,"tid":2,"ts":0.000,"name":"process_name","args":{"name":"worker 0"}},
      {"ph":"M","pid":2,"tid":2,"ts":0.000,"name":"process_sort_index","args":{"sort_index":2}},
      {"ph":"M","pid":2,"tid":1000001,"ts":0.000,"name":"thread_name","args":{"name":"requests"}},
      {"ph":"M","pid":2,"tid":1000001,"ts":0.000,"name":"thread_sort_index","args":{"sort_index":0}},
      {"ph":"b","pid":2,"tid":1000001,"ts":1.000,"name":"request","cat":"request","id":"0x11","args":{"request":17,"outcome":"completed","deployment":0,"decode_worker":8,"input_tokens":100,"output_tokens":3,"blocks":2,"local_blocks":1,"switch_blocks":0,"fetched_blocks":0,"computed_tokens":50,"preemptions":0,"restarts":0}},
      {"ph":"b","pid":2,"tid":1000001,"ts":1.000,"name":"queueing","cat":"request","id":"0x11"},
      {"ph":"e","pid":2,"tid":1000001,"ts":2.500,"name":"queueing","cat":"request","id":"0x11"},
      {"ph":"b","pid":2,"tid":1000001,"ts":2.500,"name":"prefill","cat":"request","id":"0x11"},
      {"ph":"e","pid":2,"tid":1000001,"ts":4.000,"name":"prefill","cat":"request","id":"0x11"},
      {"ph":"b","pid":2,"tid":1000001,"ts":4.000,"name":"transfer","cat":"request","id":"0x11"},
      {"ph":"e","pid":2,"tid":1000001,"ts":5.001,"name":"transfer","cat":"request","id":"0x11"},
      {"ph":"b","pid":2,"tid":1000001,"ts":5.001,"name":"decode","cat":"request","id":"0x11"},
      {"ph":"e","pid":2,"tid":1000001,"ts":9.000,"name":"decode","cat":"request","id":"0x11"},
      {"ph":"e","pid":2,"tid":1000001,"ts":9.000,"name":"request","cat":"request","id":"0x11"},
      {"ph":"M","pid":10,"tid":10,"ts":0.000,"name":"process_name","args":{"name":"worker 8"}},
      {"ph":"M","pid":10,"tid":10,"ts":0.000,"name":"process_sort_index","args":{"sort_index":10}},
      {"ph":"M","pid":10,"tid":1000002,"ts":0.000,"name":"thread_name","args":{"name":"requests"}},
      {"ph":"M","pid":10,"tid":1000002,"ts":0.000,"name":"thread_sort_index","args":{"sort_index":0}},
      {"ph":"C","pid":10,"tid":1000002,"ts":0.000,"name":"busy","args":{"share":0.25}},
      {"ph":"C","pid":10,"tid":1000002,"ts":10.000,"name":"requests","args":{"waiting":1,"running":2}},
      {"ph":"C","pid":10,"tid":1000002,"ts":10.000,"name":"blocks","args":{"held":3,"cached":4,"free":5}},
      {"ph":"M","pid":2,"tid":1000003,"ts":0.000,"name":"thread_name","args":{"name":"steps"}},
      {"ph":"M","pid":2,"tid":1000003,"ts":0.000,"name":"thread_sort_index","args":{"sort_index":1000}},
      {"ph":"X","pid":2,"tid":1000003,"ts":2.500,"dur":1.500,"name":"prefill","cat":"steps","args":{"request":17}}
      ]}
      "
    `);
  });

  it("shows a transfer on both sides, with an arrow from the one to the other", () => {
    const spans: RunSpanRow[] = [
      {
        ...SPAN,
        kind: "kv-transfer",
        worker: 8,
        from: 0,
        bytes: 512,
        startNs: 4_000,
        endNs: 5_001,
      },
      { ...SPAN, kind: "weights", worker: 16, from: -1, request: -1, startNs: 3_000 },
    ];
    const events = eventsOf(textOf({ spans }));
    expectWellFormed(events);
    const told = events
      .filter(({ ph }) => ph !== "M")
      .map(({ ph, pid, name, id, args }) => [ph, pid - 2, name, id, args]);
    const args = { request: 17, from: 0, bytes: 512 };
    expect(told).toEqual([
      ["X", 0, "kv-transfer", undefined, args],
      ["s", 0, "kv-transfer", "0x0", undefined],
      ["X", 8, "kv-transfer", undefined, args],
      ["f", 8, "kv-transfer", "0x0", undefined],
      ["X", 16, "weights", undefined, {}],
    ]);
  });

  it("lays what happens at once on several threads, and uses each again", () => {
    const at = (startNs: number, endNs: number): RunSpanRow => ({ ...SPAN, startNs, endNs });
    const events = eventsOf(
      textOf({ spans: [at(0, 10), at(5, 8), at(8, 9), at(10, 20), at(20, 20)] }),
    );
    expectWellFormed(events);
    const names = new Map(
      events.flatMap(({ name, tid, args }) =>
        name === "thread_name" ? [[tid, args?.["name"]] as const] : [],
      ),
    );
    expect(events.flatMap(({ ph, tid }) => (ph === "X" ? [names.get(tid)] : []))).toEqual([
      "steps",
      "steps 2",
      "steps 2",
      "steps",
      "steps",
    ]);
  });

  it("holds the whole of the longest time", () => {
    const endNs = 2 ** 53 - 1;
    const text = textOf({ spans: [{ ...SPAN, startNs: 1, endNs }], requests: [] });
    expect(text).toContain('"ts":0.001,"dur":9007199254740.990,');
  });

  it("is cut after so many requests, and when the last of these has ended", () => {
    const requests = [0, 1, 2].map((request) => ({ ...REQUEST, request }));
    const late = { ...SPAN, startNs: 9_001, endNs: 9_002 };
    const series = [SERIES, { ...SERIES, atNs: 20_000 }];
    const events = eventsOf(textOf({ requests, spans: [SPAN, late], series, limit: 2 }));
    expectWellFormed(events);
    const lives = events.filter(({ ph, name }) => ph === "b" && name === "request");
    expect(lives.map(({ id }) => id)).toEqual(["0x0", "0x1"]);
    expect(events.filter(({ ph }) => ph === "X")).toHaveLength(1);
    expect(events.filter(({ ph }) => ph === "C")).toHaveLength(3);
    expect(
      eventsOf(textOf({ spans: [SPAN, late], limit: 2 })).filter(({ ph }) => ph === "X"),
    ).toHaveLength(2);
  });

  it("of nothing is a trace without events", () => {
    expect(JSON.parse(textOf({ title: '</script>"\u2028' }))).toEqual({
      displayTimeUnit: "ms",
      otherData: { title: '</script>"\u2028' },
      traceEvents: [],
    });
  });

  it("would be found out if it were not well-formed", () => {
    const [home, slice] = eventsOf(textOf({ spans: [SPAN] })).filter(({ ph }) => ph === "X");
    expect(home).toBeDefined();
    expect(slice).toBeUndefined();
    const x = home as Event;
    expect(homeless([x])).toEqual([x]);
    expect(overlapping([x, { ...x, ts: 3 }])).toEqual([x]);
    const open = { ...x, ph: "b", id: "0x1" };
    expect(unbalanced([open])).toEqual([[open]]);
    expect(unbalanced([open, { ...open, ph: "e", name: "another" }])).toHaveLength(1);
    expect(loose([x, { ...x, ph: "s", id: "0x1" }])).toHaveLength(1);
    expect(unnumbered([{ ...x, ph: "C", args: { share: Number.NaN } }])).toHaveLength(1);
  });

  it("is well-formed whatever happened in whatever order", () => {
    const stream = randomStream(1, "pictures");
    const upTo = (most: number): number => stream.below(most + 1);
    const kinds = ["prefill", "decode", "fetch", "kv-transfer", "weights", "down"] as const;
    for (let round = 0; round < 100; round += 1) {
      const instant = (): number => upTo(12) - 2;
      const requests = Array.from({ length: upTo(4) }, (_, request) => ({
        ...REQUEST,
        request,
        worker: upTo(2) - 1,
        arrivalNs: upTo(5),
        startNs: instant(),
        firstTokenNs: instant(),
        transferNs: instant(),
        transferredNs: instant(),
        endNs: 5 + upTo(9),
      }));
      const starts = Array.from({ length: upTo(12) }, () => upTo(9)).toSorted((a, b) => a - b);
      const spans = starts.map((startNs) => ({
        ...SPAN,
        kind: kinds[upTo(5)] ?? "decode",
        worker: upTo(2),
        from: upTo(3) - 1,
        startNs,
        endNs: startNs + upTo(5),
      }));
      const series = [0, 5, 5].map((atNs, worker) => ({ ...SERIES, atNs, worker }));
      expectWellFormed(eventsOf(textOf({ requests, spans, series, limit: 1 + upTo(5) })));
    }
  });
});
