import { type Decision, routerModelSubject } from "#rack";
import { finding, property } from "#verify";
import { deciding } from "./decisions.ts";
import { preferringCall, withEach } from "./views.ts";

/** The place of a worker among those considered, from 0; −1 when it is not. */
const rankIn = (decision: Decision | undefined, worker: number): number =>
  decision?.kind === "chosen" ? decision.considered.findIndex((one) => one.worker === worker) : -1;

export default property({
  id: "RTR-15",
  part: "router",
  statement:
    "one leading block more never lowers a worker's rank under a policy that prefers, and never lets it in or keeps it out",
  given: preferringCall,
  subject: routerModelSubject,
  scripts: (call) => [
    [
      call,
      ...call.view.candidates.map(({ worker }) =>
        withEach(call, (one) =>
          one.worker === worker ? { overlapBlocks: one.overlapBlocks + 1 } : {},
        ),
      ),
    ],
  ],
  holds({ view }, [replies = []]) {
    for (const [index, { worker }] of view.candidates.entries()) {
      const before = rankIn(replies[0], worker);
      const after = rankIn(replies[index + 1], worker);
      if (after > before || (after === -1) !== (before === -1)) {
        return finding(index + 1, before, after, `the rank of worker ${worker}`);
      }
    }
    return undefined;
  },
  witnesses: {
    "a worker that rises and is not the choice even so": ({ view }, [replies = []]) =>
      view.candidates.some(({ worker }, index) => {
        const after = rankIn(replies[index + 1], worker);
        return after > 0 && after < rankIn(replies[0], worker);
      }),
    "the first hit of all": ({ policy, view }) =>
      policy.kind === "kv-aware" &&
      view.candidates.length > 1 &&
      view.candidates.every(({ overlapBlocks }) => overlapBlocks === 0),
    "a worker that the bound keeps out": ({ view }, [replies = []]) =>
      view.candidates.some(({ live, worker }) => live && rankIn(replies[0], worker) === -1),
  },
  mutants: {
    "prefers the shorter run": deciding((call) =>
      withEach(call, ({ overlapBlocks }) => ({ overlapBlocks: 4 - Math.min(4, overlapBlocks) })),
    ),
    "keeps only the last bit of a run": deciding((call) =>
      withEach(call, ({ overlapBlocks }) => ({ overlapBlocks: overlapBlocks & 1 })),
    ),
    "counts what it hits as load": deciding((call) =>
      withEach(call, ({ overlapBlocks, loadBlocks }) => ({
        overlapBlocks: 0,
        loadBlocks: loadBlocks + overlapBlocks,
      })),
    ),
    "leaves out workers that hold more than the prompt": deciding((call) =>
      withEach(call, ({ overlapBlocks, live }) => ({
        live: live && overlapBlocks <= call.view.promptBlocks,
      })),
    ),
  },
});
