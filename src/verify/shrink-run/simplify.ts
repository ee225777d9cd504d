/** Makes the requests that are left simpler: shorter, alone, at once, with small names. */
import { nanos } from "#base";
import type { TraceRequest } from "#trace";
import type { Attempts } from "./attempts.ts";

/** The smallest number from `low` on that bisection finds to be enough, when `value` is. */
const bisect = (value: number, low: number, isEnough: (candidate: number) => boolean): void => {
  if (value <= low || isEnough(low)) return;
  let [tooSmall, enough] = [low, value];
  while (enough - tooSmall > 1) {
    const middle = tooSmall + Math.floor((enough - tooSmall) / 2);
    if (isEnough(middle)) enough = middle;
    else tooSmall = middle;
  }
};

/** Tries a request with some of it changed. */
const change = (attempts: Attempts, place: number, changed: Partial<TraceRequest>): boolean => {
  const { requests } = attempts.input;
  return attempts.adoptRequests(
    requests.map((request, at) => (at === place ? { ...request, ...changed } : request)),
  );
};

/** Nothing that sets it apart. */
const PLAIN = { session: -1, turn: 0, delayNs: -1, priority: 0, extra: "" } as const;

const isPlain = (request: TraceRequest): boolean =>
  request.session < 0 && request.priority === 0 && request.extra === "";

/** A request that belongs to nobody and is not urgent. */
const makePlain = (attempts: Attempts, place: number): void => {
  const request = attempts.input.requests[place] as TraceRequest;
  if (!isPlain(request)) change(attempts, place, PLAIN);
};

/** A shorter answer. */
const shortenOutput = (attempts: Attempts, place: number): void => {
  const { outputTokens } = attempts.input.requests[place] as TraceRequest;
  bisect(outputTokens, 1, (tokens) => change(attempts, place, { outputTokens: tokens }));
};

/** A shorter prompt: its leading blocks, whose names stand for prefixes of it; or its leading tokens when they have no names. */
const shortenPrompt = (attempts: Attempts, place: number): void => {
  const { blockTokens } = attempts.input;
  const { blocks, inputTokens } = attempts.input.requests[place] as TraceRequest;
  if (blocks.length === 0 || blockTokens === null) {
    bisect(inputTokens, 1, (tokens) => change(attempts, place, { inputTokens: tokens }));
    return;
  }
  bisect(blocks.length, 1, (count) =>
    change(attempts, place, {
      blocks: blocks.slice(0, count),
      inputTokens: Math.min(inputTokens, count * blockTokens),
    }),
  );
};

/** Later requests come sooner: at once after the one before, or after a round time, the shortest that is enough. */
const closeGap = (attempts: Attempts, place: number): void => {
  const { requests } = attempts.input;
  const [before, at] = [requests[place - 1]?.arrivalNs ?? 0, requests[place]?.arrivalNs ?? 0];
  const gapNs = at - before;
  const sooner = (shorterNs: number): boolean =>
    attempts.adoptRequests(
      requests.map((request, other) =>
        other < place
          ? request
          : { ...request, arrivalNs: nanos(request.arrivalNs - gapNs + shorterNs) },
      ),
    );
  if (gapNs === 0 || sooner(0)) return;
  // Below a microsecond nothing happens in a rack.
  for (let shorterNs = 1_000; shorterNs < gapNs; shorterNs *= 10) if (sooner(shorterNs)) return;
};

/** Numbers given anew, from 0 on in order of first appearance. */
const numbering = (): ((old: number) => number) => {
  const numbers = new Map<number, number>();
  return (old) => {
    const known = numbers.get(old) ?? numbers.size;
    numbers.set(old, known);
    return known;
  };
};

/** Blocks, sessions and turns are numbered as in a trace that has nothing else. */
const renumber = (attempts: Attempts): void => {
  const [block, session] = [numbering(), numbering()];
  const turns = new Map<number, number>();
  const requests = attempts.input.requests.map((request): TraceRequest => {
    const blocks = request.blocks.map(block);
    if (request.session < 0) return { ...request, blocks };
    const turn = turns.get(request.session) ?? 0;
    turns.set(request.session, turn + 1);
    return { ...request, blocks, session: session(request.session), turn };
  });
  attempts.adoptRequests(requests);
};

/** Makes every request as simple as it can be while the run stays broken. Their number stays the same. */
export const simplify = (attempts: Attempts): void => {
  const count = attempts.input.requests.length;
  for (let place = 0; place < count; place += 1) {
    makePlain(attempts, place);
    shortenOutput(attempts, place);
    shortenPrompt(attempts, place);
    closeGap(attempts, place);
  }
  renumber(attempts);
};
