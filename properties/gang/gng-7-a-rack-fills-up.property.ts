import fc from "fast-check";
import type { GangCall, GangShape } from "#rack";
import { finding, oneOfValues, property, values } from "#verify";
import { ALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { placedIn } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

type Case = {
  readonly shape: GangShape;
  /** Sizes as they come; those beyond what is left of the rack are passed over, and ones fill it up. */
  readonly sizes: readonly number[];
  /** Whether all come as one gang. */
  readonly isOneGang: boolean;
};

/** The groups that fill the rack, in order of arrival: one size only gives as many as go into it. */
const arrivals = ({ shape, sizes }: Case): readonly number[] => {
  const groups: number[] = [];
  let left = shape.gpus;
  for (const size of sizes.length === 1 ? Array(left).fill(sizes[0]) : sizes) {
    if (size > left || shape.gpusPerDomain % size !== 0) continue;
    groups.push(size);
    left -= size;
  }
  return [...groups, ...Array<number>(left).fill(1)];
};

const calls = (given: Case): readonly GangCall[] => {
  const groups = arrivals(given);
  const gangs = given.isOneGang ? [groups] : groups.map((size) => [size]);
  return [
    { kind: "create", shape: given.shape },
    ...gangs.map((gang, owner): GangCall => ({ kind: "place", owner, groups: gang })),
    { kind: "freeGpus" },
    { kind: "place", owner: gangs.length, groups: [1] },
  ];
};

export default property<Case, GangCall, ReturnType<ReturnType<typeof fastGangs>>>({
  id: "GNG-7",
  part: "gang",
  statement:
    "groups that come to an empty rack fill it to the last GPU, whatever their sizes and order: 9, 18, 36 or 72 of 8, 4, 2 or 1 on a rack of 72, and not one more",
  given: values(
    fc.record({
      shape: oneOfValues(...ALL_RACKS),
      sizes: fc.array(oneOfValues(1, 2, 4, 8), { minLength: 1, maxLength: 24 }),
      isOneGang: fc.boolean(),
    }),
    function* () {
      for (const shape of ALL_RACKS) {
        for (const size of [8, 4, 2, 1]) {
          yield { shape, sizes: [size], isOneGang: false };
          yield { shape, sizes: [size], isOneGang: true };
        }
      }
    },
  ),
  subject: fastGangs,
  scripts: (given) => [calls(given)],
  holds(_, [replies = []]) {
    const end = replies.length - 2;
    const at = replies.findIndex((reply, index) => index > 0 && index < end && !placedIn(reply));
    if (at !== -1) return finding(at, "placed", "refused");
    if (placedIn(replies[end + 1])) return finding(end + 1, "refused: the rack is full", "placed");
    const free = replies[end] as readonly number[];
    return free.length === 0 ? undefined : finding(end, [], free);
  },
  witnesses: {
    "9 groups of 8 on a rack of 72": (given) =>
      given.shape.gpus === 72 && arrivals(given).length === 9,
    "18 groups of 4": (given) => arrivals(given).length === 18,
    "36 groups of 2": (given) => arrivals(given).length === 36,
    "72 groups of 1": (given) => arrivals(given).length === 72,
    "small ones first, then large ones": ({ sizes }) =>
      sizes.some((size, index) => size < (sizes[index + 1] ?? 0)),
  },
  mutants: mutants(
    "takes the domain with the most free GPUs (document)",
    "never uses the last slot of the rack",
    "breaks the largest run",
    "looks into one domain only, the one with the most free GPUs (document)",
  ),
});
