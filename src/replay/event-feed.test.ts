import { describe, expect, it } from "vitest";
import {
  type Asked,
  about,
  BLOCK,
  MS,
  requestOf,
  type Told,
  tell,
  workersOf,
} from "./engine/testing/small-run.ts";
import { readReplayOptions } from "./options/index.ts";
import { replay } from "./replay.ts";

/** A prompt of four blocks, somebody who keeps its worker busy, and the prompt again. */
const ASKED: readonly Asked[] = [
  { blocks: [0, 1, 2, 3] },
  { at: 60, blocks: [9], outputTokens: 50 },
  { at: 100, blocks: [0, 1, 2, 3] },
];
const TWO = { ...workersOf(2), policy: "kv-aware" };

/** Announcements suffer something for some ms. */
const events = (how: string, fromMs: number, toMs: number, more: object = {}) => ({
  faults: [{ kind: "events", at_ns: fromMs * MS, until_ns: toMs * MS, how, ...more }],
});

/** Whether each directory has exactly what the pools have. */
const isHeard = ({ control: { service } }: Told): boolean =>
  [...service.groups.values()].every(({ directory, workers }) =>
    workers.every(
      (worker, place) => directory.heldBy(place) === (worker?.pool.readable().length ?? 0),
    ),
  );

describe("a directory that hears late", () => {
  it("sends a prompt elsewhere while it has not heard, and where it lies when it has", () => {
    // What the first prompt left is announced at 50 ms; the second one's worker is the busier.
    for (const [delayMs, worker] of [
      [0, "w0"],
      [49, "w0"],
      [50, "w0"],
      [51, "w8"],
    ] as const) {
      const run = tell(ASKED, { ...TWO, event_delay_ns: delayMs * MS });
      expect(about(2, run)[0]).toBe(`100 ms: r2 arrived at ${worker}`);
    }
  });

  it("hears everything in the end", () => {
    const run = tell(ASKED, { ...TWO, event_delay_ns: 51 * MS });
    expect(isHeard(run)).toBe(false);
    const [group] = run.control.service.groups.values();
    group?.plane?.advance(1000 * MS);
    expect(isHeard(run)).toBe(true);
  });

  it("says what it cost: one decision of three was for the wrong worker, and all tokens but the last are computed in vain", () => {
    const late = { ...TWO, calibration: "roofline", event_delay_ns: 99 * MS };
    const trace = { requests: ASKED.map(requestOf), blockTokens: BLOCK, models: [] };
    const { staleness } = replay(trace, readReplayOptions(late));
    expect(staleness).toMatchObject({
      decisions: 3,
      stale: 1,
      misled: 1,
      blocks_gone: 0,
      blocks_unheard: 0,
      regret_tokens: 4 * BLOCK - 1,
    });
    expect(replay(trace, readReplayOptions(TWO)).staleness).toBeNull();
  });
});

describe("announcements", () => {
  it("that are dropped are made good when the fault is over, and until then send prompts elsewhere", () => {
    const still = tell(ASKED, { ...TWO, ...events("drop", 40, 101) });
    expect(about(2, still)[0]).toBe("100 ms: r2 arrived at w8");
    const healed = tell(ASKED, { ...TWO, ...events("drop", 40, 99) });
    expect(about(2, healed)[0]).toBe("100 ms: r2 arrived at w0");
    expect([isHeard(still), isHeard(healed)]).toEqual([true, true]);
  });

  it("that come twice, or late, change nothing in the end", () => {
    const twice = tell(ASKED, { ...TWO, ...events("duplicate", 0, 1000) });
    expect(twice.story).toEqual(tell(ASKED, TWO).story);
    const late = tell(ASKED, { ...TWO, ...events("delay", 40, 60, { delay_ns: 51 * MS }) });
    expect(about(2, late)[0]).toBe("100 ms: r2 arrived at w8");
    expect([isHeard(twice), isHeard(late)]).toEqual([true, true]);
  });

  it("of one worker alone suffer when it is named", () => {
    const other = tell(ASKED, { ...TWO, ...events("drop", 40, 101, { worker: 8 }) });
    expect(about(2, other)[0]).toBe("100 ms: r2 arrived at w0");
    const own = tell(ASKED, { ...TWO, ...events("drop", 40, 101, { worker: 0 }) });
    expect(about(2, own)[0]).toBe("100 ms: r2 arrived at w8");
  });

  it("of a worker that is gone are forgotten with it", () => {
    const faults = [
      ...events("drop", 40, 200).faults,
      { kind: "lose", at_ns: 150 * MS, what: { worker: 0 }, back_ns: 160 * MS },
    ];
    const run = tell(ASKED, { ...TWO, faults });
    expect([run.engine.tally.completed, isHeard(run)]).toEqual([3, true]);
  });
});
