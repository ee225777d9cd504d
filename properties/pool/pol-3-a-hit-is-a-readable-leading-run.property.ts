import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { HitsFillingBlocks, NeverHitsTheLast } from "./mutants-admitting.ts";
import { HitsBehindGaps } from "./mutants-evicting.ts";
import { atEveryStep, readableRun, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-3",
  part: "pool",
  statement:
    "the hits of a request, and the run that a look finds, are exactly its leading blocks that were present and readable",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => (step) => {
    const { call, reply, before } = step;
    if (call.kind === "admit" && reply.kind === "admitted") {
      return expectSame(step, readableRun(before, call.blocks), reply.hits, "the hits");
    }
    if (call.kind === "leadingRun") {
      const expected = { kind: "run", length: readableRun(before, call.blocks) };
      return expectSame(step, expected, reply, "the run");
    }
    return undefined;
  }),

  witnesses: {
    "a request of which some blocks hit and some do not": someStep(
      ({ call, reply }) =>
        call.kind === "admit" &&
        reply.kind === "admitted" &&
        reply.hits > 0 &&
        reply.hits < call.blocks.length,
    ),
    "a request whose first block is being filled": someStep(
      ({ call, reply, before }) =>
        call.kind === "admit" &&
        reply.kind === "admitted" &&
        before.blocks.get(call.blocks[0] ?? -1)?.[1] === "filling",
    ),
    "a look that finds a run": someStep(({ reply }) => reply.kind === "run" && reply.length > 0),
  },

  mutants: {
    "counts a block that is being filled": broken(HitsFillingBlocks),
    "evicts parents first and counts what is left behind the gap": broken(HitsBehindGaps),
    "never hits the last block": broken(NeverHitsTheLast),
  },
});
