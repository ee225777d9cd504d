import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { ChangesParents, FillsHitsAgain, WritesOutputIntoThePrompt } from "./mutants-pinning.ts";
import { atEveryStep, isReadable, removedIn, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

/** The blocks that can be read before a step and are not removed in it. */
const filledIn = (step: Step): readonly number[] => {
  const removed = removedIn(step);
  return [...step.before.blocks.keys()].filter(
    (name) => isReadable(step.before, name) && !removed.includes(name),
  );
};

/** Which block stands before each of a chain's. */
const parentsIn = (chain: readonly number[]): ReadonlyMap<number, number | null> =>
  new Map(chain.map((name, index) => [name, chain[index - 1] ?? null]));

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-18",
  part: "pool",
  statement:
    "a filled block never changes: until it is removed it can be read without interruption, is not filled again, takes no output, and hangs under the block that it was filled under",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => {
    const parents = new Map<number, number | null>();
    return (step) => {
      const filled = filledIn(step);
      const still = filled.filter((name) => isReadable(step.after, name));
      const { call, reply } = step;
      const again =
        reply.kind === "filled" ? reply.stored.filter((name) => filled.includes(name)) : [];
      const wrong =
        expectSame(step, filled, still, "the filled blocks, and those of them still readable") ??
        expectSame(step, [], again, "filled blocks that were filled again");
      if (wrong || call.kind !== "admit" || reply.kind !== "admitted") return wrong;
      for (const [name, parent] of parentsIn(call.blocks)) {
        const known = step.before.blocks.has(name) ? parents.get(name) : parent;
        const moved = expectSame(step, known, parent, `what stands before block ${name}`);
        if (moved) return moved;
        parents.set(name, parent);
      }
      return undefined;
    };
  }),

  witnesses: {
    "output of a request whose blocks are filled": someStep(
      (step) => step.reply.kind === "grown" && filledIn(step).length > 0,
    ),
    "a request that hits, and is filled": someStep(
      (step) =>
        step.reply.kind === "filled" && step.reply.stored.length === 0 && filledIn(step).length > 0,
    ),
    "a filled block asked for under another parent": someStep(
      ({ reply }) => reply.kind === "refused" && reply.because === "a block with two parents",
    ),
  },

  mutants: {
    "puts output into the room that the prompt's last block has": broken(WritesOutputIntoThePrompt),
    "fills a hit again for each request": broken(FillsHitsAgain),
    "hangs a block under another parent": broken(ChangesParents),
  },
});
