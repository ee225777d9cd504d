import { createRouter, routerSubject } from "#rack";
import { finding, property } from "#verify";
import { mutants } from "./mutants.ts";
import { anyCall, liveIn, withView, workerIn } from "./views.ts";

export default property({
  id: "RTR-3",
  part: "router",
  statement: "the order in which candidates are listed does not change the choice",
  given: anyCall,
  subject: routerSubject(createRouter),
  scripts: (call) => {
    const { candidates } = call.view;
    const [first, ...rest] = candidates;
    const rotated = first === undefined ? [] : [...rest, first];
    return [
      [
        call,
        withView(call, { candidates: candidates.toReversed() }),
        withView(call, { candidates: rotated }),
      ],
    ];
  },
  holds(_, [replies = []]) {
    const [chosen, ...others] = replies.map(workerIn);
    const at = others.findIndex((other) => other !== chosen);
    return at === -1 ? undefined : finding(at + 1, chosen ?? null, others[at] ?? null);
  },
  witnesses: {
    "three to choose from": ({ view }) => liveIn(view).length >= 3,
    "two that differ in number only": ({ view }) => {
      const [left, right] = liveIn(view);
      return left?.overlapBlocks === right?.overlapBlocks && left?.distance === right?.distance;
    },
  },
  mutants: mutants("takes the first of equals in the list"),
});
