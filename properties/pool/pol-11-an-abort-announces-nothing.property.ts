import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { AnnouncesAbortedRemoval, CachesAbortedBlocks } from "./mutants-announcing.ts";
import { AbortsForAll, KeepsAbortedBlocks } from "./mutants-holding.ts";
import { atEveryStep, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

/** What should become of each block of a request that leaves: gone, or in a state. */
const fate = ({ before }: Step, name: number): string => {
  const [, state, users = 0] = before.blocks.get(name) ?? [];
  if (users > 1) return state ?? "gone";
  return state === "filling" ? "gone" : "cached";
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-11",
  part: "pool",
  statement:
    "a request that leaves announces nothing: of its blocks, those that others hold stay as they are, those that were filled are cached, and those that were not are free",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => (step) => {
    const { call, reply, heldBefore, after } = step;
    if (call.kind !== "release" || reply.kind !== "released") return undefined;
    const chain = heldBefore.get(call.request)?.chain ?? [];
    const expected = chain.map((name) => [name, fate(step, name)]);
    const found = chain.map((name) => [name, after.blocks.get(name)?.[1] ?? "gone"]);
    return (
      expectSame(step, [], step.events, "announcements of a release") ??
      expectSame(step, expected, found, "what became of the blocks")
    );
  }),

  witnesses: {
    "an abort that leaves hits behind and frees the rest": someStep(
      (step) =>
        step.call.kind === "release" &&
        step.reply.kind === "released" &&
        step.after.blocks.size < step.before.blocks.size &&
        step.after.counts.cached > step.before.counts.cached,
    ),
    "an abort while another request fills the same block": someStep(
      ({ call, reply, before, after }) =>
        call.kind === "release" &&
        reply.kind === "released" &&
        [...after.blocks].some(
          ([name, [, state, users]]) =>
            state === "filling" && (before.blocks.get(name)?.[2] ?? 0) > users,
        ),
    ),
  },

  mutants: {
    "caches and announces what was never written": broken(CachesAbortedBlocks),
    "announces the removal of what was never stored": broken(AnnouncesAbortedRemoval),
    "keeps an aborted request's blocks": broken(KeepsAbortedBlocks),
    "frees a shared block when the first of its fillers leaves": broken(AbortsForAll),
  },
});
