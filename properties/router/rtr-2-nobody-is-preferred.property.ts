import { type Candidate, createRouter, type RouterCall, routerSubject } from "#rack";
import { finding, property } from "#verify";
import { mutants } from "./mutants.ts";
import { liveIn, preferringCall, replyIn, workerIn } from "./views.ts";

/** Live, and within the bound: so many requests, one more included, as the bound times the mean allows, rounded up. */
const eligibleIn = ({ policy, view }: RouterCall): readonly Candidate[] => {
  const live = liveIn(view);
  if (policy.kind !== "kv-aware" || policy.imbalanceBound === null) return live;
  let placed = 1;
  for (const { activeRequests } of live) placed += activeRequests;
  const mean = placed / live.length;
  const bound = policy.imbalanceBound;
  return live.filter(({ activeRequests }) => activeRequests < Math.ceil(bound * mean));
};

/** Whether one candidate comes before another, in the words of the rule. */
const isPreferred = (
  { policy }: RouterCall,
  anyHit: boolean,
  left: Candidate,
  right: Candidate,
): boolean => {
  const byLoad = left.loadBlocks < right.loadBlocks;
  const sameLoad = left.loadBlocks === right.loadBlocks;
  const smaller = left.worker < right.worker;
  if (policy.kind === "least-loaded") return byLoad || (sameLoad && smaller);
  const nearer = left.distance < right.distance;
  const asNear = left.distance === right.distance;
  if (!anyHit) return byLoad || (sameLoad && (nearer || (asNear && smaller)));
  if (left.overlapBlocks !== right.overlapBlocks) return left.overlapBlocks > right.overlapBlocks;
  return nearer || (asNear && (byLoad || (sameLoad && smaller)));
};

export default property({
  id: "RTR-2",
  part: "router",
  statement:
    "the choice is live and within the bound, and no other such worker is preferred to it; only when nobody is live is there none",
  given: preferringCall,
  subject: routerSubject(createRouter),
  scripts: (call) => [[call]],
  holds(call, replies) {
    const reply = replyIn(replies);
    const eligible = eligibleIn(call);
    const chosen = eligible.find(({ worker }) => worker === workerIn(reply));
    if (chosen === undefined) {
      const isRight = eligible.length === 0 && reply?.kind === "refused";
      return isRight
        ? undefined
        : finding(
            0,
            eligible.map(({ worker }) => worker),
            workerIn(reply),
          );
    }
    if (call.policy.kind === "dynamo-cost") return undefined;
    const anyHit = eligible.some(({ overlapBlocks }) => overlapBlocks > 0);
    const preferred = eligible.find((other) => isPreferred(call, anyHit, other, chosen));
    return preferred && finding(0, preferred, chosen);
  },
  witnesses: {
    "a bound that passes the longest run over": (call) => {
      const longest = Math.max(...liveIn(call.view).map(({ overlapBlocks }) => overlapBlocks));
      return !eligibleIn(call).some(({ overlapBlocks }) => overlapBlocks === longest);
    },
    "no hit": ({ policy, view }) =>
      policy.kind === "kv-aware" && liveIn(view).every(({ overlapBlocks }) => overlapBlocks === 0),
    "a tie that the number decides": ({ view }) => {
      const [left, right] = liveIn(view);
      return (
        left?.overlapBlocks === right?.overlapBlocks &&
        left?.distance === right?.distance &&
        left?.loadBlocks === right?.loadBlocks
      );
    },
    "nobody live": ({ view }) => liveIn(view).length === 0,
  },
  mutants: mutants(
    "ignores the distance",
    "ignores the load",
    "prefers the shorter run",
    "sends requests to workers that are not live",
    "takes the last of equals",
    "ignores the imbalance bound",
    "reckons the bound's mean over workers that are not live too",
  ),
});
