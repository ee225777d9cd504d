import type { ReplayResult } from "#replay";
import { finding, property } from "#verify";
import { type ReplayCall, type ReplayCase, replayCases } from "./cases.ts";
import { BoastfulPool, HastyPool, LeakyPool, replaying, TimidPool, withPools } from "./subjects.ts";

type Replies = readonly (readonly ReplayResult[])[];
const only = (replies: Replies): ReplayResult => replies[0]?.[0] as ReplayResult;

export default property<ReplayCase, ReplayCall, ReplayResult>({
  id: "REP-1",
  part: "replay",
  statement:
    "whatever the trace, no invariant is violated, and every request ends as completed or failed",
  given: replayCases(),
  subject: replaying(),
  scripts: (given) => [[{ kind: "replay", given, relabel: 0 }]],

  holds(given, replies) {
    const { first_violations, violations, requests, failures } = only(replies);
    if (violations > 0) return finding(0, [], JSON.parse(JSON.stringify(first_violations)));
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    if (requests.total !== given.requests.length) {
      return finding(0, given.requests.length, requests.total, "requests replayed");
    }
    if (requests.completed + failed !== requests.total) {
      return finding(0, requests.total, requests.completed + failed, "requests that ended");
    }
    return undefined;
  },

  witnesses: {
    "a hit": (_, replies) => only(replies).hits.blocks_by_distance.local > 0,
    "a fetch from another worker": (_, replies) => only(replies).transfers.count > 0,
    "an eviction": (_, replies) => only(replies).evictions > 0,
    "a request that waits": (_, replies) => (only(replies).queueing_ns.max ?? 0) > 0,
    "a request larger than a pool": (_, replies) => only(replies).requests.failed > 0,
    "KV handed over to who decodes it": (_, replies) =>
      only(replies).transfers.handed_over_bytes > 0,
    "a preemption": (_, replies) => only(replies).preemptions > 0,
    "a turn that waits for the one before": ({ requests }) =>
      requests.some(
        ({ session }, at) =>
          session >= 0 && requests.findIndex((other) => other.session === session) < at,
      ),
  },

  mutants: {
    "a block leaks when its request ends": withPools((...args) => new LeakyPool(...args)),
    "hits that are not there": withPools((...args) => new BoastfulPool(...args)),
    "a block announced before it can be read": withPools((...args) => new HastyPool(...args)),
    "a pre-check off by one block": withPools((...args) => new TimidPool(...args)),
  },
});
