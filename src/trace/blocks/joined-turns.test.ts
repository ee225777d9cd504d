import { describe, expect, it } from "vitest";
import { createJoinedTurns, createStream } from "./joined-turns.ts";

describe("joined turns, in blocks of 4", () => {
  it("are cut anew where the joined stream has its block ends", () => {
    const joined = createJoinedTurns(4);
    const stream = createStream();
    // 6 tokens in blocks 10 and 11, 3 of output, 5 more in 20 and 21: 10.10.10.10 | 11.11.o.o | o.20.20.20 | 20.21
    expect(joined.addPrompt(stream, "", [10, 11], 6)).toEqual([0, 1]);
    joined.addOutput(stream, "0.0", 3);
    expect(joined.addPrompt(stream, "", [20, 21], 5)).toEqual([0, 2, 3, 4]);
    expect(stream.totalTokens).toBe(14);
    expect([0, 1, 2, 3, 4].map(joined.idOf)).toEqual([10, 11, undefined, undefined, undefined]);
  });

  it("share what two conversations have in common, and nothing after their outputs", () => {
    const joined = createJoinedTurns(4);
    const [left, right] = [createStream(), createStream()];
    expect(joined.addPrompt(left, "", [1, 2], 8)).toEqual([0, 1]);
    expect(joined.addPrompt(right, "", [1, 2], 8)).toEqual([0, 1]);
    joined.addOutput(left, "0.0", 4);
    joined.addOutput(right, "1.0", 4);
    const [leftBlocks, rightBlocks] = [
      joined.addPrompt(left, "", [3], 4),
      joined.addPrompt(right, "", [3], 4),
    ];
    expect(leftBlocks.slice(0, 2)).toEqual(rightBlocks.slice(0, 2));
    expect(leftBlocks[2]).not.toBe(rightBlocks[2]);
    // The same id after another prefix is another block.
    expect(leftBlocks[3]).not.toBe(rightBlocks[3]);
  });

  it("with outputs of no tokens are the rows' own blocks, one after the other", () => {
    const joined = createJoinedTurns(4);
    const stream = createStream();
    joined.addPrompt(stream, "", [1], 4);
    joined.addOutput(stream, "0.0", 0);
    expect(joined.addPrompt(stream, "", [2, 3], 8).map(joined.idOf)).toEqual([1, 2, 3]);
  });

  it("end on the same partial block as long as nothing is added, before an answer and after", () => {
    const joined = createJoinedTurns(4);
    const stream = createStream();
    expect(joined.addPrompt(stream, "", [1], 3)).toEqual([0]);
    joined.addOutput(stream, "0.0", 0);
    expect(joined.addPrompt(stream, "", [], 0)).toEqual([0]);
    joined.addOutput(stream, "0.1", 3);
    expect(joined.addPrompt(stream, "", [], 0)).toEqual([1, 2]);
    expect(joined.addPrompt(stream, "", [], 0)).toEqual([1, 2]);
    expect(joined.addPrompt(stream, "", [1], 1)).toEqual([1, 3]);
  });

  it("keep ids of different scopes apart", () => {
    const joined = createJoinedTurns(4);
    expect(joined.addPrompt(createStream(), "0", [1], 4)).toEqual([0]);
    expect(joined.addPrompt(createStream(), "1", [1], 4)).toEqual([1]);
  });

  it("agree with tokens written out one by one", () => {
    const joined = createJoinedTurns(3);
    const seen = new Map<string, number>();
    const agree = (tokens: readonly string[], blocks: readonly number[]): void => {
      expect(blocks).toHaveLength(Math.ceil(tokens.length / 3));
      for (const [at, block] of blocks.entries()) {
        const prefix = tokens.slice(0, (at + 1) * 3).join(" ");
        expect(block).toBe(seen.get(prefix) ?? block);
        seen.set(prefix, block);
      }
    };
    const converse = (session: number): void => {
      const stream = createStream();
      const tokens: string[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        const length = ((session % 5) * 3 + turn * 2) % 8;
        const ids = Array.from(
          { length: Math.ceil(length / 3) },
          (_, at) => (session % 5) * 10 + at,
        );
        tokens.push(...Array.from({ length }, (_, at) => `${ids[Math.floor(at / 3)]}.${at % 3}`));
        agree(tokens, joined.addPrompt(stream, "", ids, length));
        const output = (session + turn) % 4;
        tokens.push(...Array.from({ length: output }, (_, at) => `out ${session}.${turn}.${at}`));
        joined.addOutput(stream, `${session}.${turn}`, output);
      }
    };
    for (let session = 0; session < 40; session += 1) converse(session);
    expect(seen.size).toBeGreaterThan(200);
    expect(new Set(seen.values()).size).toBe(seen.size);
  });
});
