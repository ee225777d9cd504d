import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { expectSame, finding, property } from "#verify";
import { type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { bytesOf, evictedIn, fromTheFirstStep, someStep, watched } from "./reading.ts";

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-2",
  part: "tier",
  statement:
    "at every step the used bytes are those of the blocks in the switch, to the byte, and never above its capacity",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: watched,

  holds: fromTheFirstStep(() => (step) => {
    const { at, after, capacityBytes } = step;
    if (after.usedBytes > capacityBytes)
      return finding(at, `at most ${capacityBytes}`, after.usedBytes, "used bytes");
    return expectSame(step, bytesOf(after.contents), after.usedBytes, "used bytes");
  }),

  witnesses: {
    "a switch that is full to the last byte": someStep(
      ({ after, capacityBytes }) => capacityBytes > 0 && after.usedBytes === capacityBytes,
    ),
    "blocks of different sizes": someStep(
      ({ after }) => new Set(after.contents.map(({ bytes }) => bytes)).size > 1,
    ),
    "an eviction": someStep((step) => evictedIn(step).length > 0),
    "a switch without memory": ({ capacityBytes }) => capacityBytes === 0,
  },

  mutants: mutants(
    "evicts one block, whether that is enough or not",
    "takes every block to be as large as the newest",
    "takes what is too large",
    "counts what is evicted as used",
  ),
});
