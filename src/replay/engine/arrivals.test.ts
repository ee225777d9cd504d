import { describe, expect, it } from "vitest";
import type { Broken } from "../watch/testing/watched-run.ts";
import {
  type Asked,
  about,
  halvesOf,
  MS,
  type Told,
  tell,
  workersOf,
} from "./testing/small-run.ts";

/** A worker is lost at some ms, and back at others or never. */
const lose = (worker: number, atMs: number, backMs?: number) => ({
  kind: "lose",
  at_ns: atMs * MS,
  what: { worker },
  ...(backMs === undefined ? {} : { back_ns: backMs * MS }),
});

const losing = (
  asked: readonly Asked[],
  given: Readonly<Record<string, unknown>>,
  ...faults: readonly ReturnType<typeof lose>[]
): Told => tell(asked, { ...given, faults });

const APART = { ...workersOf(2), policy: "round-robin", remote_hits: "fetch" };
const LONG = { blocks: [0, 1, 2], outputTokens: 10 };

/** Weights of 202.5 GB, an eighth to each GPU, from its CPU at 900 GB/s. */
const RELOAD_MS = 28.125;

describe("whose worker is lost", () => {
  it("while it waits is sent to another", () => {
    const asked = [{ blocks: [0] }, { at: 1, blocks: [1] }, { at: 2, blocks: [2] }];
    const run = losing(asked, { ...APART, max_num_seqs: 1 }, lose(0, 10));
    expect(about(2, run)).toEqual([
      "2 ms: r2 arrived at w0",
      "10 ms: r2 sent-again",
      "10 ms: r2 arrived at w8",
      // After request 1, at 21 ms, and request 0, which was there first.
      "41 ms: r2 started at w8",
      "61 ms: r2 prefilled at w8",
      "61 ms: r2 completed at w8",
    ]);
  });

  it("while it prefills begins anew", () => {
    const run = losing([LONG], workersOf(2), lose(0, 39));
    expect(about(0, run).slice(2)).toEqual([
      "39 ms: r0 sent-again",
      "39 ms: r0 arrived at w8",
      "39 ms: r0 started at w8",
      "79 ms: r0 prefilled at w8",
      "169 ms: r0 completed at w8",
    ]);
  });

  it("while it decodes keeps the tokens that it was given, and computes their KV again", () => {
    const run = losing([LONG], workersOf(2), lose(0, 75));
    expect(about(0, run).slice(3)).toEqual([
      "75 ms: r0 sent-again",
      "75 ms: r0 arrived at w8",
      "75 ms: r0 started at w8",
      // Three tokens of the leap, and the one before it, are four more to compute.
      "115.078125 ms: r0 prefilled at w8",
      "165.078125 ms: r0 completed at w8",
    ]);
  });

  it("at the end of its last step has been served", () => {
    const run = losing([LONG], workersOf(2), lose(0, 130));
    expect(run.story.at(-1)).toBe("130 ms: r0 completed at w0");
  });

  it("while blocks are fetched for it fetches nothing that is gone with the source", () => {
    const asked = [{ blocks: [0, 1, 2, 3] }, { at: 100, blocks: [0, 1, 2, 3] }, { at: 101 }];
    const target = losing(asked, APART, lose(8, 102));
    expect(about(1, target).slice(2)).toEqual([
      "102 ms: r1 sent-again",
      "102 ms: r1 arrived at w0",
      "111 ms: r1 started at w0",
      "121.019532 ms: r1 prefilled at w0",
      "121.019532 ms: r1 completed at w0",
    ]);
    const source = losing(asked, APART, lose(0, 102));
    expect(about(1, source).slice(2)).toEqual([
      "152 ms: r1 prefilled at w8",
      "152 ms: r1 completed at w8",
    ]);
  });

  it("while it waits to be decoded elsewhere is sent on, or begins anew where the prompt was lost", () => {
    const asked = [
      { blocks: [0, 1], outputTokens: 30 },
      { at: 1, blocks: [10, 11], outputTokens: 2 },
    ];
    const halves = { ...halvesOf(1, 2, 4), policy: "kv-aware" };
    // Both decoders are busy with one request each; a third waits for the second.
    const third = [...asked, { at: 2, blocks: [20, 21], outputTokens: 2 }];
    const run = losing(third, halves, lose(16, 95));
    expect(run.engine.tally).toMatchObject({ completed: 3 });
    const prefill = losing(asked, halvesOf(1, 1, 4), lose(0, 70, 80));
    expect(about(1, prefill).slice(2)).toEqual([
      "60 ms: r1 prefilled at w0",
      "70 ms: r1 sent-again",
      // The decoder has the same weights: 25.3125 GB to each GPU at 1.2 TB/s take 21.09375 ms, and 1,500 ns.
      "101.09525 ms: r1 arrived at w0",
      "101.09525 ms: r1 started at w0",
      // One token more than the prompt's two blocks, and with it the last.
      "131.114782 ms: r1 prefilled at w0",
      "131.114782 ms: r1 completed at w0",
    ]);
  });

  it("while its prompt is on its way is brought to another, or begins anew", () => {
    const to = losing([LONG], halvesOf(1, 2), lose(8, 41));
    expect(about(0, to).slice(3)).toEqual([
      "40 ms: r0 moving at w8",
      "41 ms: r0 moving at w16",
      "44.0015 ms: r0 moved at w16",
      "134.0015 ms: r0 completed at w16",
    ]);
    const from = losing([LONG], halvesOf(2, 1), lose(0, 41));
    expect(about(0, from).slice(3, 6)).toEqual([
      "40 ms: r0 moving at w16",
      "41 ms: r0 sent-again",
      "41 ms: r0 arrived at w8",
    ]);
    // 40 ms and a token; then three blocks of prompt and one of output; then eight tokens.
    expect(from.story.at(-1)).toBe("165.021032 ms: r0 completed at w16");
  });

  it("when its prompt has come and a step is under way begins anew; the one that prefilled it does not matter any more", () => {
    const asked = [
      { blocks: [0], outputTokens: 20 },
      { at: 20, blocks: [1, 2], outputTokens: 5 },
    ];
    const target = losing(asked, halvesOf(1, 2), lose(8, 55));
    expect(target.engine.tally).toMatchObject({ completed: 2 });
    const source = losing(asked, halvesOf(1, 1), lose(0, 55));
    expect(about(1, source).at(-1)).toBe("101.0015 ms: r1 completed at w8");
  });
});

