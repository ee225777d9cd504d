import type { Json } from "#base";
import type { ExpressRequest } from "#rack";
import { differs, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { allLacks, gpusIn, isOn, lacks, sole } from "./reading.ts";
import { planning, reference, requestOf, smallMoves, someMove } from "./requests.ts";

/** What the answer must be, by counting bytes; nothing for a plan. */
const refusal = (request: ExpressRequest): Json => {
  const { bytes, sources, targets } = request;
  if (bytes === 0) return { kind: "refused", because: "no bytes" };
  if (targets.length === 0) return { kind: "refused", because: "no targets" };
  const lacking = allLacks(request);
  if (lacking.length === 0) return { kind: "refused", because: "nothing missing" };
  const isNowhere = (at: number): boolean =>
    gpusIn(sources).every((gpu) => !isOn(sources, gpu, at));
  const gone = lacking.find(({ at }) => isNowhere(at));
  if (gone === undefined) return null;
  const own = lacks(request, gone.gpu);
  let to = gone.at + 1;
  while (own.includes(to) && isNowhere(to)) to += 1;
  return { kind: "refused", because: "not covered", gap: { gpu: gone.gpu, from: gone.at, to } };
};

export default property({
  id: "EXP-9",
  part: "express",
  statement:
    "refused exactly when there are no bytes, no targets, nothing that is missing, or bytes that nobody has; the first of these by GPU are named to their end",
  given: values(someMove, smallMoves),
  subject: reference,
  scripts: (move) => [[planning(move)]],
  holds(move, replies) {
    const reply = sole(replies);
    const isPlan = "kind" in reply && reply.kind === "planned";
    const difference = differs(refusal(requestOf(move)), isPlan ? null : reply);
    return difference && { at: 0, ...difference };
  },
  witnesses: {
    "a plan": (_, replies) => "finishNs" in sole(replies),
    ...Object.fromEntries(
      (["no bytes", "no targets", "nothing missing", "not covered"] as const).map((because) => [
        `refused: ${because}`,
        (_: unknown, replies: Parameters<typeof sole>[0]) => {
          const reply = sole(replies);
          return "because" in reply && reply.because === because;
        },
      ]),
    ),
  },
  mutants: planners(
    "reports success for a plan of nothing",
    "has no plan for a target that has something already",
    "plans around a gap",
    "names the last byte that nobody has",
  ),
});
