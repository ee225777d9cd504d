import { describe, expect, it } from "vitest";
import type { Costs } from "#cost";
import { about, halvesOf, ROUND_COSTS, tell, workersOf } from "./testing/small-run.ts";

/** A prompt of four blocks comes to worker 0, and again to worker 8. */
const again = [
  { blocks: [0, 1, 2, 3] },
  { at: 100, blocks: [0, 1, 2, 3] },
  { at: 200, blocks: [9] },
];
const FETCHING = { ...workersOf(2), policy: "round-robin", remote_hits: "fetch" };

/** Costs at which a block takes so many ms from domain to domain. */
const blocksOf = (ms: number): { readonly costs: Partial<Costs> } => ({
  costs: { blockBytes: ms * ROUND_COSTS.blockBytes },
});

describe("a longer run on another worker", () => {
  it("is fetched when that and computing the last token is quicker: 4 blocks in 4 ms and 1,500 ns", () => {
    const run = tell(again, FETCHING);
    expect(about(1, run)).toEqual([
      "100 ms: r1 arrived at w8",
      "100 ms: r1 started at w8",
      "104.0015 ms: r1 moved at w8",
      "114.021032 ms: r1 prefilled at w8",
      "114.021032 ms: r1 completed at w8",
    ]);
  });

  it("is computed when that is quicker, or when nothing is to be fetched", () => {
    // 50 ms to compute it all, 10 ms and a little for a token.
    const slow = tell(again, FETCHING, blocksOf(10));
    expect(about(1, slow)[2]).toBe("150 ms: r1 prefilled at w8");
    const quick = tell(again, FETCHING, blocksOf(9.9));
    expect(about(1, quick)[2]).toBe("139.6015 ms: r1 moved at w8");
    const never = tell(again, { ...FETCHING, remote_hits: "recompute" });
    expect(about(1, never)[2]).toBe("150 ms: r1 prefilled at w8");
  });

  it("lets its worker do other things meanwhile, but keeps its seat", () => {
    const asked = [...again.slice(0, 2), { at: 101, blocks: [8] }, { at: 102, blocks: [9] }];
    const run = tell(asked, FETCHING, blocksOf(9));
    expect(about(1, run)[2]).toBe("136.0015 ms: r1 moved at w8");
    expect(about(3, run)[1]).toBe("102 ms: r3 started at w8");
    const alone = tell(asked, { ...FETCHING, max_num_seqs: 1 }, blocksOf(9));
    expect(about(3, alone)[1]).toBe("146.021032 ms: r3 started at w8");
  });

  it("shares its links: two runs from one worker take longer than one", () => {
    const asked = [
      { blocks: [0, 1, 2, 3] },
      { blocks: [9] },
      { blocks: [10] },
      { at: 150, blocks: [9] },
      { at: 151, blocks: [0, 1, 2, 3] },
      { at: 151, blocks: [0, 1, 2, 3] },
    ];
    const run = tell(asked, { ...FETCHING, ...workersOf(3) });
    const ends = [4, 5].map((number) => about(number, run)[2]);
    // Half of the 1.8 TB/s that a GPU sends at is less than the link's 1.2: 4.8 GB of each shard in 5.33 ms.
    expect(ends).toEqual(["156.334834 ms: r4 moved at w8", "156.334834 ms: r5 moved at w16"]);
  });
});

describe("prefill and decode apart", () => {
  it("bring the prompt from the one to the other: 3 blocks in 3 ms and 1,500 ns", () => {
    expect(tell([{ blocks: [0, 1, 2], outputTokens: 3 }], halvesOf(1, 1)).story).toEqual([
      "0 ms: r0 arrived at w0",
      "0 ms: r0 started at w0",
      "40 ms: r0 prefilled at w0",
      "40 ms: r0 moving at w8",
      "43.0015 ms: r0 moved at w8",
      "63.0015 ms: r0 completed at w8",
    ]);
  });

  it("bring only what is not there yet, and nothing when all is", () => {
    const run = tell(
      [
        { blocks: [0, 1], outputTokens: 2 },
        { at: 100, blocks: [0, 1, 2], outputTokens: 2 },
        { at: 200, blocks: [0, 1, 2], outputTokens: 2 },
      ],
      halvesOf(1, 1),
    );
    expect(about(1, run).slice(2)).toEqual([
      "120 ms: r1 prefilled at w0",
      "120 ms: r1 moving at w8",
      "121.0015 ms: r1 moved at w8",
      "131.0015 ms: r1 completed at w8",
    ]);
    expect(about(2, run).slice(2)).toEqual([
      "210.019532 ms: r2 prefilled at w0",
      "210.019532 ms: r2 moving at w8",
      "220.019532 ms: r2 completed at w8",
    ]);
  });

  it("bring nothing for an answer of one token", () => {
    const run = tell([{ blocks: [0, 1, 2] }], halvesOf(1, 1));
    expect(run.story.at(-1)).toBe("40 ms: r0 completed at w0");
  });

  it("keep the prompt where it was computed until there is room where it is decoded", () => {
    const asked = [
      { blocks: [0, 1], outputTokens: 9 },
      { at: 1, blocks: [10, 11], outputTokens: 2 },
    ];
    const run = tell(asked, halvesOf(1, 1, 4));
    // Two blocks of prompt and one of output leave one free.
    expect(about(0, run).at(-1)).toBe("112.0015 ms: r0 completed at w8");
    expect(about(1, run).slice(2)).toEqual([
      "60 ms: r1 prefilled at w0",
      "112.0015 ms: r1 moving at w8",
      "114.003 ms: r1 moved at w8",
      "124.003 ms: r1 completed at w8",
    ]);
  });

  it("give every request the tokens that it is given where both are one", () => {
    const asked = Array.from({ length: 20 }, (_, number) => ({
      at: 7 * number,
      blocks: [number % 3, 3 + (number % 15)],
      outputTokens: 1 + ((number * 37) % 50),
    }));
    const tokens = asked.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
    for (const given of [workersOf(2), halvesOf(1, 2)]) {
      const { control, engine } = tell(asked, given);
      expect(engine.tally.completed).toBe(20);
      const decoded = control.workers.reduce((sum, worker) => sum + (worker?.decodeTokens ?? 0), 0);
      // Each first token comes with its prompt.
      expect(decoded).toBe(tokens - 20);
    }
  });
});
