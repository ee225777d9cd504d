import type { PlaneCall, PlaneReply } from "#rack";
import { expectSame, property } from "#verify";
import { FAR_NS, heldAtTheEnd, PLACES, type PlaneCase, planeCases, watching } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { comesBefore, listedBy } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-2",
  part: "plane",
  statement:
    "when everything has arrived and nothing was lost, the directory lists exactly what the places hold, however late and however often they were heard",
  given: planeCases("delay", "duplicate"),
  subject: fastPlane,
  scripts: watching([], () => [{ kind: "advance", at_ns: FAR_NS }, { kind: "listed" }]),
  holds: (given, [replies = []]) =>
    expectSame(
      { at: replies.length - 1 },
      heldAtTheEnd(given).map((blocks) => [...blocks]),
      listedBy(replies.at(-1), PLACES.length).map((blocks) => [...blocks]),
      "what each place holds, and what is listed of it",
    ),
  witnesses: {
    "a removal behind a delayed store": (given) =>
      comesBefore(given, "delay", "stored") && comesBefore(given, "stored", "removed"),
    "a place that is cleared and stores again": (given) => comesBefore(given, "cleared", "stored"),
    "a place that is gone and comes back": (given) => comesBefore(given, "reset", "stored"),
  },
  mutants: mutants(
    "lets a later event overtake a delayed one",
    "hears what came before a clear after it",
    "delivers what a gone place had under way",
    "numbers a place that comes back from 0, and keeps its watermark",
    "gives an event that comes twice a new id each time",
  ),
});
