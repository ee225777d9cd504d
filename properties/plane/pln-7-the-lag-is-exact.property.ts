import type { PlaneCall, PlaneReply } from "#rack";
import { expectSame, property } from "#verify";
import { momentsOf, PLACES, type PlaneCase, planeCases, watching } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { answersOf, comesBefore, listedBy } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

const QUESTIONS: readonly PlaneCall[] = [
  { kind: "listed" },
  ...PLACES.map((place): PlaneCall => ({ kind: "lagNet", place })),
];

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-7",
  part: "plane",
  statement:
    "at every step each place holds as many blocks as the directory lists of it and the plane declares to be missing, whatever is late or was lost",
  given: planeCases("drop", "delay"),
  subject: fastPlane,
  scripts: watching(QUESTIONS),
  holds(given, [replies = []]) {
    for (const [index, { at, answers }] of answersOf(given, replies, QUESTIONS.length).entries()) {
      const held = momentsOf(given)[index]?.held.map((blocks) => blocks.length) ?? [];
      const [listed, ...nets] = answers;
      const told = listedBy(listed, PLACES.length).map(
        (blocks, place) => blocks.length + Number(nets[place]),
      );
      const found = expectSame({ at }, held, told, "blocks held, and listed or declared missing");
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "a store that was lost and is removed": (given) =>
      comesBefore(given, "drop", "stored") && comesBefore(given, "stored", "removed"),
    "a clear that was lost": (given) => comesBefore(given, "drop", "cleared"),
    "listings that the directory has too many": (given, [replies = []]) =>
      answersOf(given, replies, QUESTIONS.length).some(({ answers }) =>
        answers.slice(1).some((net) => Number(net) < 0),
      ),
  },
  mutants: mutants(
    "takes what was lost for heard",
    "counts what is under way by its number, not by what it changes",
  ),
});
