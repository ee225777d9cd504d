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
import { answersOf } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

type OwnEvent = Exclude<PlaneEvent, { kind: "fault" | "advance" }>;

const isOf = (event: PlaneEvent, place: number): event is OwnEvent =>
  event.kind !== "fault" && "place" in event && event.place === place;

/** Until when a place's events are lost, after some moments. */
const lostUntil = (place: number, moments: readonly Moment[]): number =>
  Math.max(
    0,
    ...moments.map(({ event }) =>
      event.kind === "fault" && (event.place ?? place) === place ? event.until_ns : 0,
    ),
  );

/** What became of one event: l for lost, h for heard, nothing while it is under way. */
const fateOf = (event: OwnEvent, isLost: boolean, heardUntilNs: number): string => {
  if ("at_ns" in event) return isLost ? "l" : event.at_ns <= heardUntilNs ? "h" : "";
  return event.kind === "resync" && event.blocks.length > 0 ? "h" : "";
};

/** What became of a place's events since it was last reset or read as a whole, in order. */
const fates = (place: number, moments: readonly Moment[], delayNs: number): string => {
  const heardUntilNs = (moments.at(-1)?.nowNs ?? 0) - delayNs;
  let told = "";
  for (const [index, { event, nowNs }] of moments.entries()) {
    if (!isOf(event, place)) continue;
    if (!("at_ns" in event)) told = "";
    told += fateOf(event, nowNs < lostUntil(place, moments.slice(0, index)), heardUntilNs);
  }
  return told;
};

const gapsAt = (moments: readonly Moment[], delayNs: number): number[] =>
  PLACES.filter((place) => /hl+h/.test(fates(place, moments, delayNs)));

/** A loss between two events that are heard, and how it heals. */
function* small(): Generator<PlaneCase> {
  const turn = { kind: "turn", place: 0, blocks: [0], wait_ns: 2 } as const;
  const loss = { kind: "drop", place: 0, wait_ns: 2, for_ns: 3 } as const;
  const rest = { kind: "wait", wait_ns: 5 } as const;
  for (const delay_ns of [0, 1, 3]) {
    for (const healing of ["reset", "resync"] as const) {
      const healed = { kind: healing, place: 0 } as const;
      yield { delay_ns, steps: [turn, loss, turn, turn, rest, healed, turn, rest] };
    }
  }
}

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-8",
  part: "plane",
  statement:
    "a place has a gap exactly when an event of it was lost between two that were heard, since it was last reset or read as a whole",
  given: { ...planeCases("drop"), small },
  subject: fastPlane,
  scripts: watching([{ kind: "gaps" }]),
  holds(given, [replies = []]) {
    const moments = momentsOf(given);
    for (const [index, { at, answers }] of answersOf(given, replies, 1).entries()) {
      const gaps = gapsAt(moments.slice(0, index + 1), given.delay_ns);
      const found = expectSame({ at }, gaps, answers[0] ?? null, "places with a gap");
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "a gap": (given, [replies = []]) =>
      answersOf(given, replies, 1).some(
        ({ answers }) => (answers[0] as readonly number[]).length > 0,
      ),
    "a loss that does not show yet": (given) =>
      PLACES.some((place) => /hl+$/.test(fates(place, momentsOf(given), given.delay_ns))),
    "a gap that was healed": (given, [replies = []]) => {
      const counts = answersOf(given, replies, 1).map(
        ({ answers }) => (answers[0] as readonly number[]).length,
      );
      return counts.some((count, index) => count < (counts[index - 1] ?? 0));
    },
  },
  mutants: mutants(
    "loses events without a gap",
    "takes every place that lost something for one with a gap",
    "numbers a snapshot from 0, and goes on where it was",
  ),
});