describe("a loss", () => {
  it("of the only worker leaves its requests waiting until it is back and has its weights", () => {
    const run = losing([LONG, { at: 90, blocks: [9] }], {}, lose(0, 75, 100));
    expect(about(0, run).slice(3, 5)).toEqual([
      "75 ms: r0 sent-again",
      `${100 + RELOAD_MS} ms: r0 arrived at w0`,
    ]);
    expect(about(1, run)[0]).toBe(`${100 + RELOAD_MS} ms: r1 arrived at w0`);
  });

  it("for ever ends them, and whoever comes later, for a reason", () => {
    const run = losing([LONG, { at: 90, blocks: [9] }], {}, lose(0, 75));
    expect(run.story.slice(-2)).toEqual(["90 ms: r0 failed", "90 ms: r1 failed"]);
    expect([...run.engine.reasons]).toEqual([["no live worker", 2]]);
  });

  it("that is over at the same instant as another begins comes second: what ends comes first", () => {
    const run = losing([LONG], {}, lose(0, 50, 75), lose(0, 75, 100));
    expect(about(0, run).filter((line) => line.includes("arrived"))).toEqual([
      "0 ms: r0 arrived at w0",
      `${100 + RELOAD_MS} ms: r0 arrived at w0`,
    ]);
  });

  it("of one worker after the other takes a request along, and of both leaves it nowhere", () => {
    const run = losing([LONG], workersOf(2), lose(0, 75), lose(8, 80, 200));
    expect(about(0, run).slice(3)).toEqual([
      "75 ms: r0 sent-again",
      "75 ms: r0 arrived at w8",
      "75 ms: r0 started at w8",
      "80 ms: r0 sent-again",
      `${200 + RELOAD_MS} ms: r0 arrived at w8`,
      `${200 + RELOAD_MS} ms: r0 started at w8`,
      "268.203125 ms: r0 prefilled at w8",
      "318.203125 ms: r0 completed at w8",
    ]);
  });

  it("of the only decoder keeps nobody's prompt, and lets who waits at the prefiller in", () => {
    // Four blocks: the second prompt waits at the prefiller for room at the decoder, and the third, the most urgent, for room at the prefiller.
    const asked = [
      { blocks: [0, 1, 2], outputTokens: 60 },
      { at: 1, blocks: [10, 11, 12], outputTokens: 60 },
      { at: 50, blocks: [20, 21, 22], outputTokens: 1, priority: 1 },
    ];
    const run = losing(asked, halvesOf(1, 1, 4), lose(8, 90, 100));
    expect(about(2, run).slice(1)).toEqual([
      "90 ms: r2 started at w0",
      "130 ms: r2 prefilled at w0",
      "130 ms: r2 completed at w0",
    ]);
    expect(run.engine.tally).toMatchObject({ completed: 3 });
  });

  it("of a prefiller lets in who waited at the decoder behind one of its requests", () => {
    // Six blocks: request 0 has three of them, request 1 waits for four, and request 2 for one.
    const asked = [
      { blocks: [0, 1], outputTokens: 60 },
      { at: 1, blocks: [10, 11, 12, 13], outputTokens: 2 },
      { at: 2, blocks: [20], outputTokens: 2 },
    ];
    const run = losing(asked, { ...halvesOf(2, 1, 6), policy: "round-robin" }, lose(8, 105));
    expect(about(2, run).slice(2)).toEqual([
      "50 ms: r2 prefilled at w0",
      "112.0015 ms: r2 moving at w16",
      "113.003 ms: r2 moved at w16",
      "132.0015 ms: r2 completed at w16",
    ]);
  });

  it("comes after the blocks of the step that it breaks off were taken", () => {
    let removed = 0;
    const parts: Broken["parts"] = ({ createPool }) => ({
      createPool: (capacity, events) =>
        createPool(capacity, {
          ...events,
          removedRun(names, count) {
            removed += count;
            events.removedRun?.(names, count);
          },
        }),
    });
    // Of four blocks one is not cached: the answer has it from 60 ms on, and 512 steps later takes one that is.
    const asked = [{ blocks: [0, 1, 2] }, { at: 50, outputTokens: 600 }];
    for (const [atMs, gone] of [
      [5180, 0],
      [5185, 1],
    ] as const) {
      removed = 0;
      tell(asked, { ...workersOf(1, 4), faults: [lose(0, atMs)] }, { parts });
      expect(removed).toBe(gone);
    }
  });

  it("of what is lost already, and of what nobody has, changes nothing", () => {
    const gpu = { kind: "lose", at_ns: 5 * MS, what: { gpu: 71 } } as const;
    const run = tell([LONG], { faults: [gpu] });
    expect(run.story).toEqual(tell([LONG]).story);
  });
});
