import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { PinsWhatItRefuses } from "./mutants-admitting.ts";
import { ForgetsOtherUsers, ReleasesTwice, SharesWithoutHolding } from "./mutants-holding.ts";
import { atEveryStep, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

/** How many requests hold each block after a step. */
const holders = ({ heldAfter }: Step): ReadonlyMap<number, number> => {
  const count = new Map<number, number>();
  for (const name of [...heldAfter.values()].flatMap(({ chain }) => chain)) {
    count.set(name, (count.get(name) ?? 0) + 1);
  }
  return count;
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-9",
  part: "pool",
  statement:
    "a block has as many users as requests that were admitted with it and have not left; a request is there from its admission to its first release, and refused before and after",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => (step) => {
    const { call, reply, heldBefore } = step;
    if (call.kind === "fill" || call.kind === "grow" || call.kind === "release") {
      const isUnknown = reply.kind === "refused" && reply.because === "not admitted";
      const wrong = expectSame(
        step,
        !heldBefore.has(call.request),
        isUnknown,
        "refused as unknown",
      );
      if (wrong) return wrong;
    }
    const count = holders(step);
    const found = [...step.after.blocks.values()].map(([name, , users]) => [name, users]);
    const idle = [...step.after.blocks.keys()].filter((name) => !count.has(name));
    const expected = [...count, ...idle.map((name) => [name, 0] as const)].toSorted(
      ([left], [right]) => left - right,
    );
    return expectSame(step, expected, found, "users of each block");
  }),

  witnesses: {
    "a block of two requests that one of them leaves": someStep(
      ({ call, reply, before, after }) =>
        call.kind === "release" &&
        reply.kind === "released" &&
        [...after.blocks].some(
          ([name, [, , users]]) => users === 1 && before.blocks.get(name)?.[2] === 2,
        ),
    ),
    "a release of a request that is not there": someStep(
      ({ call, reply }) => call.kind === "release" && reply.kind === "refused",
    ),
    "a second request of the same name": someStep(
      ({ reply }) => reply.kind === "refused" && reply.because === "already admitted",
    ),
  },

  mutants: {
    "the first to leave takes the block from all": broken(ForgetsOtherUsers),
    "shares a block that is being filled without holding it": broken(SharesWithoutHolding),
    "releases a request twice": broken(ReleasesTwice),
    "keeps holding the hits of what it refused": broken(PinsWhatItRefuses),
  },
});
