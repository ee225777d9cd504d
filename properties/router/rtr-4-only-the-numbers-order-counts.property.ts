import { createRouter, routerSubject } from "#rack";
import { finding, property } from "#verify";
import { mutants } from "./mutants.ts";
import { anyCall, liveIn, withEach, workerIn } from "./views.ts";

/** Keeps the order and nothing else: all numbers become odd, and none stays where it was. */
const renumbered = (worker: number): number => 2 * worker + 3;

export default property({
  id: "RTR-4",
  part: "router",
  statement: "workers renumbered in the same order are chosen as before, under their new numbers",
  given: anyCall,
  subject: routerSubject(createRouter),
  scripts: (call) => [[call, withEach(call, ({ worker }) => ({ worker: renumbered(worker) }))]],
  holds(_, [replies = []]) {
    const [before, after] = replies;
    const expected = before?.kind === "chosen" ? renumbered(before.worker) : -1;
    return workerIn(after) === expected ? undefined : finding(1, expected, workerIn(after));
  },
  witnesses: {
    "a choice of several": ({ view }) => liveIn(view).length > 1,
    "a policy that draws or takes turns": ({ policy }) =>
      policy.kind === "random" || policy.kind === "round-robin",
  },
  mutants: mutants("prefers even numbers", "gives turns by number, not by place"),
});
