import fc from "fast-check";
import { ascending } from "#base";
import type { PoolCall, PoolReply } from "#rack";
import { firstDifference, oneOfValues, property } from "#verify";
import { type PoolCase, renamedPoolCases } from "./arbitraries.ts";
import { CutsNames } from "./mutants-admitting.ts";
import { EvictsByName } from "./mutants-evicting.ts";
import { watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

/** A history, and other names for the blocks 0 … 8. */
type Case = PoolCase & { readonly names: readonly number[] };

/** Names that a table could take for each other: at both ends, and equal in their lower half. */
const name = fc.oneof(
  fc.nat({ max: 2 ** 32 - 1 }),
  oneOfValues(0, 1, 65_536, 65_537, 131_072, 131_073, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
);

const renamed = ({ capacity, history, names }: Case): PoolCase => ({
  capacity,
  history: history.map((call) =>
    "blocks" in call
      ? { ...call, blocks: call.blocks.map((block) => names[block] ?? block) }
      : call,
  ),
});

/** A reply in the old names. */
const inOldNames =
  (names: readonly number[]) =>
  (reply: PoolReply): PoolReply => {
    const old = (block: number): number => {
      const index = names.indexOf(block);
      return index < 0 ? block : index;
    };
    switch (reply.kind) {
      case "admitted":
      case "grown":
        return { ...reply, evicted: reply.evicted.map(old) };
      case "filled":
        return { ...reply, stored: reply.stored.map(old) };
      case "cleared":
        return { ...reply, removed: reply.removed.map(old) };
      case "announcements":
        return { ...reply, events: reply.events.map(([event, block]) => [event, old(block)]) };
      case "contents": {
        const blocks = reply.blocks.map(
          ([block, state, users]) => [old(block), state, users] as const,
        );
        return { ...reply, blocks: blocks.toSorted(ascending(([block]) => block)) };
      }
      default:
        return reply;
    }
  };

const evicts = (replies: readonly PoolReply[]): boolean =>
  replies.some((reply) => reply.kind === "admitted" && reply.evicted.length > 0);

export default property<Case, PoolCall, PoolReply>({
  id: "POL-14",
  part: "pool",
  statement:
    "names are only names: under any other names of 0 … 2^32 − 1, whatever their order, a pool answers the same in those",
  given: renamedPoolCases(fc.uniqueArray(name, { minLength: 9, maxLength: 9 })),
  subject: fastPool,
  scripts: (given) => [...watched(given), ...watched(renamed(given))],
  holds: ({ names }, [plain = [], other = []]) =>
    firstDifference(plain, other.map(inOldNames(names))),

  witnesses: {
    "a child whose name is less than its parent's, and evictions": ({ names }, [plain = []]) =>
      (names[2] ?? 0) < (names[1] ?? 0) && evicts(plain),
    "two names that are equal in their lower 16 bits": ({ names }) =>
      new Set(names.map((name) => name & 0xffff)).size < names.length,
  },

  mutants: {
    "cuts names to 16 bits": broken(CutsNames),
    "evicts by name": broken(EvictsByName),
  },
});
