import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { CountsOwnHitsEvictable } from "./mutants-admitting.ts";
import { CountsSharedBlocksTwice, LeaksOnRefusedGrowth, LeaksOutput } from "./mutants-holding.ts";
import { atEveryStep, type Sight, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

const inState = ({ blocks }: Sight, state: string): number =>
  [...blocks.values()].filter((entry) => entry[1] === state).length;

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-2",
  part: "pool",
  statement:
    "after every call the free, filling, active and cached blocks are whole numbers of 0 or more, add up to the capacity, and are what the contents and the requests' unnamed blocks say",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: (given, replies) =>
    atEveryStep(() => (step) => {
      const { filling, cached, ...rest } = step.after.counts;
      const unnamed = [...step.heldAfter.values()].reduce((sum, held) => sum + held.unnamed, 0);
      const expected = {
        filling: inState(step.after, "filling"),
        active: inState(step.after, "active") + unnamed,
        cached: inState(step.after, "cached"),
      };
      const free = given.capacity - expected.filling - expected.active - expected.cached;
      const found = { filling, active: rest.active, cached, free: rest.free };
      return expectSame(step, { ...expected, free: Math.max(0, free) }, found, "the counts");
    })(given, replies),

  witnesses: {
    "a pool without a free block": someStep(({ after }) => after.counts.free === 0),
    "blocks filling and blocks cached at once": someStep(
      ({ after: { counts } }) => counts.filling > 0 && counts.cached > 0,
    ),
    "decode that is refused": someStep(
      ({ call, reply }) =>
        call.kind === "grow" && reply.kind === "refused" && reply.because === "full",
    ),
  },

  mutants: {
    "leaks a block when decode is refused": broken(LeaksOnRefusedGrowth),
    "never gets a request's output back": broken(LeaksOutput),
    "counts a shared block once for each user": broken(CountsSharedBlocksTwice),
    "counts a request's own hits as room, and has more blocks than there are":
      broken(CountsOwnHitsEvictable),
  },
});
