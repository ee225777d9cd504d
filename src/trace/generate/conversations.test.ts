import { describe, expect, it } from "vitest";
import type { TraceRequest } from "../request.ts";
import { conversations } from "./conversations.ts";
import type { Knot } from "./quantiles.ts";
import type { ConversationShape, Opening } from "./shape.ts";

/** Always the same value. */
const always = (value: number): readonly Knot[] => [
  [0, value],
  [1, value],
];

const OPENING: Opening = {
  share: 1,
  sharedBlocks: 1,
  followed: [1],
  onlyTokens: always(25),
  firstTokens: always(25),
  outputTokens: always(4),
};

/**
 * Blocks of 10 tokens; a conversation every 100 s; its turns add 3 tokens, 7 s after the answer at
 * 1 s a token.
 */
const SHAPE: ConversationShape = {
  kind: "conversations",
  blockTokens: 10,
  arrivals: { kind: "gaps", gapNs: always(100e9), gridNs: 1e9 },
  openings: [OPENING],
  turnTokens: always(3),
  delayNs: always(7e9),
  answerNsPerToken: 1e9,
  takenBack: { share: 0, keptShare: always(0.5), length: always(1) },
  inputTokensMax: 40,
  namesSessions: true,
};

const first = (count: number, shape: Partial<ConversationShape> = {}): readonly TraceRequest[] => {
  const requests = conversations({ ...SHAPE, ...shape }, 1, "test");
  return Array.from({ length: count }, () => requests.next().value);
};

const picture = (requests: readonly TraceRequest[]): readonly string[] =>
  requests.map(
    ({ arrivalNs, session, turn, inputTokens, blocks }) =>
      `${arrivalNs / 1e9} s: session ${session}, turn ${turn}, ${inputTokens} tokens: ${blocks.join(" ")}`,
  );

describe("conversations", () => {
  it("go on with the whole prompt, its answer and something new, until the window is full", () => {
    expect(picture(first(5))).toMatchInlineSnapshot(`
      [
        "0 s: session 0, turn 0, 25 tokens: 0 1 2",
        "11 s: session 0, turn 1, 32 tokens: 0 1 3 4",
        "22 s: session 0, turn 2, 39 tokens: 0 1 3 5",
        "100 s: session 1, turn 0, 25 tokens: 0 6 7",
        "111 s: session 1, turn 1, 32 tokens: 0 6 8 9",
      ]
    `);
  });

  it("leave the last block behind when it was not full, and keep it when it was", () => {
    const opening = { ...OPENING, firstTokens: always(20) };
    const [before, after] = first(2, { openings: [opening] });
    expect([[...(before?.blocks ?? [])], [...(after?.blocks ?? [])]]).toEqual([
      [0, 1],
      [0, 1, 2],
    ]);
  });

  it("take back a part when they do, and never more than was there", () => {
    const takenBack = { share: 1, keptShare: always(0.5), length: always(1.2) };
    const [before, after] = first(2, { takenBack });
    expect([...(before?.blocks ?? [])]).toEqual([0, 1, 2]);
    expect(after?.inputTokens).toBe(30);
    // Half of the two full blocks is kept.
    expect([...(after?.blocks ?? [])]).toEqual([0, 3, 4]);
  });

  it("share a system prompt as far as they reach into it", () => {
    const openings = [{ ...OPENING, followed: [], sharedBlocks: 2, onlyTokens: always(15) }];
    const [one, two] = first(2, { openings });
    expect([[...(one?.blocks ?? [])], [...(two?.blocks ?? [])]]).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it("share all of it again behind one who did not reach so far", () => {
    const onlyTokens: readonly Knot[] = [
      [0, 15],
      [1, 25],
    ];
    const requests = first(40, {
      openings: [{ ...OPENING, followed: [], sharedBlocks: 2, onlyTokens }],
    });
    const isLong = requests.map(({ inputTokens }) => inputTokens >= 20);
    expect(new Set(isLong).size).toBe(2);
    const second = requests.filter((_, at) => isLong[at]).map(({ blocks }) => blocks[1]);
    expect(new Set(second).size).toBe(1);
  });

  it("do not mix the system prompts of different openings", () => {
    const openings = [
      { ...OPENING, share: 0.5, followed: [] },
      { ...OPENING, share: 0.5, followed: [] },
    ];
    const leading = first(40, { openings }).map(({ blocks }) => blocks[0]);
    expect(new Set(leading).size).toBe(2);
  });

  it("keep their names to themselves where the shape says so", () => {
    const [, turn] = first(2, { namesSessions: false });
    expect(turn).toMatchObject({ session: -1, turn: 0, delayNs: -1 });
  });

  it("stand on the grid, never before they are due", () => {
    const requests = first(4, { arrivals: { kind: "gaps", gapNs: always(100e9), gridNs: 3e9 } });
    expect(requests.map(({ arrivalNs }) => arrivalNs / 1e9)).toEqual([0, 12, 24, 99]);
  });
});
