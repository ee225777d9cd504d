import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { expectSame, property } from "#verify";
import { DOMAIN, type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { fromTheFirstStep, isRefusedIn, type Step, someStep, watched } from "./reading.ts";

/** Why an access should be refused; nothing when it should not. */
const reason = ({ event, before, capacityBytes }: Step): string | undefined => {
  if (event.kind !== "access") return undefined;
  if (!DOMAIN.some((gpu) => gpu === event.gpu)) return "foreign-gpu";
  const isThere = before.contents.some(({ block }) => block === event.block);
  return !isThere && event.bytes > capacityBytes ? "too-large" : undefined;
};

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-7",
  part: "tier",
  statement:
    "a GPU of another domain and a block larger than the switch are refused, nothing else is, and what is refused has changed nothing: nothing is evicted, nobody is counted",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: watched,

  holds: fromTheFirstStep(() => (step) => {
    const { reply, before, after } = step;
    const because = reply.kind === "refused" ? reply.because : undefined;
    const wrong = expectSame(step, reason(step) ?? "taken", because ?? "taken", "the reason");
    if (wrong || because === undefined) return wrong;
    return expectSame(step, before, after, "the tier after a refusal");
  }),

  witnesses: {
    "a block too large for a switch that holds some": someStep(
      (step) => isRefusedIn(step, "too-large") && step.before.contents.length > 0,
    ),
    "a block as large as the switch": someStep(
      ({ event, reply, capacityBytes }) =>
        event.kind === "access" && event.bytes === capacityBytes && reply.kind === "promoted",
    ),
    "a stranger": someStep((step) => isRefusedIn(step, "foreign-gpu")),
  },

  mutants: mutants(
    "evicts before it refuses what is too large",
    "takes what is too large",
    "refuses what is as large as the switch",
    "counts the reader of what is too large",
    "counts the GPUs of other domains",
    "takes the GPU after the last for its own",
  ),
});
