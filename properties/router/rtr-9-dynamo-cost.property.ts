import { createRouter, type RouterCall, routerSubject } from "#rack";
import { finding, property } from "#verify";
import { mutants } from "./mutants.ts";
import { callsOf, dynamoCost, liveIn, replyIn, workerIn } from "./views.ts";

/** A quarter of a block: every cost of these views is a whole number of them, so that sums are exact. */
const QUARTERS = 4;

/** The costs in quarters of a block, each added up block by block and request by request. */
const costs = ({ policy, view }: RouterCall): ReadonlyMap<number, number> => {
  if (policy.kind !== "dynamo-cost") return new Map();
  const { prefillScale, overlapCredit, hostCredit, diskCredit, requestWeight } = policy;
  return new Map(
    liveIn(view).map((candidate) => {
      let prefill = QUARTERS * view.promptBlocks;
      const held = [
        ...Array.from({ length: candidate.overlapBlocks }, () => overlapCredit),
        ...Array.from({ length: candidate.hostBlocks ?? 0 }, () => hostCredit),
        ...Array.from({ length: candidate.diskBlocks ?? 0 }, () => diskCredit),
      ];
      for (const credit of held) prefill = Math.max(0, prefill - QUARTERS * credit);
      let cost = prefillScale * prefill + QUARTERS * candidate.loadBlocks;
      for (let request = 0; request < candidate.activeRequests; request += 1) {
        cost += QUARTERS * requestWeight;
      }
      return [candidate.worker, cost];
    }),
  );
};

export default property({
  id: "RTR-9",
  part: "router",
  statement:
    "without temperature, dynamo-cost takes the live worker of smallest prefill, load and requests, each as weighted and each overlapping block credited by its tier; of equals, the smallest number",
  given: callsOf(dynamoCost(0)),
  subject: routerSubject(createRouter),
  scripts: (call) => [[call]],
  holds(call, replies) {
    const chosen = workerIn(replyIn(replies));
    const byWorker = costs(call);
    const smallest = Math.min(...byWorker.values());
    const best = [...byWorker].filter(([, cost]) => cost === smallest).map(([worker]) => worker);
    const expected = best.length === 0 ? -1 : Math.min(...best);
    return expected === chosen ? undefined : finding(0, expected, chosen);
  },
  witnesses: {
    "a tie": (call) => new Set(costs(call).values()).size < costs(call).size,
    "more overlap than prompt": ({ view }) =>
      liveIn(view).some(({ overlapBlocks }) => overlapBlocks > view.promptBlocks),
    "a worker that is not the one with the longest run": ({ view }, replies) =>
      liveIn(view).some(
        ({ worker, overlapBlocks }) =>
          worker === workerIn(replyIn(replies)) &&
          liveIn(view).some((other) => other.overlapBlocks > overlapBlocks),
      ),
  },
  mutants: mutants(
    "ignores prefill",
    "ignores credit",
    "ignores host",
    "ignores disk",
    "credits a block alike in every tier",
    "takes a block that lies lower for one in HBM",
    "ignores w",
    "ignores the overlap",
    "lets a prefill cost less than nothing",
    "takes the dearest",
    "takes the last of equals",
  ),
});
