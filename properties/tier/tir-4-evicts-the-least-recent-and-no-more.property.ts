import { SwitchTier, type TierBlock, type TierCall, type TierReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { bytesOf, evictedIn, fromTheFirstStep, type Step, someStep, watched } from "./reading.ts";

/** The fewest blocks, oldest use first, without which `bytes` more fit. */
const wanted = (blocks: readonly TierBlock[], bytes: number, capacity: number) => {
  for (let count = 0; count <= blocks.length; count += 1)
    if (bytesOf(blocks.slice(count)) + bytes <= capacity)
      return blocks.slice(0, count).map(({ block }) => block);
  return undefined;
};

const judge = (): ((step: Step) => Finding | undefined) => {
  /** When a block was last promoted or hit, by the events alone. */
  const uses = new Map<number, number>();
  const byUse = (blocks: readonly TierBlock[]): readonly TierBlock[] =>
    blocks.toSorted((left, right) => (uses.get(left.block) ?? 0) - (uses.get(right.block) ?? 0));
  return (step) => {
    const { at, event, reply, before, after, capacityBytes } = step;
    if (reply.kind === "hit") uses.set(event.block, at);
    if (event.kind !== "access") return undefined;
    const stay = (gone: readonly number[]) =>
      before.contents.filter(({ block }) => !gone.includes(block));
    if (reply.kind !== "promoted")
      return expectSame(step, before.contents, after.contents, "contents, though nothing came");
    const evicted = wanted(byUse(before.contents), event.bytes, capacityBytes);
    uses.set(event.block, at);
    const { block, bytes, tag } = event;
    return (
      expectSame(step, evicted, reply.evicted, "what went, in order") ??
      expectSame(
        step,
        byUse([...stay(reply.evicted), { block, bytes, tag }]),
        after.contents,
        "contents, least recent first",
      )
    );
  };
};

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-4",
  part: "tier",
  statement:
    "a promotion evicts the least recently promoted or read blocks until the new one fits, and no further; no other access evicts",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: watched,
  holds: fromTheFirstStep(judge),

  witnesses: {
    "two or more go for one": someStep((step) => evictedIn(step).length > 1),
    "some go and some stay": someStep(
      (step) => evictedIn(step).length > 0 && step.after.contents.length > 1,
    ),
    "a block that just fits": someStep(
      (step) =>
        step.reply.kind === "promoted" &&
        step.before.contents.length > 0 &&
        evictedIn(step).length === 0 &&
        step.after.usedBytes === step.capacityBytes,
    ),
    "a hit that changes the order": someStep(
      ({ reply, event, before }) =>
        reply.kind === "hit" && before.contents.at(-1)?.block !== event.block,
    ),
  },

  mutants: mutants(
    "evicts one block, whether that is enough or not",
    "takes every block to be as large as the newest",
    "evicts what would just fit",
    "evicts one block too many",
    "empties itself when it is short",
    "evicts the most recent",
    "first in, first out",
    "an access of what is there makes it recent",
  ),
});
