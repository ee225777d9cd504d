import fc from "fast-check";
import type { ExpressCall, ExpressReply } from "#rack";
import { differs, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { gpusIn, sole } from "./reading.ts";
import {
  type Course,
  GPUS,
  linksFor,
  lossesOf,
  reference,
  requestOf,
  someCourse,
} from "./requests.ts";

/** A course, and which of its targets is asked about. */
type Case = { readonly course: Course; readonly place: number };

const gpuOf = ({ course, place }: Case): number => {
  const gpus = gpusIn(requestOf(course).targets);
  return gpus[place % gpus.length] ?? 0;
};

/** Later than any course is over. */
const INSTANTS = Array.from({ length: 60 }, (_, atNs) => atNs);

export default property<Case, ExpressCall, ExpressReply>({
  id: "EXP-15",
  part: "express",
  statement:
    "a target has its old model until the instant at which its last byte is there, and the new one from then on until it is lost; a stranded one keeps the old one",
  given: values(fc.record({ course: someCourse, place: fc.nat({ max: GPUS - 1 }) })),
  subject: reference,
  scripts: (given) => [
    [
      {
        kind: "swap",
        request: requestOf(given.course),
        links: linksFor(given.course),
        options: { losses: lossesOf(given.course), sharing: given.course.sharing },
        gpu: gpuOf(given),
        instantsNs: INSTANTS,
      },
    ],
  ],
  holds(given, replies) {
    const [reply, gpu] = [sole(replies), gpuOf(given)];
    if (!("kind" in reply) || reply.kind !== "swap") return undefined;
    const { events } = reply.execution;
    const own = events.filter((event) => "gpu" in event && event.gpu === gpu);
    const at = (kind: string): number =>
      own.find((event) => event.kind === kind)?.atNs ?? Number.POSITIVE_INFINITY;
    const isSent = events.some(
      (event) => event.kind === "planned" && event.transfers.some(({ dst }) => dst === gpu),
    );
    const expected = INSTANTS.map((instant) => {
      if (instant >= at("lost")) return "lost";
      if (instant >= at("whole")) return "new";
      return isSent && instant < at("stranded") ? "loading" : "old";
    });
    const difference = differs(expected, reply.states);
    return difference && { at: 0, ...difference };
  },
  witnesses: Object.fromEntries(
    (["new", "lost", "old"] as const).map((state) => [
      `a target that ends ${state}`,
      (_: Case, replies: Parameters<typeof sole>[0]) => {
        const reply = sole(replies);
        return "states" in reply && reply.states.at(-1) === state;
      },
    ]),
  ),
  mutants: executors(
    "changes the model when it begins to load",
    "changes the model with the first transfer that arrives",
    "changes all models with the first that is whole",
    "changes all models when all are there",
    "changes the model a nanosecond early",
    "drops the old model of who is stranded",
  ),
});
