import { describe, expect, it } from "vitest";
import { findProfile } from "#spec";
import type { MoveRequest, Plan } from "./contract.ts";
import { execute } from "./execute.ts";
import { linksOf } from "./links.ts";
import { planTransfers } from "./plan.ts";
import { swapState } from "./swap.ts";

const DOCUMENT = linksOf(findProfile("document"));
const replica = (gpu: number, bytes: number) => ({ gpu, from: 0, to: bytes });

/** The plan, which there must be. */
const planned = (request: MoveRequest): Plan => {
  const plan = planTransfers(request, DOCUMENT);
  expect(plan.kind).toBe("planned");
  return plan as Plan;
};

describe("an execution", () => {
  const request = {
    bytes: 3600,
    sources: [replica(0, 3600), replica(8, 3600)],
    targets: [replica(1, 3600)],
  };

  it("keeps what has arrived when a source is lost, and gets the rest from another", () => {
    const plan = planned(request);
    expect(plan.transfers.map(({ src }) => src)).toEqual([0]);
    // One nanosecond after the first byte, 1,800 bytes are there; the rest takes 1.5 ns from another domain.
    const { events, outcomes } = execute(plan, request, DOCUMENT, {
      losses: [{ gpu: 0, atNs: 501 }],
    });
    expect(events).toEqual([
      { atNs: 0, kind: "planned", transfers: plan.transfers },
      { atNs: 0, kind: "started", transfer: 0 },
      { atNs: 501, kind: "lost", gpu: 0 },
      { atNs: 501, kind: "cut", transfer: 0, arrivedTo: 1800 },
      {
        atNs: 501,
        kind: "planned",
        transfers: [{ id: 1, round: 0, src: 8, dst: 1, from: 1800, to: 3600 }],
      },
      { atNs: 501, kind: "started", transfer: 1 },
      { atNs: 501 + 1500 + 2, kind: "arrived", transfer: 1 },
      { atNs: 2003, kind: "whole", gpu: 1 },
    ]);
    expect(outcomes).toEqual([{ gpu: 1, state: "new", usableAtNs: 2003 }]);
  });

  it("keeps the old model for good when nobody else has the rest", () => {
    const alone = { ...request, sources: [replica(0, 3600)] };
    const execution = execute(planned(alone), alone, DOCUMENT, { losses: [{ gpu: 0, atNs: 501 }] });
    expect(execution.outcomes).toEqual([{ gpu: 1, state: "old", gap: { from: 1800, to: 3600 } }]);
    expect([0, 500, 501, 9999].map((atNs) => swapState(execution, 1, atNs))).toEqual([
      "loading",
      "loading",
      "old",
      "old",
    ]);
  });

  it("does not notice a loss of somebody for whom nobody waits, or after the end", () => {
    const plan = planned(request);
    const undisturbed = execute(plan, request, DOCUMENT);
    expect(execute(plan, request, DOCUMENT, { losses: [{ gpu: 0, atNs: 502 }] })).toEqual(
      undisturbed,
    );
    expect(execute(plan, request, DOCUMENT, { losses: [{ gpu: 8, atNs: 10 }] }).outcomes).toEqual(
      undisturbed.outcomes,
    );
  });

  it("serves the others when a target is lost", () => {
    const two = {
      ...request,
      sources: [replica(0, 3600)],
      targets: [replica(1, 3600), replica(2, 3600)],
    };
    const { outcomes } = execute(planned(two), two, DOCUMENT, { losses: [{ gpu: 1, atNs: 0 }] });
    expect(outcomes).toEqual([
      { gpu: 1, state: "lost", atNs: 0 },
      { gpu: 2, state: "new", usableAtNs: 1000 + 3 },
    ]);
  });

  it("takes up no plan that is for something else", () => {
    const other = { ...request, targets: [replica(2, 3600)] };
    expect(() => execute(planned(request), other, DOCUMENT)).toThrow("exactly once");
  });

  it("changes its model when the last byte has arrived and not before", () => {
    const execution = execute(planned(request), request, DOCUMENT);
    expect([0, 501, 502].map((atNs) => swapState(execution, 1, atNs))).toEqual([
      "loading",
      "loading",
      "new",
    ]);
    expect(swapState(execution, 5, 502)).toBe("old");
  });
});
