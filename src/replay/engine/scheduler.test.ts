import { describe, expect, it } from "vitest";
import { about, BLOCK, tell, workersOf } from "./testing/small-run.ts";

/** Each asks for a prompt of so many blocks that nobody else has. */
const prompt = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

describe("a step", () => {
  it("prefills a prompt and gives its first token with it, and then one a step", () => {
    expect(tell([{ blocks: [0, 1], outputTokens: 3 }]).story).toEqual([
      "0 ms: r0 arrived at w0",
      "0 ms: r0 started at w0",
      "30 ms: r0 prefilled at w0",
      "50 ms: r0 completed at w0",
    ]);
  });

  it("of one token, or none, ends with the prefill", () => {
    expect(tell([{ blocks: [0], outputTokens: 0 }]).story.at(-1)).toBe("20 ms: r0 completed at w0");
    expect(tell([{ blocks: [0], outputTokens: 1 }]).story.at(-1)).toBe("20 ms: r0 completed at w0");
    expect(tell([{ outputTokens: 0 }]).story.at(-1)).toBe("10 ms: r0 completed at w0");
  });

  it("prefills as many tokens as it may, beside one for each of the batch", () => {
    const one = { max_num_batched_tokens: BLOCK + 1 };
    const run = tell(
      [
        { blocks: [0], outputTokens: 6 },
        { at: 1, blocks: [1, 2], outputTokens: 1 },
      ],
      one,
    );
    // One block at a time: the token that is left goes to who decodes.
    expect(about(1, run)).toEqual([
      "1 ms: r1 arrived at w0",
      "20 ms: r1 started at w0",
      "60 ms: r1 prefilled at w0",
      "60 ms: r1 completed at w0",
    ]);
    // It is given one token by each of those two long steps.
    expect(about(0, run).at(-1)).toBe("90 ms: r0 completed at w0");
  });

  it("shares its tokens: what one leaves the next begins with", () => {
    const run = tell([{ blocks: [0, 1, 2] }, { blocks: [3] }], {
      max_num_batched_tokens: 2 * BLOCK,
    });
    expect(run.story).toEqual([
      "0 ms: r0 arrived at w0",
      "0 ms: r1 arrived at w0",
      "0 ms: r0 started at w0",
      "30 ms: r1 started at w0",
      "60 ms: r0 prefilled at w0",
      "60 ms: r0 completed at w0",
      "60 ms: r1 prefilled at w0",
      "60 ms: r1 completed at w0",
    ]);
  });

  it("has no tokens to prefill when the batch takes them all", () => {
    const run = tell(
      [
        { blocks: [0], outputTokens: 3 },
        { at: 1, inputTokens: 1 },
      ],
      {
        max_num_batched_tokens: 1,
      },
    );
    // 512 steps for the prompt, 10.019532 ms each, and two to decode.
    expect(about(1, run)[1]).toBe("5150.000384 ms: r1 started at w0");
  });
});

describe("seats", () => {
  it("are taken in turn, and free when somebody ends", () => {
    const run = tell([{ blocks: [0], outputTokens: 2 }, { blocks: [1] }], { max_num_seqs: 1 });
    expect(about(0, run).at(-1)).toBe("30 ms: r0 completed at w0");
    expect(about(1, run)[1]).toBe("30 ms: r1 started at w0");
  });
});

describe("who waits", () => {
  it("is taken up by urgency, then by arrival", () => {
    const asked = [
      { blocks: [0] },
      { at: 1, blocks: [1] },
      { at: 2, blocks: [2], priority: 1 },
      { at: 3, blocks: [3] },
    ];
    const run = tell(asked, { max_num_seqs: 1 });
    const started = run.story.filter((line) => line.includes("started"));
    expect(started).toEqual([
      "0 ms: r0 started at w0",
      "20 ms: r2 started at w0",
      "40 ms: r1 started at w0",
      "60 ms: r3 started at w0",
    ]);
  });

  it("is not overtaken by a smaller one that there would be room for", () => {
    const run = tell(
      [
        { blocks: prompt(0, 3), outputTokens: 5 },
        { at: 1, blocks: prompt(10, 3) },
        { at: 2, blocks: prompt(20, 1) },
      ],
      workersOf(1, 5),
    );
    const started = run.story.filter((line) => line.includes("started"));
    // 40 ms of prefill and four steps.
    expect(started.slice(1)).toEqual(["80 ms: r1 started at w0", "80 ms: r2 started at w0"]);
  });

  it("takes blocks that nobody uses from the cache", () => {
    const run = tell(
      [{ blocks: prompt(0, 3) }, { at: 100, blocks: prompt(10, 3) }, { at: 200, blocks: [0] }],
      workersOf(1, 4),
    );
    // Of the first prompt two blocks had to go, a leaf before its parent.
    expect(about(2, run).at(-1)).toBe("210.019532 ms: r2 completed at w0");
  });
});

describe("when blocks run out", () => {
  /** Four blocks for two prompts of one block, and two blocks of output each: for 513 tokens, because the 514th and last is never read again. */
  const pair = (...priorities: readonly number[]) =>
    priorities.map((priority, at) => ({ at, blocks: [at], outputTokens: BLOCK + 2, priority }));
  const gone = (given: object, ...priorities: readonly number[]) =>
    tell(pair(...priorities), { ...workersOf(1, 4), ...given }).story.filter((line) =>
      line.includes("preempted"),
    );

  it("who came last goes, or who came first, as is said", () => {
    // Request 0 decodes from 20 ms on, once for 20 ms and 511 times for 10: before the 513th step its second block is due.
    expect(gone({}, 0, 0)).toEqual(["5150 ms: r1 preempted at w0"]);
    expect(gone({ preemption: "oldest" }, 0, 0)).toEqual(["5150 ms: r0 preempted at w0"]);
  });

  it("the less urgent goes before, whoever came when", () => {
    expect(gone({}, 0, 1)).toEqual(["5150 ms: r0 preempted at w0"]);
    expect(gone({ preemption: "oldest" }, 1, 0)).toEqual(["5150 ms: r1 preempted at w0"]);
  });

  it("whoever went computes its prompt and its answer again, hits what is still there, and gets no token twice", () => {
    const run = tell(pair(0, 0), workersOf(1, 4));
    expect(about(1, run).slice(2)).toEqual([
      "40 ms: r1 prefilled at w0",
      "5150 ms: r1 preempted at w0",
      // The other has its last token. Of 512 tokens of prompt and 512 of answer the prompt's are there still.
      "5160 ms: r1 started at w0",
      "5180 ms: r1 prefilled at w0",
      "5190 ms: r1 completed at w0",
    ]);
    expect(run.engine.tally).toMatchObject({ completed: 2 });
  });

  it("who could never go on alone fails, and says why; so does who can never begin", () => {
    const [long] = pair(0);
    const run = tell([{ ...long }, { at: 1, blocks: prompt(10, 4) }], workersOf(1, 2));
    expect(run.story.slice(-2)).toEqual(["20 ms: r1 failed at w0", "5140 ms: r0 failed at w0"]);
    expect([...run.engine.reasons]).toEqual([["larger than a worker's pool", 2]]);
  });
});
