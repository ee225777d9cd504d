import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { bytesOf, fromTheFirstStep, type Step, someStep, watched } from "./reading.ts";

const judge = (step: Step): Finding | undefined => {
  const { event, reply, before, after } = step;
  if (event.kind !== "forget") return undefined;
  const own = before.contents.filter(({ block }) => block === event.block);
  const others = <Named extends { readonly block: number }>(all: readonly Named[]) =>
    all.filter(({ block }) => block !== event.block);
  const isKnown = own.length > 0 || before.candidates.some(({ block }) => block === event.block);
  const expected = isKnown ? { kind: "forgotten", freedBytes: bytesOf(own) } : { kind: "nothing" };
  return (
    expectSame(step, expected, reply, "the reply") ??
    expectSame(step, others(before.contents), after.contents, "contents") ??
    expectSame(step, others(before.candidates), after.candidates, "candidates") ??
    expectSame(step, before.usedBytes - bytesOf(own), after.usedBytes, "used bytes")
  );
};

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-10",
  part: "tier",
  statement:
    "a forgotten block is gone with its readers and frees its bytes; no other block and no other reader is touched",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: watched,
  holds: fromTheFirstStep(() => judge),

  witnesses: {
    "a block of the switch, and others that stay": someStep(
      ({ reply, after }) =>
        reply.kind === "forgotten" && reply.freedBytes > 0 && after.contents.length > 0,
    ),
    "a block that had readers only": someStep(
      ({ reply }) => reply.kind === "forgotten" && reply.freedBytes === 0,
    ),
    "a block that is not known": someStep(({ reply }) => reply.kind === "nothing"),
  },

  mutants: mutants(
    "forgets a block and keeps its readers",
    "forgets the readers and keeps the block",
    "forgets the least recent instead",
    "forgets who else has read a block when another is promoted",
  ),
});
