import type { ReplayResult } from "#replay";
import { agreesWith, property } from "#verify";
import { type ReplayCall, type ReplayCase, replayCases } from "./cases.ts";
import { modelParts, replaying, withRouter } from "./subjects.ts";

const scripts = (given: ReplayCase): readonly (readonly ReplayCall[])[] => [
  [{ kind: "replay", given, relabel: 0 }],
];

const only = (replies: readonly (readonly ReplayResult[])[]): ReplayResult =>
  replies[0]?.[0] as ReplayResult;

export default property<ReplayCase, ReplayCall, ReplayResult>({
  id: "REP-2",
  part: "replay",
  statement:
    "a rack of fast parts and a rack of naive models live through the same run, event for event",
  given: replayCases(),
  subject: replaying(),
  scripts,
  holds: agreesWith(replaying(modelParts), scripts),

  witnesses: {
    "a hit": (_, replies) => only(replies).hits.hit_blocks > 0,
    "an eviction": (_, replies) => only(replies).evictions > 0,
    "a choice between workers that differ": ({ policy, requests }) =>
      policy.startsWith("kv-aware") && requests.length > 9,
  },

  mutants: {
    "prefers the larger number among equals": withRouter((_, { workers }) => {
      let turn = workers;
      return () => {
        turn = (turn + workers - 1) % workers;
        return turn;
      };
    }),
    "routes as if nothing were cached": withRouter((router) => {
      const none = new Uint32Array(1024);
      return (view) => router({ ...view, overlapBlocks: none.subarray(0, view.live.length) });
    }),
  },
});
