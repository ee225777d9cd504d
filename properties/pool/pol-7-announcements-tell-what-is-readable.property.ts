import type { PoolCall, PoolReply } from "#rack";
import { expectSame, type Finding, finding, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import {
  AnnouncesAtAdmission,
  AnnouncesEarlyRemoval,
  AnnouncesHitsAgain,
  ClearsInSilence,
} from "./mutants-announcing.ts";
import { atEveryStep, isReadable, removedIn, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

const judge = (): ((step: Step) => Finding | undefined) => {
  const told = new Set<number>();
  return (step) => {
    for (const [event, block] of step.events) {
      const isNews = event === "stored" ? !told.has(block) : told.has(block);
      if (!isNews)
        return finding(step.at, "in turn", `${event} of ${block} twice`, "announcements");
      if (event === "stored") told.add(block);
      else told.delete(block);
    }
    const readable = [...step.after.blocks.keys()].filter((name) => isReadable(step.after, name));
    const known = [...told].toSorted((left, right) => left - right);
    return expectSame(step, readable, known, "what can be read, and what was announced");
  };
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-7",
  part: "pool",
  statement:
    "`stored` and `removed` alternate for each block, and whoever has heard them all knows exactly what can be read",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "a block stored again after it was removed": (_, [replies = []]) => {
      const removed = new Set<number>();
      for (const reply of replies) {
        if (reply.kind !== "announcements") continue;
        for (const [event, block] of reply.events) {
          if (event === "removed") removed.add(block);
          else if (removed.has(block)) return true;
        }
      }
      return false;
    },
    "a clear of something": someStep(
      (step) => step.call.kind === "clear" && removedIn(step).length > 0,
    ),
    "a request that fills some of its blocks and finds others filled": someStep(
      ({ call, reply, heldBefore }) =>
        call.kind === "fill" &&
        reply.kind === "filled" &&
        reply.stored.length > 0 &&
        reply.stored.length < (heldBefore.get(call.request)?.chain.length ?? 0),
    ),
  },

  mutants: {
    "announces a block that cannot be read yet": broken(AnnouncesAtAdmission),
    "announces hits as stored again": broken(AnnouncesHitsAgain),
    "announces a removal while others hold the block": broken(AnnouncesEarlyRemoval),
    "clears without a word": broken(ClearsInSilence),
  },
});
