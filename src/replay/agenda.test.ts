import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ascending, byEach } from "#base";
import { Agenda, INSTANT_ORDER, RANK } from "./agenda.ts";

const emptied = (agenda: Agenda): [number, number, number][] => {
  const order: [number, number, number][] = [];
  while (agenda.size > 0) {
    order.push([agenda.nextTime, agenda.nextRank, agenda.nextRequest]);
    agenda.drop();
  }
  return order;
};

describe("the agenda", () => {
  it("goes by time, then by what happens, then by request", () => {
    const agenda = new Agenda();
    agenda.add(5, RANK["request-arrived"], 1);
    agenda.add(5, RANK["step-finished"], 9);
    agenda.add(5, RANK["request-arrived"], 0);
    agenda.add(3, RANK["transfer-finished"], 7);
    expect(emptied(agenda)).toEqual([
      [3, RANK["transfer-finished"], 7],
      [5, RANK["step-finished"], 9],
      [5, RANK["request-arrived"], 0],
      [5, RANK["request-arrived"], 1],
    ]);
  });

  it("is never due when it is empty", () => {
    expect(new Agenda().nextTime).toBe(Number.POSITIVE_INFINITY);
    expect(() => new Agenda().drop()).toThrow("something is due");
  });

  it("ranks each kind by its place in the one order of events", () => {
    for (const [place, kind] of INSTANT_ORDER.entries()) expect(RANK[kind]).toBe(place);
  });

  it("gives back whatever was added, in order, however it was mixed (10,000 entries)", () => {
    const entry = fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 2 }), fc.nat());
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10_000, size: "max" }), (entries) => {
        const agenda = new Agenda();
        for (const [time, rank, request] of entries) agenda.add(time, rank, request);
        const inOrder = byEach<[number, number, number]>(
          ascending(([time]) => time),
          ascending(([, rank]) => rank),
          ascending(([, , request]) => request),
        );
        expect(emptied(agenda)).toEqual(entries.toSorted(inOrder));
      }),
      { seed: 1, numRuns: 20 },
    );
  });
});
