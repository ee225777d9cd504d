import type { ReplayResult } from "#replay";
import { differs, property } from "#verify";
import { type ReplayCall, type ReplayCase, replayCases } from "./cases.ts";
import { modelParts, replaying, withRouter } from "./subjects.ts";

const scripts = (given: ReplayCase): readonly (readonly ReplayCall[])[] => [
  [{ kind: "replay", given, relabel: 0 }],
];

const only = (replies: readonly (readonly ReplayResult[])[]): ReplayResult =>
  replies[0]?.[0] as ReplayResult;

const model = replaying(modelParts);

/** What a run comes to. How often its invariants were looked at is left out: the fast pool tells several blocks at once. */
const lived = ({ invariants: _, ...result }: ReplayResult) => result;

export default property<ReplayCase, ReplayCall, ReplayResult>({
  id: "REP-2",
  part: "replay",
  statement:
    "a rack of fast parts and a rack of naive models live through the same run, event for event",
  given: replayCases(12),
  subject: replaying(),
  scripts,
  holds(given, replies) {
    const [call] = scripts(given)[0] as readonly [ReplayCall];
    const difference = differs(lived(model()(call) as ReplayResult), lived(only(replies)));
    return difference && { at: 0, about: "what the run comes to", ...difference };
  },

  witnesses: {
    "a hit": (_, replies) => only(replies).hits.hit_blocks > 0,
    "an eviction": (_, replies) => only(replies).evictions > 0,
    "a choice between workers that differ": ({ policy, requests }) =>
      policy.startsWith("kv-aware") && requests.length > 9,
  },

  mutants: {
    "takes turns from the last to the first": withRouter(() => {
      let turn = 0;
      return ({ live }) => {
        do turn = (turn + live.length - 1) % live.length;
        while (live[turn] !== 1);
        return turn;
      };
    }),
    "routes as if nothing were cached": withRouter((router) => {
      const none = new Uint32Array(1024);
      return (view) => router({ ...view, overlapBlocks: none.subarray(0, view.live.length) });
    }),
  },
});
