import type { PlaneCall, PlaneEvent, PlaneReply } from "#rack";
import { expectSame, property } from "#verify";
import {
  type Moment,
  momentsOf,
  PLACES,
  type PlaneCase,
  planeCases,
  watching,
} from "./histories.ts";
import { mutants } from "./mutants.ts";
import { answersOf, listedBy } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

const QUESTIONS: readonly PlaneCall[] = [{ kind: "listed" }];

/** What a place's listing becomes by one of its events, once it has arrived. */
const heard = (listed: Set<number>, event: PlaneEvent): void => {
  if (event.kind === "cleared" || event.kind === "reset" || event.kind === "resync") listed.clear();
  if (!("blocks" in event) || event.kind === "cleared") return;
  for (const block of event.blocks) {
    if (event.kind === "removed") listed.delete(block);
    else listed.add(block);
  }
};

/** What is listed of a place at the last of some moments: what it had announced so long ago, since it was last reset or read as a whole. */
const pastOf = (place: number, moments: readonly Moment[], delayNs: number): readonly number[] => {
  const nowNs = moments.at(-1)?.nowNs ?? 0;
  const mine = moments
    .map(({ event }) => event)
    .filter((event) => "place" in event && event.place === place);
  const from = mine.findLastIndex(({ kind }) => kind === "reset" || kind === "resync");
  const listed = new Set<number>();
  for (const event of mine.slice(Math.max(from, 0))) {
    if (!("at_ns" in event) || event.at_ns + delayNs <= nowNs) heard(listed, event);
  }
  return [...listed].toSorted((left, right) => left - right);
};

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-3",
  part: "plane",
  statement:
    "without faults the directory lists at every instant what the places had announced one delay before, and of a place that was reset nothing older",
  given: planeCases(),
  subject: fastPlane,
  scripts: watching(QUESTIONS),
  holds(given, [replies = []]) {
    const moments = momentsOf(given);
    for (const [index, { at, answers }] of answersOf(given, replies, 1).entries()) {
      const past = PLACES.map((place) => [
        ...pastOf(place, moments.slice(0, index + 1), given.delay_ns),
      ]);
      const listed = listedBy(answers[0], PLACES.length).map((blocks) => [...blocks]);
      const found = expectSame({ at }, past, listed, "the past, and what is listed");
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "something under way": (given, [replies = []]) =>
      answersOf(given, replies, 1).some(({ answers }, index) => {
        const held = momentsOf(given)[index]?.held ?? [];
        return JSON.stringify(listedBy(answers[0], PLACES.length)) !== JSON.stringify(held);
      }),
    "something that has just arrived": (given) =>
      given.delay_ns > 0 &&
      momentsOf(given).some(({ event, nowNs }) =>
        momentsOf(given).some(
          (later) => event.kind === "stored" && later.nowNs === nowNs + given.delay_ns,
        ),
      ),
    "no delay at all": ({ delay_ns, steps }) => delay_ns === 0 && steps.length > 3,
  },
  mutants: mutants(
    "lets the directory see a block before it was published",
    "delivers a nanosecond late",
    "delivers what a gone place had under way",
    "delivers what was under way after a snapshot, under new ids",
  ),
});
