import type { PlaneCall, PlaneReply } from "#rack";
import { expectSame, finding, property } from "#verify";
import {
  FAR_NS,
  heldAtTheEnd,
  momentsOf,
  PLACES,
  type PlaneCase,
  planeCases,
  watching,
} from "./histories.ts";
import { mutants } from "./mutants.ts";
import { answersOf, comesBefore, listedBy } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

const LISTED: PlaneCall = { kind: "listed" };

/** Reads every place as a whole, looks, lets arrive what may still arrive, and looks again. */
const healing = (given: PlaneCase): readonly PlaneCall[] => [
  ...heldAtTheEnd(given).map(
    (blocks, place): PlaneCall => ({ kind: "resync", place, blocks: [...blocks] }),
  ),
  LISTED,
  { kind: "gaps" },
  { kind: "advance", at_ns: FAR_NS },
  LISTED,
];

/** Blocks that a place announced to have. */
const everStored = (given: PlaneCase, place: number): ReadonlySet<number> =>
  new Set(
    momentsOf(given).flatMap(({ event }) =>
      event.kind === "stored" && event.place === place ? event.blocks : [],
    ),
  );

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-5",
  part: "plane",
  statement:
    "a loss never invents a holder; and once each place has been read as a whole the directory lists exactly what they hold, has no gap, and keeps to it when everything that was sent before would have arrived",
  given: planeCases("drop", "delay"),
  subject: fastPlane,
  scripts: watching([LISTED], healing),
  holds(given, [replies = []]) {
    const ever = PLACES.map((place) => everStored(given, place));
    for (const { at, answers } of answersOf(given, replies, 1)) {
      for (const [place, blocks] of listedBy(answers[0], PLACES.length).entries()) {
        const invented = blocks.filter((block) => ever[place]?.has(block) !== true);
        if (invented.length > 0) return finding(at, [], invented, `blocks that ${place} never had`);
      }
    }
    const held = heldAtTheEnd(given).map((blocks) => [...blocks]);
    const [healed, gaps, , later] = replies.slice(-4);
    const listed = [healed, later].map((reply) =>
      listedBy(reply, PLACES.length).map((blocks) => [...blocks]),
    );
    const found = expectSame({ at: replies.length - 1 }, [held, held], listed, "held, and listed");
    return found ?? expectSame({ at: replies.length - 3 }, [], gaps ?? null, "gaps");
  },
  witnesses: {
    "a removal that was lost": (given) =>
      comesBefore(given, "drop", "removed") && comesBefore(given, "stored", "removed"),
    "something under way when its place is read as a whole": (given) =>
      given.delay_ns > 0 && momentsOf(given).at(-1)?.event.kind === "stored",
  },
  mutants: mutants(
    "delivers what was under way after a snapshot, under new ids",
    "adds a snapshot to what was listed",
  ),
});
