/** Which requests of a trace are sent, and when: one pass, and nothing kept but what a jitter may still put in another order. */
import { InputError, mixed, NANOS_MAX, type Nanos, nanos, randomStream } from "#base";
import type { TraceRequest } from "#trace";
import type { LoadOptions } from "../options/index.ts";
import { ArrivalsHeap } from "./arrivals-heap.ts";
import type { LoadedRequest } from "./loaded-request.ts";

type Loaded = Iterable<LoadedRequest>;

const START = nanos(0);

const instant = (ns: number, number: number): Nanos => {
  if (ns <= NANOS_MAX) return nanos(ns);
  const message = `a request must arrive within 104 days of the run's start, found row ${number} later: take a window, a larger speed-up or a higher rate`;
  throw new InputError([{ code: "REPLAY-4", message }]);
};

/** Gives each request its place. */
function* numbered(requests: Iterable<TraceRequest>): Loaded {
  let number = 0;
  for (const request of requests) {
    yield { number, request };
    number += 1;
  }
}

/** Only what arrives in the window, whose beginning is then the start. Rows stand in order of arrival, so the first one behind it ends the pass. */
function* within(loaded: Loaded, fromNs: number, toNs: number): Loaded {
  for (const { number, request } of loaded) {
    if (request.arrivalNs >= toNs) return;
    const arrivalNs = request.arrivalNs - fromNs;
    if (arrivalNs >= 0) yield { number, request: { ...request, arrivalNs: nanos(arrivalNs) } };
  }
}

/** The times of the trace divided, each rounded to the nearest nanosecond: an arrival never overtakes another. */
function* faster(loaded: Loaded, speedup: number): Loaded {
  for (const { number, request } of loaded) {
    const arrivalNs = instant(Math.round(request.arrivalNs / speedup), number);
    const { delayNs } = request;
    const shorter = delayNs < 0 ? delayNs : instant(Math.round(delayNs / speedup), number);
    yield { number, request: { ...request, arrivalNs, delayNs: shorter } };
  }
}

/**
 * How long each request is put off, uniform in 0 … `jitterNs`: a function of the seed and of who sends it, not of what came before. The turns of one
 * session are put off alike, so that none overtakes the one that it answers.
 */
const jitter = (jitterNs: number, seed: number): ((loaded: LoadedRequest) => number) => {
  const stream = randomStream(seed, "jitter");
  const [alone, together, low] = [stream.next(), stream.next(), stream.next()];
  return ({ number, request: { session } }) => {
    const high = session < 0 ? mixed(number ^ alone) : mixed(session ^ together);
    const unit = (high * 2 ** 21 + (mixed(high ^ low) >>> 11)) / 2 ** 53;
    return Math.floor(unit * (jitterNs + 1));
  };
};

/** Every request put off by its jitter, in order of arrival again. Nothing later can come before the arrival that the trace is at. */
function* putOff(loaded: Loaded, jitterNs: number, seed: number): Loaded {
  const waiting = new ArrivalsHeap();
  const jitterOf = jitter(jitterNs, seed);
  const ready = function* (untilNs: number): Loaded {
    for (let { first } = waiting; first !== undefined; { first } = waiting) {
      if (first.request.arrivalNs > untilNs) return;
      waiting.drop();
      yield first;
    }
  };
  for (const item of loaded) {
    const { number, request } = item;
    yield* ready(request.arrivalNs);
    const arrivalNs = instant(request.arrivalNs + jitterOf(item), number);
    waiting.add({ number, request: { ...request, arrivalNs } });
  }
  yield* ready(Number.POSITIVE_INFINITY);
}

/** The order of the trace, with exponential gaps: the first request arrives at once. */
function* atRandom(loaded: Loaded, ratePerS: number, seed: number): Loaded {
  const gaps = randomStream(seed, "arrivals");
  let atNs = 0;
  for (const { number, request } of loaded) {
    yield { number, request: { ...request, arrivalNs: instant(Math.round(atNs), number) } };
    atNs += (gaps.exponential() / ratePerS) * 1e9;
  }
}

/** Everything is there from the start: whoever drives takes the next when one has ended. */
function* atOnce(loaded: Loaded): Loaded {
  for (const { number, request } of loaded) {
    yield { number, request: { ...request, arrivalNs: START } };
  }
}

const timed = (loaded: Loaded, load: LoadOptions, seed: number): Loaded => {
  const sooner = load.speedup === 1 ? loaded : faster(loaded, load.speedup);
  return load.jitter_ns === 0 ? sooner : putOff(sooner, load.jitter_ns, seed);
};

/**
 * The requests that a load sends, in order of arrival and then of place in the trace; `requests` must be in order of arrival. Lazy: memory goes with the
 * requests that arrive within one jitter. In mode `concurrency` every request arrives at 0, and when it is sent is the engine's business. Throws
 * an `InputError` (REPLAY-4) when an arrival is past 2^53 ns.
 */
export const applyLoad = (
  requests: Iterable<TraceRequest>,
  load: LoadOptions,
  seed: number,
): Iterable<LoadedRequest> => {
  const { from_ns, to_ns } = load;
  const all = numbered(requests);
  const chosen =
    from_ns === null && to_ns === null
      ? all
      : within(all, from_ns ?? 0, to_ns ?? Number.POSITIVE_INFINITY);
  switch (load.mode) {
    case "trace":
      return timed(chosen, load, seed);
    case "poisson":
      return atRandom(chosen, load.rate_per_s as number, seed);
    case "concurrency":
      return atOnce(chosen);
  }
};
