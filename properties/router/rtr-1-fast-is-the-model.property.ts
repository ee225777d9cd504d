import { chooseWorker, createRouter, routerSubject } from "#rack";
import { differs, property } from "#verify";
import { mutants } from "./mutants.ts";
import { anyCall, replyIn, workerIn } from "./views.ts";

export default property({
  id: "RTR-1",
  part: "router",
  statement: "a router chooses as the model does, under every policy",
  given: anyCall,
  subject: routerSubject(createRouter),
  scripts: (call) => [[call]],
  holds({ policy, seed, view }, replies) {
    const difference = differs(
      workerIn(chooseWorker(policy, seed, view)),
      workerIn(replyIn(replies)),
    );
    return difference && { at: 0, ...difference };
  },
  witnesses: {
    "a choice among four": ({ view }) => view.candidates.length >= 4,
    "a draw by cost": ({ policy }) => policy.kind === "dynamo-cost" && policy.temperature > 0,
    "nobody live": (_, replies) => replyIn(replies)?.kind === "refused",
  },
  mutants: mutants(
    "ignores the distance",
    "takes the last of equals",
    "sends requests to workers that are not live",
    "draws the same for every decision",
    "draws the same under every seed",
  ),
});
