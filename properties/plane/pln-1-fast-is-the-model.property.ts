import type { PlaneCall, PlaneReply } from "#rack";
import { agreesWith, property } from "#verify";
import { FAR_NS, momentsOf, PLACES, type PlaneCase, planeCases, watching } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { comesBefore } from "./reading.ts";
import { fastPlane, plainPlane } from "./subjects.ts";

const EVERYTHING: readonly PlaneCall[] = [
  { kind: "listed" },
  { kind: "next" },
  { kind: "gaps" },
  ...PLACES.flatMap((place): readonly PlaneCall[] => [
    { kind: "lag", place },
    { kind: "lost", place },
    { kind: "lagNet", place },
    { kind: "lastId", place },
  ]),
];

/** After each event one question, another each time, and all of them before and after everything has arrived. */
const scripts = (given: PlaneCase): readonly (readonly PlaneCall[])[] => {
  const [script = []] = watching([], () => [
    ...EVERYTHING,
    { kind: "advance", at_ns: FAR_NS },
    ...EVERYTHING,
  ])(given);
  const last = momentsOf(given).length;
  return [
    script.flatMap((call, index) =>
      index === 0 || index > last
        ? [call]
        : [call, EVERYTHING[index % EVERYTHING.length] as PlaneCall],
    ),
  ];
};

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-1",
  part: "plane",
  statement: "a plane answers every history as the model does, and so does the directory it tells",
  given: planeCases("drop", "delay", "duplicate"),
  subject: fastPlane,
  scripts,
  holds: agreesWith(plainPlane, scripts),
  witnesses: {
    "something under way when its place is reset": (given) => comesBefore(given, "stored", "reset"),
    "a clear behind a delay": (given) => comesBefore(given, "delay", "cleared"),
    "a snapshot after a loss": (given) => comesBefore(given, "drop", "resync"),
  },
  mutants: mutants(
    "delivers a nanosecond late",
    "lets a later event overtake a delayed one",
    "counts what is under way by its number, not by what it changes",
    "forgets a fault that another follows",
  ),
});
