import { describe, expect, it } from "vitest";
import { STATES } from "../engine/live.ts";
import { isAllowed } from "./lifecycle.ts";

const changes = (isSentAgain: boolean): readonly string[] =>
  STATES.map((from) => {
    const to = STATES.filter((state) => isAllowed(from, state, isSentAgain));
    return `${from} → ${to.join(", ") || "nothing"}`;
  });

describe("the changes of a request's state", () => {
  it("lead from arrival to end, back to the queue by preemption, and never out of the end", () => {
    expect(changes(false)).toMatchInlineSnapshot(`
      [
        "unrouted → waiting, ended",
        "waiting → fetching, prefilling, ended",
        "fetching → prefilling, ended",
        "prefilling → waiting, handover, decoding, ended",
        "handover → unrouted, moving, ended",
        "moving → handover, ready, ended",
        "ready → decoding, ended",
        "decoding → waiting, ended",
        "ended → nothing",
      ]
    `);
  });

  it("lead back to a queue, or to none, from wherever a request was when its worker went", () => {
    expect(changes(true)).toMatchInlineSnapshot(`
      [
        "unrouted → nothing",
        "waiting → unrouted, waiting, ended",
        "fetching → unrouted, waiting, ended",
        "prefilling → unrouted, waiting, ended",
        "handover → unrouted, waiting, ended",
        "moving → unrouted, waiting, ended",
        "ready → unrouted, waiting, ended",
        "decoding → unrouted, waiting, ended",
        "ended → nothing",
      ]
    `);
  });
});
