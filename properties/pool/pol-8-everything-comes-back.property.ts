import type { PoolCall, PoolReply } from "#rack";
import { firstDifference, property } from "#verify";
import { admit, type PoolCase, poolCases, REQUESTS, release } from "./arbitraries.ts";
import { PinsWhatItRefuses } from "./mutants-admitting.ts";
import { KeepsAbortedBlocks, LeaksOnRefusedGrowth, LeaksOutput } from "./mutants-holding.ts";
import { broken, fastPool } from "./subjects.ts";

/** All that an empty pool of some capacity says of itself. */
const emptied = (capacity: number): readonly unknown[] => [
  { kind: "counts", free: capacity, filling: 0, active: 0, cached: 0 },
  { kind: "contents", blocks: [] },
  { kind: "admitted", hits: 0, shared: 0, evicted: [] },
];

const coda = (capacity: number): readonly PoolCall[] => [
  ...REQUESTS.map(release),
  { kind: "counts" },
  { kind: "clear" },
  { kind: "counts" },
  { kind: "contents" },
  admit(0, [1], capacity - 1),
];

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-8",
  part: "pool",
  statement:
    "when every request has left, each block is free or cached; and after a clear the whole pool is free and can be taken at once",
  given: poolCases(),
  subject: fastPool,
  scripts: ({ capacity, history }) => [
    [{ kind: "create", capacity }, ...history, ...coda(capacity)],
  ],

  holds({ capacity, history }, [replies = []]) {
    const start = 1 + history.length + REQUESTS.length;
    const counts = replies[start];
    const free = counts?.kind === "counts" ? counts.free : -1;
    const cached = capacity - free;
    const expected = [{ kind: "counts", free, filling: 0, active: 0, cached }];
    const found =
      firstDifference(expected, replies.slice(start, start + 1)) ??
      firstDifference(emptied(capacity), replies.slice(start + 2));
    return found && { ...found, at: found.at + start, about: "the pool when all have left" };
  },

  witnesses: {
    "requests that are still there at the end, some of them with output": (
      { history },
      [replies = []],
    ) =>
      REQUESTS.some((_, index) => replies[1 + history.length + index]?.kind === "released") &&
      replies.some(({ kind }) => kind === "grown"),
    "something cached at the end": ({ history }, [replies = []]) => {
      const counts = replies[1 + history.length + REQUESTS.length];
      return counts?.kind === "counts" && counts.cached > 0;
    },
    "a request that leaves without having been filled": ({ history }) =>
      history.some(
        (call, index) => call.kind === "admit" && history[index + 1]?.kind === "release",
      ),
    "decode that is refused": ({ history }, [replies = []]) =>
      replies.some(
        (reply, at) =>
          history[at - 1]?.kind === "grow" && reply.kind === "refused" && reply.because === "full",
      ),
  },

  mutants: {
    "leaks a block when decode is refused": broken(LeaksOnRefusedGrowth),
    "never gets a request's output back": broken(LeaksOutput),
    "keeps an aborted request's blocks": broken(KeepsAbortedBlocks),
    "keeps holding the hits of what it refused": broken(PinsWhatItRefuses),
  },
});
