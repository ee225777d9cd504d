import { type Candidate, createRouter, type RouterCall, routerSubject } from "#rack";
import { finding, property } from "#verify";
import { mutants } from "./mutants.ts";
import { preferringCall, withEach, workerIn } from "./views.ts";

/** What can only speak for a worker. */
const IMPROVEMENTS: readonly ((candidate: Candidate) => Partial<Candidate>)[] = [
  ({ overlapBlocks }) => ({ overlapBlocks: overlapBlocks + 1 }),
  ({ distance }) => ({ distance: Math.max(0, distance - 1) }),
  ({ loadBlocks }) => ({ loadBlocks: Math.max(0, loadBlocks - 1) }),
];

/** The view with one candidate improved, for each candidate and in each way. */
const improved = (call: RouterCall): readonly RouterCall[] =>
  call.view.candidates.flatMap(({ worker }) =>
    IMPROVEMENTS.map((improve) =>
      withEach(call, (candidate) => (candidate.worker === worker ? improve(candidate) : {})),
    ),
  );

export default property({
  id: "RTR-5",
  part: "router",
  statement:
    "a worker that is chosen stays chosen when it holds one block more, comes nearer or has one block of load less",
  given: preferringCall,
  subject: routerSubject(createRouter),
  scripts: (call) => [[call, ...improved(call)]],
  holds({ view }, [replies = []]) {
    const [chosen, ...after] = replies.map(workerIn);
    for (const [index, worker] of after.entries()) {
      const better = view.candidates[Math.floor(index / IMPROVEMENTS.length)]?.worker;
      if (better === chosen && worker !== chosen) return finding(index + 1, chosen ?? null, worker);
    }
    return undefined;
  },
  witnesses: {
    "an improvement that makes another the choice": (_, [replies = []]) =>
      new Set(replies.map(workerIn)).size > 1,
    "a first hit": ({ view }) =>
      view.candidates.length > 1 &&
      view.candidates.every(({ overlapBlocks }) => overlapBlocks === 0),
  },
  mutants: mutants(
    "prefers the shorter run",
    "prefers the further worker",
    "prefers the more loaded worker",
    "keeps only the last bit of a run",
  ),
});
