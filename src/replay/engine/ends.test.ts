import { describe, expect, it } from "vitest";
import { type Asked, about, halvesOf, MS, tell, workersOf } from "./testing/small-run.ts";

/** Request 1 loses patience so many ms after its arrival; what is told of it. */
const leaving = (
  patienceMs: number,
  asked: readonly Asked[],
  given: Readonly<Record<string, unknown>> = {},
) => {
  const settings = {
    patienceNs: (number: number) => (number === 1 ? patienceMs * MS : undefined),
  };
  return tell(asked, given, { settings });
};

const ONE_SEAT = { max_num_seqs: 1 };

describe("whose user leaves", () => {
  it("while it waits goes at once, and the next one is the first", () => {
    const asked = [{ blocks: [0, 1] }, { at: 1, blocks: [2] }, { at: 2, blocks: [3] }];
    const run = leaving(10, asked, ONE_SEAT);
    expect(about(1, run)).toEqual(["1 ms: r1 arrived at w0", "11 ms: r1 cancelled at w0"]);
    expect(about(2, run)[1]).toBe("30 ms: r2 started at w0");
    expect([...run.engine.reasons]).toEqual([["its user left", 1]]);
  });

  it("while it is first and too large for the room that there is lets the next one in at the end of a step", () => {
    const asked = [
      { blocks: [0, 1], outputTokens: 9 },
      { at: 1, blocks: [10, 11, 12] },
      { at: 2, blocks: [20] },
    ];
    const run = leaving(48, asked, workersOf(1, 4));
    expect(about(1, run).at(-1)).toBe("49 ms: r1 cancelled at w0");
    expect(about(2, run)[1]).toBe("50 ms: r2 started at w0");
  });

  it("while it prefills goes when the step ends, with the token of it", () => {
    const run = leaving(5, [{ blocks: [0] }, { at: 30, blocks: [1, 2], outputTokens: 9 }]);
    expect(about(1, run).slice(2)).toEqual([
      "60 ms: r1 prefilled at w0",
      "60 ms: r1 cancelled at w0",
    ]);
  });

  it("while it prefills in chunks goes after the chunk", () => {
    const asked = [{ blocks: [0] }, { at: 30, blocks: [1, 2], outputTokens: 9 }];
    const run = leaving(5, asked, { max_num_batched_tokens: 512 });
    expect(about(1, run).slice(2)).toEqual(["50 ms: r1 cancelled at w0"]);
  });

  it("while it decodes goes when the step ends, in the middle of what would have been a leap", () => {
    const asked = [
      { blocks: [0], outputTokens: 30 },
      { blocks: [1], outputTokens: 20 },
    ];
    const run = leaving(75, asked);
    // 30 ms for both prompts, and steps at 40, 50, …
    expect(about(1, run).at(-1)).toBe("80 ms: r1 cancelled at w0");
    expect(about(0, run).at(-1)).toBe("320 ms: r0 completed at w0");
  });

  it("at the very end of a step goes then and not a step later", () => {
    expect(about(1, leaving(80, [{}, { blocks: [1], outputTokens: 20 }])).at(-1)).toBe(
      "80 ms: r1 cancelled at w0",
    );
  });

  it("when it has all its tokens by then has been served", () => {
    const run = leaving(75, [{ blocks: [0] }, { blocks: [1], outputTokens: 6 }]);
    expect(about(1, run).at(-1)).toBe("80 ms: r1 completed at w0");
  });

  it("while blocks are fetched for it goes at once, and they may be evicted again", () => {
    const asked = [{ blocks: [0, 1, 2, 3] }, { at: 100, blocks: [0, 1, 2, 3] }, { at: 200 }];
    const run = leaving(2, asked, { ...workersOf(2), policy: "round-robin", remote_hits: "fetch" });
    expect(about(1, run).slice(1)).toEqual([
      "100 ms: r1 started at w8",
      "102 ms: r1 cancelled at w8",
    ]);
    const counts = run.control.workers[8]?.serving.pool.counts();
    expect(counts).toEqual({ free: 100, filling: 0, active: 0, cached: 0 });
  });

  it("while it waits for room where it is to be decoded goes at once, and frees its prompt", () => {
    const asked = [
      { blocks: [0, 1], outputTokens: 9 },
      { at: 1, blocks: [10, 11], outputTokens: 2 },
    ];
    const run = leaving(69, asked, halvesOf(1, 1, 4));
    expect(about(1, run).slice(2)).toEqual([
      "60 ms: r1 prefilled at w0",
      "70 ms: r1 cancelled at w0",
    ]);
    expect(run.control.workers[0]?.serving.pool.counts()).toMatchObject({ active: 0, cached: 4 });
  });

  it("while its prompt is on its way goes at once, and both workers are rid of it", () => {
    const asked = [{ blocks: [0] }, { at: 100, blocks: [1, 2, 3], outputTokens: 5 }];
    const run = leaving(42, asked, halvesOf(1, 1));
    expect(about(1, run).slice(3)).toEqual([
      "140 ms: r1 moving at w8",
      "142 ms: r1 cancelled at w0",
    ]);
    for (const number of [0, 8])
      expect(run.control.workers[number]?.serving.pool.counts()).toMatchObject({ active: 0 });
  });

  it("when its prompt has come and a step is under way goes at once", () => {
    const asked = [
      { blocks: [0], outputTokens: 20 },
      { at: 20, blocks: [1, 2], outputTokens: 5 },
    ];
    const run = leaving(35, asked, halvesOf(1, 1));
    expect(about(1, run).slice(3)).toEqual([
      // It is taken up there at the end of a step.
      "51.0015 ms: r1 moving at w8",
      "53.003 ms: r1 moved at w8",
      "55 ms: r1 cancelled at w8",
    ]);
    expect(about(0, run).at(-1)).toBe("211.0015 ms: r0 completed at w8");
  });

  it("while nobody serves goes at once", () => {
    const fault = { kind: "lose", at_ns: 25 * MS, what: { worker: 0 } };
    const run = leaving(10, [{}, { at: 30 }], { faults: [fault] });
    expect(about(1, run)).toEqual(["40 ms: r1 cancelled"]);
  });
});

describe("a deadline", () => {
  it("ends whoever has not ended; one for the first token, whoever has none", () => {
    const asked = [{ blocks: [0], outputTokens: 100 }, { blocks: [1] }];
    const both = { ...ONE_SEAT, ttft_deadline_ns: 50 * MS, deadline_ns: 205 * MS };
    const run = tell(asked, both);
    expect(about(0, run).at(-1)).toBe("210 ms: r0 cancelled at w0");
    expect(about(1, run).at(-1)).toBe("50 ms: r1 cancelled at w0");
    expect([...run.engine.reasons]).toEqual([
      ["no token in time", 1],
      ["not done in time", 1],
    ]);
  });

  it("for the first token is met by a token at that instant", () => {
    const run = tell([{ blocks: [0], outputTokens: 3 }], { ttft_deadline_ns: 20 * MS });
    expect(run.engine.tally).toMatchObject({ completed: 1, cancelled: 0 });
  });

  it("that a session's turn misses lets the next turn come", () => {
    const asked = [
      { blocks: [0], outputTokens: 100, session: 0 },
      { at: 1, blocks: [0], session: 0, turn: 1, delayNs: 5 * MS },
    ];
    const run = tell(asked, { deadline_ns: 45 * MS });
    expect(about(0, run).at(-1)).toBe("50 ms: r0 cancelled at w0");
    expect(about(1, run)[0]).toBe("55 ms: r1 arrived at w0");
  });
});
