/** Broken routers whose whole decision is looked at, not the choice alone. */
import { type Chosen, chooseWorker, type Decision, type RouterCall } from "#rack";
import type { Subject } from "#verify";

type DecisionMutant = Subject<RouterCall, Decision>;

const decide = ({ policy, seed, view }: RouterCall): Decision => chooseWorker(policy, seed, view);

/** A router that decides rightly and tells it wrongly. */
export const telling =
  (change: (decision: Chosen, call: RouterCall) => Decision): DecisionMutant =>
  () =>
  (call) => {
    const decision = decide(call);
    return decision.kind === "chosen" ? change(decision, call) : decision;
  };

/** A router that decides something else than it was asked. */
export const deciding =
  (change: (call: RouterCall) => RouterCall): DecisionMutant =>
  () =>
  (call) =>
    decide(change(call));
