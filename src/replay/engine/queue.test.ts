import { describe, expect, it } from "vitest";
import { enqueue, firstInQueue, leaveQueue, quitQueue } from "./queue.ts";
import { oneWorker } from "./testing/one-worker.ts";
import { liveOf } from "./testing/small-run.ts";
import type { EngineWorker } from "./worker.ts";

const waiting = ({ queue, head }: EngineWorker): readonly number[] =>
  queue.slice(head).map(({ number }) => number);

describe("a queue", () => {
  it("goes by urgency, then by arrival, then by number, whoever comes when", () => {
    const worker = oneWorker();
    const comers = [
      liveOf({ number: 4, at: 2 }),
      liveOf({ number: 9, at: 1 }),
      liveOf({ number: 8, at: 1 }),
      liveOf({ number: 7, at: 3, priority: 1 }),
    ];
    expect(comers.map((live) => enqueue(worker, live))).toEqual([true, true, true, true]);
    expect(enqueue(worker, liveOf({ number: 5, at: 9 }))).toBe(false);
    expect(waiting(worker)).toEqual([7, 8, 9, 4, 5]);
  });

  it("puts who comes again, from a preemption, where its arrival says", () => {
    const worker = oneWorker();
    for (const number of [1, 2, 3]) enqueue(worker, liveOf({ number, at: number }));
    expect(firstInQueue(worker)?.number).toBe(1);
    leaveQueue(worker);
    expect(enqueue(worker, liveOf({ number: 1, at: 1 }))).toBe(true);
    expect(waiting(worker)).toEqual([1, 2, 3]);
  });

  it("says whether who leaves was the first, and takes no notice of who is not there", () => {
    const worker = oneWorker();
    const [one, two, three] = [1, 2, 3].map((number) => liveOf({ number, at: number }));
    if (!one || !two || !three) throw new Error("there are three");
    for (const live of [one, two, three]) enqueue(worker, live);
    expect(quitQueue(worker, two)).toBe(false);
    expect(quitQueue(worker, one)).toBe(true);
    expect(quitQueue(worker, one)).toBe(false);
    expect([waiting(worker), worker.waiting]).toEqual([[3], 1]);
    leaveQueue(worker);
    expect([firstInQueue(worker), worker.waiting]).toEqual([undefined, 0]);
  });

  it("keeps its order through 5,000 who come and go, and gives the places of those who left back", () => {
    const worker = oneWorker();
    const left: number[] = [];
    for (let number = 0; number < 5000; number += 1) {
      enqueue(worker, liveOf({ number, at: number }));
      if (number % 5 === 0) continue;
      left.push(firstInQueue(worker)?.number ?? -1);
      leaveQueue(worker);
    }
    expect(left).toEqual(Array.from({ length: 4000 }, (_, number) => number));
    expect([worker.waiting, worker.queue.length < 2100]).toEqual([1000, true]);
  });
});
