/** The histories that the directory's properties range over: events as a log has them, with ids that count up for each worker. */
import fc from "fast-check";
import type { DirectoryCall, DirectoryEvent, DirectoryShape } from "#rack";
import { type Given, histories, oneOfValues, sequences } from "#verify";

/** Wide enough that workers fall into three words of a row. */
export const SHAPE: DirectoryShape = { workers: 72, tiers: 2 };

/** The same, where a listing ends at the removal that matches its last store. */
export const COUNTED: DirectoryShape = { ...SHAPE, removal: "counted" };

/** Few names, so that they collide; the last two share the low 16 bits of block 1, and the last is the largest there is. */
export const BLOCKS = [0, 1, 2, 3, 65_537, 4_294_901_761] as const;
/** Two in the first word of a row, one in the second, one in the third. */
export const WORKERS = [0, 1, 33, 71] as const;

/**
 * An event before it has an id: `ahead` says how far the id lies above the worker's last: 1 is the next, 0 the same again, and 2^32
 * one that nobody who cuts ids to 32 bits can tell from it. */
type Step =
  | {
      readonly kind: "stored" | "removed";
      readonly worker: number;
      readonly tier: number;
      readonly block: number;
      readonly ahead: number;
    }
  | { readonly kind: "cleared"; readonly worker: number; readonly ahead: number }
  | { readonly kind: "drop"; readonly worker: number };

/** Gives the events their ids. A worker that was dropped begins again at 0. */
const numbered = (steps: readonly Step[]): readonly DirectoryEvent[] => {
  const last = new Map<number, number>();
  return steps.map((step) => {
    if (step.kind === "drop") {
      last.delete(step.worker);
      return step;
    }
    const { ahead, ...event } = step;
    const before = last.get(step.worker) ?? -1;
    const id = Math.max(0, before + ahead);
    last.set(step.worker, Math.max(before, id));
    return { ...event, id };
  });
};

const tier = fc.nat({ max: 1 });
const ahead = oneOfValues(1, 1, 1, 1, 1, 1, 0, -1, 3, 2 ** 32);
const id = fc.integer({ min: 0, max: 2 ** 39 });

/** Histories over some workers and blocks: drawn ones, and after them, which a case is recognised by, any events at all. */
const historyOver = (
  worker: fc.Arbitrary<number>,
  block: fc.Arbitrary<number>,
): Omit<Given<readonly DirectoryEvent[]>, "small"> => ({
  arbitrary: histories<Step>({
    operations: {
      stored: fc.record({ kind: fc.constant("stored" as const), worker, tier, block, ahead }),
      removed: fc.record({ kind: fc.constant("removed" as const), worker, tier, block, ahead }),
      cleared: fc.record({ kind: fc.constant("cleared" as const), worker, ahead }),
      drop: fc.record({ kind: fc.constant("drop" as const), worker }),
    },
    small: { alphabet: [], depth: 0 },
    maxLength: 50,
  }).arbitrary.map(numbered),
  plain: fc.array(
    fc.oneof(
      fc.record({
        kind: oneOfValues("stored" as const, "removed" as const),
        worker,
        tier,
        block,
        id,
      }),
      fc.record({ kind: fc.constant("cleared" as const), worker, id }),
      fc.record({ kind: fc.constant("drop" as const), worker }),
    ),
    { maxLength: 500, size: "max" },
  ),
});

const on = (worker: number, tier: number, block: number) => ({ worker, tier, block, ahead: 1 });

/** Two workers, two blocks, and each thing that can happen to a directory. */
const ALPHABET: readonly Step[] = [
  { kind: "stored", ...on(0, 0, 0) },
  { kind: "stored", ...on(0, 0, 1) },
  { kind: "stored", ...on(33, 0, 0) },
  { kind: "removed", ...on(0, 0, 0) },
  { kind: "removed", ...on(0, 0, 1) },
  { kind: "removed", ...on(33, 0, 0) },
  { kind: "cleared", worker: 0, ahead: 1 },
  { kind: "drop", worker: 0 },
  { kind: "stored", ...on(0, 0, 1), ahead: 0 },
];

/** Of every length up to this, all histories over the alphabet: 1 + 9 + 81 + 729 = 820. */
const DEPTH = 3;

/** The shortest history on which a published index counted a block too many: it held the first of the chain and said two. */
const PUBLISHED: readonly Step[] = [
  { kind: "stored", ...on(0, 0, 0) },
  { kind: "stored", ...on(0, 0, 1) },
  { kind: "stored", ...on(0, 0, 2) },
  { kind: "stored", ...on(0, 0, 3) },
  { kind: "removed", ...on(0, 0, 0) },
  { kind: "stored", ...on(0, 0, 0) },
  { kind: "stored", ...on(0, 0, 1) },
  { kind: "removed", ...on(0, 0, 2) },
  { kind: "removed", ...on(0, 0, 1) },
];

/** Histories of events: every small one and the published one, then drawn ones. */
export const directoryHistory: Given<readonly DirectoryEvent[]> = {
  ...historyOver(oneOfValues<number>(...WORKERS), oneOfValues<number>(...BLOCKS)),
  *small() {
    for (const history of sequences(ALPHABET, DEPTH)) yield numbered(history);
    yield numbered(PUBLISHED);
  },
};

/** What counts may go wrong about: one block in two tiers of one worker. */
const PILE: readonly Step[] = [
  { kind: "stored", ...on(0, 0, 0) },
  { kind: "removed", ...on(0, 0, 0) },
  { kind: "stored", ...on(0, 1, 0) },
  { kind: "cleared", worker: 0, ahead: 1 },
];

/** Histories in which one place is stored to again and again: every one of up to 5 of 4 events, which are 1,365, then drawn ones. */
export const pilingHistory: Given<readonly DirectoryEvent[]> = {
  ...historyOver(oneOfValues<number>(0, 33), oneOfValues<number>(0, 1)),
  *small() {
    for (const history of sequences(PILE, 5)) yield numbered(history);
  },
};

/** The prompts that runs are asked of: in order, backwards, from the middle, with a block twice, with one held nowhere, and empty. */
export const PROMPTS: readonly (readonly number[])[] = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [1, 65_537],
  [0, 0, 1],
  [0, 9, 1],
  [],
];

/**
 * The history with one question after each event, another each time: every question comes up in every sort of state, at a
 * twentieth of the price of asking them all.
 */
export const asking = (history: readonly DirectoryEvent[]): readonly DirectoryCall[] =>
  history.flatMap((event, index) => [
    event,
    EVERYTHING[index % EVERYTHING.length] ?? { kind: "contents" },
  ]);

/** Asks for everything that a directory knows, about the names that histories use. */
export const EVERYTHING: readonly DirectoryCall[] = [
  { kind: "contents" },
  { kind: "size" },
  { kind: "leadingRuns", blocks: [0, 1, 2, 3] },
  { kind: "longest", blocks: [1, 65_537] },
  { kind: "longestRun", blocks: [0, 1, 2, 3] },
  ...WORKERS.flatMap((worker): readonly DirectoryCall[] => [
    { kind: "heldBy", worker },
    { kind: "lastId", worker },
    { kind: "missed", worker },
  ]),
];
