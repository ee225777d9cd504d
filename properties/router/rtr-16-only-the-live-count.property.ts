import { createRouter, routerSubject } from "#rack";
import { finding, property } from "#verify";
import { mutants } from "./mutants.ts";
import { anyCall, liveIn, withEach, withView, workerIn } from "./views.ts";

export default property({
  id: "RTR-16",
  part: "router",
  statement:
    "overlap, load and requests of a worker that is not live count for nothing: the choice is the same without it, and whatever it is said to hold",
  given: anyCall,
  subject: routerSubject(createRouter),
  scripts: (call) => [
    [
      call,
      withView(call, { candidates: liveIn(call.view) }),
      withEach(call, ({ live }) =>
        live
          ? {}
          : { overlapBlocks: 99, hostBlocks: 99, distance: 0, loadBlocks: 0, activeRequests: 500 },
      ),
      withEach(call, ({ live }) =>
        live
          ? {}
          : { overlapBlocks: 0, hostBlocks: 0, distance: 3, loadBlocks: 999, activeRequests: 0 },
      ),
    ],
  ],
  holds(_, [replies = []]) {
    const [chosen, ...others] = replies.map(workerIn);
    const at = others.findIndex((other) => other !== chosen);
    return at === -1 ? undefined : finding(at + 1, chosen ?? null, others[at] ?? null);
  },
  witnesses: {
    "a worker that is not live and has the longest run": ({ view }) => {
      const most = Math.max(0, ...liveIn(view).map(({ overlapBlocks }) => overlapBlocks));
      return (
        liveIn(view).length > 1 &&
        view.candidates.some(({ live, overlapBlocks }) => !live && overlapBlocks > most)
      );
    },
    "a bound": ({ policy, view }) =>
      policy.kind === "kv-aware" &&
      policy.imbalanceBound !== null &&
      liveIn(view).length < view.candidates.length,
  },
  mutants: mutants(
    "sends requests to workers that are not live",
    "reckons the bound's mean over workers that are not live too",
    "takes a hit of a worker that is not live for a hit",
    "scales temperatures by the costs of workers that are not live too",
    "gives the turn of a worker that is not live to the next",
  ),
});
