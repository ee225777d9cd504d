import { type Considered, type Decision, routerModelSubject } from "#rack";
import { finding, property } from "#verify";
import { telling } from "./decisions.ts";
import { anyCall, liveIn, replyIn } from "./views.ts";

/** The first key in which two differ, and whether the first is the better there: by more overlap, or by less of anything else. */
const difference = (
  left: Considered,
  right: Considered,
): readonly [string, boolean] | undefined => {
  for (const [key, value] of Object.entries(left.keys)) {
    const other = right.keys[key as keyof Considered["keys"]] ?? Number.NaN;
    if (value !== other) return [key, key === "overlapBlocks" ? value > other : value < other];
  }
  return undefined;
};

const reasonIn = (replies: readonly (readonly Decision[])[]): string | undefined => {
  const decision = replyIn(replies);
  return decision?.kind === "chosen" ? decision.because : undefined;
};

export default property({
  id: "RTR-12",
  part: "router",
  statement:
    "a decision lists what it considered from the best to the worst by its own keys, the chosen first, and names the key in which it beat the second",
  given: anyCall,
  subject: routerModelSubject,
  scripts: (call) => [[call]],
  holds({ policy, view }, replies) {
    const decision = replyIn(replies);
    if (decision?.kind !== "chosen") return undefined;
    const { considered, because, worker } = decision;
    const [first, second] = considered;
    if (first?.worker !== worker) return finding(0, worker, first?.worker ?? null, "first listed");
    for (const [index, one] of considered.entries()) {
      const next = considered[index + 1];
      if (next && !difference(one, next)?.[1]) {
        return finding(0, "the better first", [one.worker, next.worker], "neighbours in the list");
      }
    }
    const reason = second ? difference(first, second)?.[0] : "only candidate";
    if (because !== reason) return finding(0, reason ?? null, because, "because");
    const live = liveIn(view).length;
    const isWhole =
      policy.kind === "kv-aware" ? considered.length <= live : considered.length === live;
    return isWhole ? undefined : finding(0, live, considered.length, "candidates considered");
  },
  witnesses: {
    "decided by the overlap": (_, replies) => reasonIn(replies) === "overlapBlocks",
    "decided by the number": (_, replies) => reasonIn(replies) === "worker",
    "only one to choose": (_, replies) => reasonIn(replies) === "only candidate",
    "decided by cost": (_, replies) => reasonIn(replies) === "cost",
  },
  mutants: {
    "always says that the overlap decided": telling((decision) => ({
      ...decision,
      because: "overlapBlocks",
    })),
    "lists by number": telling((decision) => ({
      ...decision,
      considered: decision.considered.toSorted((left, right) => left.worker - right.worker),
    })),
    "leaves out what it passed over": telling((decision) => ({
      ...decision,
      considered: decision.considered.slice(0, 1),
    })),
  },
});
