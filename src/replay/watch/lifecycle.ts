import type { State } from "../engine/live.ts";

/** What becomes of a request in a state, in the ordinary course of things and when a worker that it needs is gone; and why. */
const CHANGES: Readonly<Record<State, Readonly<Partial<Record<State, string>>>>> = {
  unrouted: { waiting: "a worker serves it now", ended: "it leaves, or nobody ever will" },
  waiting: {
    fetching: "taken up, and a longer run is copied from elsewhere",
    prefilling: "taken up",
    ended: "it leaves, or is larger than the pool",
  },
  fetching: {
    prefilling: "its copy is there, or its source is gone and it is computed instead",
    ended: "it leaves",
  },
  prefilling: {
    decoding: "its first token is there",
    handover: "its first token is there, and another worker decodes",
    waiting: "preempted",
    ended: "that was all, or it leaves",
  },
  handover: {
    moving: "there is room where it is decoded",
    unrouted: "nobody is left to decode it",
    ended: "it leaves, or is larger than the pool",
  },
  moving: {
    ready: "its KV is there",
    handover: "the worker that it goes to is gone, and another is chosen",
    ended: "it leaves",
  },
  ready: { decoding: "the next step begins", ended: "it leaves" },
  decoding: { waiting: "preempted", ended: "it has all its tokens, or leaves" },
  ended: {},
};

/** Where a request that had a worker goes when that is gone: to another, to none, or away, because it was leaving. */
const AGAIN: readonly State[] = ["waiting", "unrouted", "ended"];

/** Whether a request may go from a state to another; `isSentAgain` when its worker is gone since its last change. */
export const isAllowed = (from: State, to: State, isSentAgain: boolean): boolean =>
  isSentAgain
    ? from !== "unrouted" && from !== "ended" && AGAIN.includes(to)
    : CHANGES[from][to] !== undefined;
