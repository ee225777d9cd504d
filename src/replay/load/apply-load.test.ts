import { describe, expect, it } from "vitest";
import { InputError, nanos } from "#base";
import { generateTrace, type TraceRequest } from "#trace";
import { REPLAY_DEFAULTS } from "../options/index.ts";
import { applyLoad } from "./apply-load.ts";

const LOAD = REPLAY_DEFAULTS.load;
const S = 1e9;

const request = (given: Partial<TraceRequest> = {}): TraceRequest => ({
  arrivalNs: nanos(0),
  inputTokens: 100,
  outputTokens: 1,
  blocks: new Uint32Array(0),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
  ...given,
});

const at = (...arrivals: readonly number[]) =>
  arrivals.map((arrivalNs) => request({ arrivalNs: nanos(arrivalNs) }));

const sent = (requests: Iterable<TraceRequest>, load: Partial<typeof LOAD>, seed = 1) =>
  [...applyLoad(requests, { ...LOAD, ...load }, seed)].map(
    ({ number, request: { arrivalNs } }) => [number, arrivalNs] as const,
  );

const recorded = [...generateTrace({ shape: "mooncake-conversation", requests: 500, seed: 3 })];

describe("a trace as it is", () => {
  it("keeps its requests, with their places", () => {
    const loaded = [...applyLoad(recorded, LOAD, 1)];
    expect(loaded.map(({ request }) => request)).toEqual(recorded);
    expect(loaded.map(({ number }) => number)).toEqual(recorded.map((_, place) => place));
  });

  it("may be empty, in every mode", () => {
    expect(sent([], {})).toEqual([]);
    expect(sent([], { jitter_ns: S, speedup: 2, from_ns: 3 })).toEqual([]);
    expect(sent([], { mode: "poisson", rate_per_s: 1 })).toEqual([]);
    expect(sent([], { mode: "concurrency", concurrency: 1 })).toEqual([]);
  });
});

describe("a window", () => {
  it("has exactly the rows inside, from its start on, under their numbers in the trace", () => {
    expect(sent(at(0, 5, 5, 9, 10), { from_ns: 5, to_ns: 10 })).toEqual([
      [1, 0],
      [2, 0],
      [3, 4],
    ]);
    expect(sent(at(0, 5), { from_ns: 6 })).toEqual([]);
  });

  it("reads no further than its end", () => {
    const endless = function* (): Generator<TraceRequest> {
      for (let second = 0; ; second += 1) yield request({ arrivalNs: nanos(second * S) });
    };
    expect(sent(endless(), { to_ns: 3 * S })).toHaveLength(3);
  });
});

