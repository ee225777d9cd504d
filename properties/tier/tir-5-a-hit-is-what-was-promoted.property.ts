import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { evictedIn, fromTheFirstStep, type Step, someStep, watched } from "./reading.ts";

/** What was promoted and has neither been evicted nor forgotten, by the replies alone. */
const judge = (): ((step: Step) => Finding | undefined) => {
  const kept = new Map<number, { readonly bytes: number; readonly tag: number }>();
  return (step) => {
    const { event, reply } = step;
    for (const block of evictedIn(step)) kept.delete(block);
    if (event.kind === "access" && reply.kind === "promoted")
      kept.set(event.block, { bytes: event.bytes, tag: event.tag });
    if (event.kind === "forget") kept.delete(event.block);
    if (event.kind !== "read") return undefined;
    const found = kept.get(event.block);
    const expected = found ? { kind: "hit", ...found } : { kind: "miss" };
    return (
      expectSame(step, expected, reply, "the reply") ??
      expectSame(
        step,
        step.before.contents.map(({ block }) => block).filter((block) => block !== event.block),
        step.after.contents.map(({ block }) => block).filter((block) => block !== event.block),
        "the other blocks",
      )
    );
  };
};

const isHit = ({ reply }: Step): boolean => reply.kind === "hit";

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-5",
  part: "tier",
  statement:
    "a read hits exactly what has been promoted and neither evicted nor forgotten, gives the bytes and the tag of the access that promoted it, and leaves the other blocks in order",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: watched,
  holds: fromTheFirstStep(judge),

  witnesses: {
    "a hit": someStep(isHit),
    "a hit of what has been hit before": (given, replies) => {
      const hits = new Set<number>();
      return someStep((step) => {
        if (!isHit(step)) return false;
        const isAgain = hits.has(step.event.block);
        hits.add(step.event.block);
        return isAgain;
      })(given, replies);
    },
    "an access of what is there, in another version": someStep(
      ({ event, reply, before }) =>
        event.kind === "access" &&
        reply.kind === "present" &&
        before.contents.some(({ block, tag }) => block === event.block && tag !== event.tag),
    ),
    "a miss of a block that has readers": someStep(
      ({ event, reply, before }) =>
        reply.kind === "miss" && before.candidates.some(({ block }) => block === event.block),
    ),
  },

  mutants: mutants(
    "keeps the version that was read last",
    "keeps the version that was read first",
    "gives another block's version",
    "gives back a page of 4 bytes",
    "gives what it evicted",
    "removes what it gives",
  ),
});
