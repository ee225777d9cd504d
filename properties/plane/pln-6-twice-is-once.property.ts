import type { PlaneCall, PlaneReply } from "#rack";
import { firstDifference, property } from "#verify";
import { FAR_NS, PLACES, type PlaneCase, planeCases, watching } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { comesBefore } from "./reading.ts";
import { fastPlane } from "./subjects.ts";

const QUESTIONS: readonly PlaneCall[] = [
  { kind: "listed" },
  { kind: "gaps" },
  ...PLACES.flatMap((place): readonly PlaneCall[] => [
    { kind: "lag", place },
    { kind: "lagNet", place },
    { kind: "lastId", place },
  ]),
];

const scripts = watching(QUESTIONS, () => [{ kind: "advance", at_ns: FAR_NS }, ...QUESTIONS]);

export default property<PlaneCase, PlaneCall, PlaneReply>({
  id: "PLN-6",
  part: "plane",
  statement: "announcements that come twice change nothing: every answer is as if they came once",
  given: planeCases("duplicate"),
  subject: fastPlane,
  scripts: (given) => {
    const [script = []] = scripts(given);
    const once = script.map(
      (call): PlaneCall => (call.kind === "fault" ? { kind: "advance", at_ns: call.at_ns } : call),
    );
    return [script, once];
  },
  holds: (_, [twice = [], once = []]) => firstDifference(once, twice),
  witnesses: {
    "a removal that comes twice": (given) =>
      comesBefore(given, "duplicate", "removed") && comesBefore(given, "stored", "removed"),
    "a clear that comes twice": (given) => comesBefore(given, "duplicate", "cleared"),
  },
  mutants: mutants(
    "gives an event that comes twice a new id each time",
    "counts an event that comes twice as two under way",
  ),
});
