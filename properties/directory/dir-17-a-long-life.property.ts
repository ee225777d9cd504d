import fc from "fast-check";
import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  directorySubject,
} from "#rack";
import { differs, oneOfValues, property } from "#verify";
import { directoryHistory, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { listings } from "./replies.ts";

type Case = { readonly round: readonly DirectoryEvent[]; readonly events: number };

/**
 * The round told again and again until there are so many events, each time about the next blocks and with later ids, so that a table
 * grows, and blocks come, go and come back all over it.
 */
const life = ({ round, events }: Case): readonly DirectoryEvent[] =>
  Array.from({ length: round.length === 0 ? 0 : events }, (_, index) => {
    const event = round[index % round.length] as DirectoryEvent;
    if (event.kind === "drop") return event;
    const later = { ...event, id: index };
    const turn = Math.floor(index / round.length);
    return "block" in later ? { ...later, block: later.block + (turn % 200) } : later;
  });

const QUESTIONS: readonly DirectoryCall[] = [
  { kind: "contents" },
  { kind: "size" },
  ...WORKERS.map((worker) => ({ kind: "heldBy" as const, worker })),
];

/** What each worker holds, as `block/tier`. */
type Held = Map<number, Set<string>>;

const tell = (held: Held, event: DirectoryEvent): void => {
  const own = held.get(event.worker) ?? new Set();
  held.set(event.worker, own);
  if (!("block" in event)) own.clear();
  else if (event.kind === "stored") own.add(`${event.block}/${event.tier}`);
  else own.delete(`${event.block}/${event.tier}`);
};

/** Three stores and a clear, over and over: whatever came is gone again. */
function* small(): Generator<Case> {
  const stored = [0, 1, 2].map((block) => ({
    kind: "stored" as const,
    worker: 0,
    tier: 0,
    block,
    id: 0,
  }));
  yield { round: [...stored, { kind: "cleared", worker: 0, id: 0 }], events: 200 };
}

export default property({
  id: "DIR-17",
  part: "directory",
  statement:
    "after a life of up to 2,000 events over ever new blocks, a directory lists what each worker's last events say, and its counts are right",
  given: {
    arbitrary: fc.record({
      round: directoryHistory.arbitrary,
      events: oneOfValues(200, 100, 100, 100, 50, 50, 50, 50, 50, 50, 50, 50, 500, 2000),
    }),
    plain: fc.record({ round: directoryHistory.plain, events: fc.nat({ max: 2000 }) }),
    small,
  },
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (given) => [[...life(given), ...QUESTIONS]],
  holds(given, [replies = []]) {
    const held: Held = new Map();
    for (const event of life(given)) tell(held, event);
    const places = [...held].flatMap(([worker, own]) =>
      [...own].map((place) => `${worker}/${place}`),
    );
    const [contents, ...counts] = replies.slice(-QUESTIONS.length);
    const expected = [
      places.toSorted(),
      new Set(places.map((place) => place.split("/")[1])).size,
      ...WORKERS.map((worker) => held.get(worker)?.size ?? 0),
    ];
    const found = listings(contents).map(({ worker, block, tier }) => `${worker}/${block}/${tier}`);
    const difference = differs(expected, [found.toSorted(), ...counts]);
    return difference && { at: -1, ...difference };
  },
  witnesses: {
    "two thousand events": ({ round, events }) => round.length > 0 && events === 2000,
    "more than a hundred blocks at the end": (_, [replies = []]) =>
      Number(replies.at(1 - QUESTIONS.length)) > 100,
    "a directory that is nearly empty after more than a hundred stores": (
      { round, events },
      [replies = []],
    ) =>
      Number(replies.at(1 - QUESTIONS.length)) < 10 &&
      events > 100 &&
      round.filter(({ kind }) => kind === "stored").length * 2 > round.length,
  },
  mutants: mutants(
    "has room for a hundred blocks, and drops what does not fit",
    "loses a block each time that its table grows",
    "loses the block behind one that is removed",
    "leaks the entry when a removal cannot find what comes before it",
  ),
});
