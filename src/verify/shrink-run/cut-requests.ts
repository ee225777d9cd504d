/** Takes away requests for as long as the run is still broken without them. */
import { ascending } from "#base";
import type { TraceRequest } from "#trace";
import { cutEvents } from "../shrink.ts";
import type { Attempts } from "./attempts.ts";

/** Whoever arrives after the violation has nothing to do with it. */
const cutLater = (attempts: Attempts): void => {
  const { input, found } = attempts;
  const sooner = input.requests.filter(({ arrivalNs }) => arrivalNs <= found.at_ns);
  if (sooner.length < input.requests.length) attempts.adoptRequests(sooner);
};

/** Of who came before, the last one, two, four … are tried, until they are enough: together that costs no more than twice what they do. */
const cutEarlier = (attempts: Attempts): void => {
  const { requests } = attempts.input;
  for (let count = 1; count < requests.length; count *= 2) {
    if (attempts.adoptRequests(requests.slice(-count))) return;
  }
};

/** A request and its place. */
type Placed = { readonly place: number; readonly request: TraceRequest };

/** The requests of each session together, one that stands alone by itself; in order of the first of each. */
const bySession = (requests: readonly TraceRequest[]): readonly (readonly Placed[])[] => {
  const sessions = new Map<number, Placed[]>();
  for (const [place, request] of requests.entries()) {
    const key = request.session < 0 ? -1 - place : request.session;
    const known = sessions.get(key);
    if (known === undefined) sessions.set(key, [{ place, request }]);
    else known.push({ place, request });
  }
  return [...sessions.values()];
};

/** Whole conversations: their turns lie far apart, and a part of one is often worth nothing. */
const cutSessions = (attempts: Attempts): void => {
  const { requests } = attempts.input;
  const sessions = bySession(requests);
  if (sessions.length === requests.length) return;
  cutEvents(sessions, (kept) => {
    const placed = kept.flat().toSorted(ascending(({ place }) => place));
    return attempts.adoptRequests(placed.map(({ request }) => request));
  });
};

/** A stretch of time that is enough. */
export const cutWindow = (attempts: Attempts): void => {
  cutLater(attempts);
  cutEarlier(attempts);
  // In a shorter run the same may happen sooner.
  cutLater(attempts);
};

/** Sessions, stretches and single requests, until each that is left is needed. */
export const cutRequests = (attempts: Attempts): void => {
  cutSessions(attempts);
  cutEvents(attempts.input.requests, (kept) => attempts.adoptRequests(kept));
};

/** What goes wrong by itself and is not needed. */
export const cutFaults = (attempts: Attempts): void => {
  cutEvents(attempts.input.options.faults, (faults) => {
    const { input } = attempts;
    return attempts.adopt({ ...input, options: { ...input.options, faults } });
  });
};
