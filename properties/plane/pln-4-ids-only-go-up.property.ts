import type { PlaneCall, PlaneReply } from "#rack";
import { finding, property } from "#verify";
import { FAR_NS, PLACES, type PlaneCase, planeCases, watching } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { answersOf, comesBefore } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

const LAST_IDS: readonly PlaneCall[] = PLACES.map((place) => ({ kind: "lastId", place }));

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-4",
  part: "plane",
  statement:
    "a place's ids only go up, through losses, delays and repetitions, and when it is read as a whole or comes back after a reset as well",
  given: planeCases("drop", "duplicate"),
  subject: fastPlane,
  scripts: watching(LAST_IDS, () => [{ kind: "advance", at_ns: FAR_NS }, ...LAST_IDS]),
  holds(given, [replies = []]) {
    const highest = PLACES.map(() => -1);
    const isFresh = PLACES.map(() => true);
    const coda = { at: replies.length - PLACES.length, answers: replies.slice(-PLACES.length) };
    for (const { at, answers } of [...answersOf(given, replies, PLACES.length), coda]) {
      for (const place of PLACES) {
        const id = Number(answers[place]);
        const before = highest[place] as number;
        const least = isFresh[place] === true ? before + 1 : before;
        if (id >= 0 && id < least)
          return finding(at + place, `${least} or more`, id, "the last id");
        isFresh[place] = id < 0;
        highest[place] = Math.max(before, id);
      }
    }
    return undefined;
  },
  witnesses: {
    "a place that was heard, is read as a whole, and is heard again": (given) =>
      comesBefore(given, "stored", "resync") && comesBefore(given, "resync", "stored"),
    "a place that was heard, is gone, and is heard again": (given) =>
      comesBefore(given, "stored", "reset") && comesBefore(given, "reset", "stored"),
    "an event that was lost": (given) => comesBefore(given, "drop", "stored"),
  },
  mutants: mutants(
    "numbers a snapshot from 0",
    "numbers a place that comes back from 0, and keeps its watermark",
  ),
});
