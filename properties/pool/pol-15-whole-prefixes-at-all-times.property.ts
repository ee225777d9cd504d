import type { PoolCall, PoolReply } from "#rack";
import { type Finding, finding, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { AnnouncesDeepestFirst } from "./mutants-announcing.ts";
import { EvictsRootFirst } from "./mutants-evicting.ts";
import { atEveryStep, removedIn, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

const judge = (): ((step: Step) => Finding | undefined) => {
  const told = new Set<number>();
  const parents = new Map<number, number | undefined>();
  return ({ at, call, reply, events }) => {
    for (const [event, block] of events) {
      if (event === "stored") told.add(block);
      else told.delete(block);
      const orphan = [...told].find((name) => {
        const parent = parents.get(name);
        return parent !== undefined && !told.has(parent);
      });
      if (orphan !== undefined) {
        return finding(at, null, orphan, `a block without its parent after ${event} of ${block}`);
      }
    }
    if (call.kind === "admit" && reply.kind === "admitted") {
      for (const [index, name] of call.blocks.entries()) parents.set(name, call.blocks[index - 1]);
    }
    return undefined;
  };
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-15",
  part: "pool",
  statement:
    "after every single announcement the blocks that can be read are whole prefixes: parents are stored first and removed last",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "two blocks of a chain stored by one call": someStep(
      ({ reply }) => reply.kind === "filled" && reply.stored.length > 1,
    ),
    "two blocks removed by one call": someStep((step) => removedIn(step).length > 1),
  },

  mutants: {
    "announces children before their parents": broken(AnnouncesDeepestFirst),
    "evicts parents before their children": broken(EvictsRootFirst),
  },
});
