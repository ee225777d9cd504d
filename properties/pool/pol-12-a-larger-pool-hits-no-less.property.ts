import fc from "fast-check";
import type { PoolCall, PoolReply } from "#rack";
import { finding, oneOfValues, property, type Script, sequences, values } from "#verify";
import { admit, CHAINS, fill, release } from "./arbitraries.ts";
import { EvictsMostRecent, FlushesWhenShort, ForgetsHits } from "./mutants-evicting.ts";
import { broken, fastPool } from "./subjects.ts";

/** A request that comes, is filled, decodes and goes before the next one comes. */
type Visit = {
  readonly blocks: readonly number[];
  readonly unnamed: number;
  readonly grown: number;
};
type Case = { readonly smaller: number; readonly more: number; readonly visits: readonly Visit[] };

/** Beside the small tree, blocks that stand alone: these are what first-in-first-out goes wrong on. */
const CHAINS_AND_SINGLES = [...CHAINS, [8], [9], [10]] as const;
const CALLS_PER_VISIT = 4;

const script = (capacity: number, visits: readonly Visit[]): Script<PoolCall> => [
  { kind: "create", capacity },
  ...visits.flatMap(({ blocks, unnamed, grown }): readonly PoolCall[] => [
    admit(0, blocks, unnamed),
    fill(0),
    { kind: "grow", request: 0, count: grown },
    release(0),
  ]),
];

/** The first visit that the pool refuses, or lets grow less than it wants; their number when there is none. */
const refusedFrom = (replies: readonly PoolReply[]): number => {
  const at = replies.findIndex(({ kind }) => kind === "refused");
  return at < 0 ? (replies.length - 1) / CALLS_PER_VISIT : Math.floor((at - 1) / CALLS_PER_VISIT);
};

const hits = (replies: readonly PoolReply[], visit: number): number => {
  const reply = replies[1 + visit * CALLS_PER_VISIT];
  return reply?.kind === "admitted" ? reply.hits : -1;
};

const visit = (): fc.Arbitrary<Visit> =>
  fc.record({
    blocks: oneOfValues(...CHAINS_AND_SINGLES),
    unnamed: oneOfValues(0, 0, 0, 1),
    grown: oneOfValues(0, 0, 0, 1),
  });

/** The small scope: 3 ^ 0 + … + 3 ^ 6 = 1,093 sequences of visits, on pools of 2 and 3 blocks. */
function* small(): Generator<Case> {
  const letters = [[1, 2], [1, 5], [6]].map((blocks) => ({ blocks, unnamed: 0, grown: 0 }));
  for (const visits of sequences(letters, 6)) yield { smaller: 2, more: 1, visits };
}

export default property<Case, PoolCall, PoolReply>({
  id: "POL-12",
  part: "pool",
  statement:
    "of two pools that serve the same requests one after the other, each filled before it leaves, the larger hits no less on any of them, as long as the smaller has refused none",
  given: values(
    fc.record({
      smaller: fc.integer({ min: 2, max: 5 }),
      more: fc.integer({ min: 1, max: 3 }),
      visits: fc.array(visit(), { maxLength: 40, size: "max" }),
    }),
    small,
  ),
  subject: fastPool,
  scripts: ({ smaller, more, visits }) => [script(smaller, visits), script(smaller + more, visits)],

  holds(_, [few = [], many = []]) {
    const covered = refusedFrom(few);
    for (let visit = 0; visit < covered; visit += 1) {
      const [less, no] = [hits(few, visit), hits(many, visit)];
      if (no < less) {
        return finding(
          1 + visit * CALLS_PER_VISIT,
          less,
          no,
          "hits in the smaller and the larger pool",
        );
      }
    }
    return undefined;
  },

  witnesses: {
    "a request that the larger pool hits more": ({ visits }, [few = [], many = []]) =>
      visits.some((_, visit) => visit < refusedFrom(few) && hits(many, visit) > hits(few, visit)),
    "a request that both pools hit, after both have evicted": ({ visits }, replies) =>
      visits.some(
        (_, visit) =>
          replies.every((of) => visit < refusedFrom(of) && hits(of, visit) > 0) &&
          replies.every((of) =>
            of
              .slice(0, 1 + visit * CALLS_PER_VISIT)
              .some((reply) => reply.kind === "admitted" && reply.evicted.length > 0),
          ),
      ),
  },

  mutants: {
    "first in, first out": broken(ForgetsHits),
    "empties the cache when it is short": broken(FlushesWhenShort),
    "evicts the most recent": broken(EvictsMostRecent),
  },
});
