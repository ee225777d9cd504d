import { BlockPool } from "#rack";
import type { ReplayResult } from "#replay";
import { differs, property } from "#verify";
import { type ReplayCall, type ReplayCase, replayCases } from "./cases.ts";
import { replaying, withPools, withRouter } from "./subjects.ts";

/** Refuses a share of the blocks by their name. */
class SuperstitiousPool extends BlockPool {
  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    const luck = blocks.findIndex((block) => block % 13 === 7);
    return super.admit(request, luck < 0 ? blocks : blocks.subarray(0, luck), unnamed);
  }
}

const pair = (replies: readonly (readonly ReplayResult[])[]) =>
  [replies[0]?.[0], replies[1]?.[0]] as readonly [ReplayResult, ReplayResult];

export default property<ReplayCase, ReplayCall, ReplayResult>({
  id: "REP-3",
  part: "replay",
  statement:
    "giving every block another number, the same for the same prefix, changes nothing in a run",
  given: replayCases(24),
  subject: replaying(),
  scripts: (given) =>
    [0, 1000].map((relabel) => [{ kind: "replay", given, relabel }] as readonly ReplayCall[]),

  holds(_, replies) {
    const [plain, relabelled] = pair(replies);
    const difference = differs(plain.digest, relabelled.digest);
    return difference && { at: 0, about: "the digest of the run", ...difference };
  },

  witnesses: {
    "a hit": (_, replies) => pair(replies)[0].hits.hit_blocks > 0,
    "an eviction": (_, replies) => pair(replies)[0].evictions > 0,
  },

  mutants: {
    "treats some numbers apart": withPools((...args) => new SuperstitiousPool(...args)),
    "draws lots by the clock of its own calls": withRouter(() => {
      return ({ live }) => {
        do calls += 1;
        while (live[calls % live.length] !== 1);
        return calls % live.length;
      };
    }),
  },
});

let calls = 0;
