import fc from "fast-check";
import { createRouter, type RouterCall, routerSubject } from "#rack";
import { finding, property, values } from "#verify";
import { mutants } from "./mutants.ts";
import { anyView, liveIn, withView, workerIn } from "./views.ts";

/** So many decisions in a row, from the view's number on. */
const inARow = (call: RouterCall, decisions: number): readonly RouterCall[] =>
  Array.from({ length: decisions }, (_, index) =>
    withView(call, { number: call.view.number + index }),
  );

export default property({
  id: "RTR-7",
  part: "router",
  statement:
    "round robin gives the live workers turns in order: over any decisions in a row, no worker has two more than another",
  given: values(fc.record({ view: anyView(), decisions: fc.nat({ max: 24 }) })),
  subject: routerSubject(createRouter),
  scripts: ({ view, decisions }) => [
    inARow({ policy: { kind: "round-robin" }, seed: 0, view }, decisions),
  ],
  holds({ view }, [replies = []]) {
    const chosen = replies.map(workerIn);
    const turns = liveIn(view).map(({ worker }) => chosen.filter((one) => one === worker).length);
    const isEven = turns.length === 0 || Math.max(...turns) - Math.min(...turns) <= 1;
    return isEven ? undefined : finding(-1, "turns that differ by one at most", turns);
  },
  witnesses: {
    "some workers live and some not": ({ view }) =>
      liveIn(view).length > 1 && liveIn(view).length < view.candidates.length,
    "turns that do not come out even": ({ view, decisions }) => decisions % liveIn(view).length > 0,
  },
  mutants: mutants(
    "gives the turn of a worker that is not live to the next",
    "gives turns by number, not by place",
    "draws the same for every decision",
    "stays with its last choice",
  ),
});
