import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { DOMAIN, type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { fromTheFirstStep, type Step, someStep, watched } from "./reading.ts";

const isOwn = (gpu: number): boolean => DOMAIN.some((own) => own === gpu);

/** Notes readers from the events alone; what is in the switch is seen. */
const judge = (): ((step: Step) => Finding | undefined) => {
  const readers = new Map<number, Set<number>>();
  return (step) => {
    const { event, reply, before, capacityBytes } = step;
    if (event.kind === "forget") readers.delete(event.block);
    if (event.kind !== "access") return undefined;
    const { gpu, block, bytes } = event;
    const isThere = before.contents.some((one) => one.block === block);
    if (!isOwn(gpu) || isThere || bytes > capacityBytes)
      return reply.kind === "promoted" || reply.kind === "counted"
        ? expectSame(step, "not counted", reply, "an access that does not count")
        : undefined;
    const gpus = (readers.get(block) ?? new Set()).add(gpu);
    readers.set(block, gpus);
    if (gpus.size < 3)
      return expectSame(step, { kind: "counted", gpus: gpus.size }, reply, "the reply");
    readers.delete(block);
    return expectSame(step, "promoted", reply.kind, "the third different GPU");
  };
};

const isPromoted = ({ reply }: Step): boolean => reply.kind === "promoted";

/** Whether a block that was seen to go is promoted again. */
const comesBack = (given: TierCase, [replies = []]: readonly (readonly TierReply[])[]): boolean => {
  const gone = new Set<number>();
  return given.history.some((event, index) => {
    const reply = replies[4 * (index + 1)];
    if (typeof reply !== "object" || !("kind" in reply) || reply.kind !== "promoted") return false;
    for (const block of reply.evicted) gone.add(block);
    return gone.has(event.block);
  });
};

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-3",
  part: "tier",
  statement:
    "a block is promoted by the third different GPU of the domain that reads it since it was last promoted or forgotten, and by no other access",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: watched,
  holds: fromTheFirstStep(judge),

  witnesses: {
    "a promotion": someStep(isPromoted),
    "a GPU that reads a block again": someStep(
      ({ event, reply, before }) =>
        event.kind === "access" &&
        reply.kind === "counted" &&
        before.candidates.some(
          ({ block, gpus }) => block === event.block && gpus.includes(event.gpu),
        ),
    ),
    "a stranger who would have been the third": someStep(
      ({ event, before }) =>
        event.kind === "access" &&
        !isOwn(event.gpu) &&
        before.candidates.some(({ block, gpus }) => block === event.block && gpus.length === 2),
    ),
    "a block that was evicted and is promoted again": comesBack,
  },

  mutants: mutants(
    "counts accesses, not different GPUs",
    "counts a GPU again when another has read in between",
    "promotes after four",
    "counts the GPUs of other domains",
    "takes the GPU after the last for its own",
    "starts the count at one after a promotion",
    "keeps the readers of what it promotes",
    "counts the reader of what is too large",
    "forgets who else has read a block when another is promoted",
    "counts a miss as a read",
  ),
});
