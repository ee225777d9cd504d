import { type Candidate, type Decision, type Regret, routerModelSubject } from "#rack";
import { differs, property } from "#verify";
import { telling } from "./decisions.ts";
import { anyCall, liveIn, replyIn } from "./views.ts";

/** Goes over the workers one by one: how much better the best of them is than the chosen one, in each respect. */
const regretAmong = (candidates: readonly Candidate[], chosen: number): Regret => {
  const own = candidates.find(({ worker }) => worker === chosen);
  let [overlapBlocks, loadBlocks] = [0, 0];
  for (const other of candidates) {
    overlapBlocks = Math.max(overlapBlocks, other.overlapBlocks - (own?.overlapBlocks ?? 0));
    loadBlocks = Math.max(loadBlocks, (own?.loadBlocks ?? 0) - other.loadBlocks);
  }
  return { overlapBlocks, loadBlocks };
};

const regretIn = (replies: readonly (readonly Decision[])[]): Regret | undefined => {
  const decision = replyIn(replies);
  return decision?.kind === "chosen" ? decision.regret : undefined;
};

export default property({
  id: "RTR-14",
  part: "router",
  statement:
    "a decision's regret is by how many blocks the live worker with the longest run would have hit more than the chosen one, and how many less the least loaded has, the bound aside; never less than none",
  given: anyCall,
  subject: routerModelSubject,
  scripts: (call) => [[call]],
  holds({ view }, replies) {
    const decision = replyIn(replies);
    if (decision?.kind !== "chosen") return undefined;
    const difference = differs(regretAmong(liveIn(view), decision.worker), decision.regret);
    return difference && { at: 0, ...difference, about: "the regret" };
  },
  witnesses: {
    "overlap passed over": (_, replies) => (regretIn(replies)?.overlapBlocks ?? 0) > 0,
    "more load than need be": (_, replies) => (regretIn(replies)?.loadBlocks ?? 0) > 0,
    "nothing to regret": (_, replies) => {
      const regret = regretIn(replies);
      return regret?.overlapBlocks === 0 && regret.loadBlocks === 0;
    },
    "a bound that costs overlap": ({ policy }, replies) =>
      policy.kind === "kv-aware" && (regretIn(replies)?.overlapBlocks ?? 0) > 0,
  },
  mutants: {
    "regrets workers that are not live": telling((decision, { view }) => ({
      ...decision,
      regret: regretAmong(view.candidates, decision.worker),
    })),
    "regrets only what the bound allowed": telling((decision, { view }) => ({
      ...decision,
      regret: regretAmong(
        view.candidates.filter(({ worker }) =>
          decision.considered.some((one) => one.worker === worker),
        ),
        decision.worker,
      ),
    })),
    "regrets nothing": telling((decision) => ({
      ...decision,
      regret: { overlapBlocks: 0, loadBlocks: 0 },
    })),
    "holds its second choice against the best": telling((decision, { view }) => ({
      ...decision,
      regret: regretAmong(liveIn(view), (decision.considered[1] ?? decision).worker),
    })),
  },
});
