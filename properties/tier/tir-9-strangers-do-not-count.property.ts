import { SwitchTier, type TierCall, type TierEvent, type TierReply } from "#rack";
import { firstDifference, property } from "#verify";
import { create, DOMAIN, type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";

const STATE: readonly TierCall[] = [
  { kind: "contents" },
  { kind: "candidates" },
  { kind: "usedBytes" },
];

const isStranger = (event: TierEvent): boolean =>
  event.kind === "access" && !DOMAIN.some((gpu) => gpu === event.gpu);

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-9",
  part: "tier",
  statement:
    "a switch serves its own domain alone: without what GPUs of other domains read, every other answer is the same",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: (given) => [
    [create(given), ...given.history, ...STATE],
    [create(given), ...given.history.filter((event) => !isStranger(event)), ...STATE],
  ],

  holds({ history }, [all = [], own = []]) {
    const kept = all.filter((_, index) => {
      const event = history[index - 1];
      return event === undefined || !isStranger(event);
    });
    return firstDifference(own, kept);
  },

  witnesses: {
    "a stranger and a block in the switch": ({ history }, [all = []]) =>
      history.some(isStranger) && (all.at(-3) as readonly unknown[]).length > 0,
    "three strangers who read one block": ({ history }) =>
      [0, 1, 2, 3].some(
        (block) =>
          new Set(
            history.flatMap((event) =>
              event.kind === "access" && event.block === block && isStranger(event)
                ? [event.gpu]
                : [],
            ),
          ).size >= 3,
      ),
  },

  mutants: mutants("counts the GPUs of other domains", "takes the GPU after the last for its own"),
});