describe("a speed-up", () => {
  it("of 2 halves every arrival and every delay within a session", () => {
    const turn = request({ arrivalNs: nanos(7), session: 0, delayNs: 100 });
    const [loaded] = applyLoad([turn], { ...LOAD, speedup: 2 }, 1);
    expect(loaded?.request).toMatchObject({ arrivalNs: 4, delayNs: 50 });
    const halves = recorded.map(({ arrivalNs }, place) => [place, Math.round(arrivalNs / 2)]);
    expect(sent(recorded, { speedup: 2 })).toEqual(halves);
  });

  it("leaves a request without a delay without one", () => {
    const [loaded] = applyLoad([request()], { ...LOAD, speedup: 3 }, 1);
    expect(loaded?.request.delayNs).toBe(-1);
  });

  it("counts from the start of the window", () => {
    expect(sent(at(10, 20), { from_ns: 10, speedup: 10 })).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("that is a slow-down cannot go past the time in which nanoseconds are exact", () => {
    expect(() => sent(at(0, 2 ** 50), { speedup: 0.001 })).toThrow(InputError);
    expect(() => sent(at(0, 2 ** 50), { speedup: 0.001 })).toThrow("found row 1 later");
  });
});

describe("a jitter", () => {
  it("puts every request off by 0 to so much, and keeps the order of arrival", () => {
    const jittered = sent(recorded, { jitter_ns: 3 * S });
    expect(jittered).toHaveLength(recorded.length);
    expect(new Set(jittered.map(([number]) => number)).size).toBe(recorded.length);
    const delays = jittered.map(([number, ns]) => ns - (recorded[number]?.arrivalNs ?? 0));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(3 * S);
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(Math.abs(mean - 1.5 * S)).toBeLessThan(0.15 * S);
    const order = jittered.toSorted(([a, early], [b, late]) => early - late || a - b);
    expect(jittered).toEqual(order);
    expect(jittered.map(([number]) => number)).not.toEqual(recorded.map((_, place) => place));
  });

  it("is the same for the same seed, and another for another", () => {
    const jittered = sent(recorded, { jitter_ns: S }, 5);
    expect(sent(recorded, { jitter_ns: S }, 5)).toEqual(jittered);
    expect(sent(recorded, { jitter_ns: S }, 6)).not.toEqual(jittered);
  });

  it("is a request's own: a window changes nothing about it", () => {
    const all = new Map(sent(recorded, { jitter_ns: S }));
    for (const [number, ns] of sent(recorded, { jitter_ns: S, from_ns: 9 * S })) {
      expect(ns + 9 * S).toBe(all.get(number));
    }
  });

  it("puts the turns of a session off alike: none overtakes the one that it answers", () => {
    const turns = Array.from({ length: 50 }, (_, turn) =>
      request({ arrivalNs: nanos(turn), session: 4, turn }),
    );
    const jittered = sent(turns, { jitter_ns: S });
    expect(jittered.map(([number]) => number)).toEqual(turns.map((_, turn) => turn));
    expect(new Set(jittered.map(([number, ns]) => ns - number)).size).toBe(1);
  });

  it("keeps requests at one instant by their places, and takes both ends of its span", () => {
    const twos = at(...Array.from({ length: 64 }, () => 0));
    const jittered = sent(twos, { jitter_ns: 1 });
    expect(new Set(jittered.map(([, ns]) => ns))).toEqual(new Set([0, 1]));
    const zeros = jittered.filter(([, ns]) => ns === 0).map(([number]) => number);
    expect(zeros).toEqual(zeros.toSorted((left, right) => left - right));
  });

  it("keeps only what may still be overtaken: a hundred thousand pass through a small heap", () => {
    let [given, taken, most] = [0, 0, 0];
    const steady = function* (): Generator<TraceRequest> {
      for (; given < 100_000; given += 1) yield request({ arrivalNs: nanos(given * 100) });
    };
    for (const _ of applyLoad(steady(), { ...LOAD, jitter_ns: 1000 }, 1)) {
      taken += 1;
      most = Math.max(most, given - taken);
    }
    expect(taken).toBe(100_000);
    expect(most).toBeLessThanOrEqual(12);
  });
});

describe("a Poisson load", () => {
  it("sends in the order of the trace, at the rate, whatever the trace's times", () => {
    const poisson = sent(recorded, { mode: "poisson", rate_per_s: 10 });
    expect(poisson.map(([number]) => number)).toEqual(recorded.map((_, place) => place));
    expect(poisson[0]).toEqual([0, 0]);
    const span = (poisson.at(-1)?.[1] ?? 0) / S;
    expect(Math.abs(span - 49.9)).toBeLessThan(8);
    const gaps = poisson.slice(1).map(([, ns], place) => ns - (poisson[place]?.[1] ?? 0));
    const long = gaps.filter((gap) => gap > 0.1 * S).length / gaps.length;
    expect(Math.abs(long - Math.exp(-1))).toBeLessThan(0.06);
  });

  it("is drawn by the seed", () => {
    const load = { mode: "poisson", rate_per_s: 10 } as const;
    expect(sent(recorded, load, 1)).toEqual(sent(recorded, load, 1));
    expect(sent(recorded, load, 1)).not.toEqual(sent(recorded, load, 2));
  });
});

describe("a fixed concurrency", () => {
  it("has everything there from the start, in the order of the trace", () => {
    expect(sent(at(0, 5, 9), { mode: "concurrency", concurrency: 2, from_ns: 4 })).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });
});
