import { createRouter, type Policy, type Router, type RouterArrays, type RouterCall } from "#rack";
import { differs, property, type Subject } from "#verify";
import { anyCall, liveIn, replyIn } from "./views.ts";

/** What the router was given, as it was before it chose and after. */
type Reply = { readonly before: readonly (readonly number[])[]; readonly after: Reply["before"] };

type Columns = Omit<RouterArrays, "promptBlocks" | "number">;

const columnsOf = ({ view }: RouterCall): Columns => {
  const byWorker = new Map(view.candidates.map((one) => [one.worker, one]));
  const workers = Math.max(0, ...byWorker.keys()) + 1;
  const column = (
    of: (one: RouterCall["view"]["candidates"][number]) => number,
  ): readonly number[] =>
    Array.from({ length: workers }, (_, worker) => {
      const one = byWorker.get(worker);
      return one === undefined ? 0 : of(one);
    });
  return {
    overlapBlocks: Uint32Array.from(column((one) => one.overlapBlocks)),
    hostBlocks: Uint32Array.from(column((one) => one.hostBlocks ?? 0)),
    diskBlocks: Uint32Array.from(column((one) => one.diskBlocks ?? 0)),
    distances: Uint8Array.from(column((one) => one.distance)),
    loadBlocks: Float64Array.from(column((one) => one.loadBlocks)),
    activeRequests: Uint32Array.from(column((one) => one.activeRequests)),
    live: Uint8Array.from(column((one) => (one.live ? 1 : 0))),
  };
};

const plainOf = (columns: Columns): Reply["before"] =>
  Object.values(columns).map((column) => [...column]);

/** Lets a router choose over arrays of its own, and reports them. */
const looking =
  (create: (policy: Policy, seed: number) => Router): Subject<RouterCall, Reply> =>
  () =>
  (call) => {
    const columns = columnsOf(call);
    const before = plainOf(columns);
    const { promptBlocks, number } = call.view;
    create(call.policy, call.seed)({ ...columns, promptBlocks, number });
    return { before, after: plainOf(columns) };
  };

/** A router that does something to what it was given, beside choosing rightly. */
const meddling = (meddle: (view: RouterArrays, chosen: number) => void) =>
  looking((policy, seed) => {
    const choose = createRouter(policy, seed);
    return (view) => {
      const chosen = choose(view);
      if (chosen >= 0) meddle(view, chosen);
      return chosen;
    };
  });

export default property({
  id: "RTR-17",
  part: "router",
  statement: "choosing changes nothing: what a router is given is the same after it has chosen",
  given: anyCall,
  subject: looking(createRouter),
  scripts: (call) => [[call]],
  holds(_, replies) {
    const reply = replyIn(replies);
    const difference = differs(reply?.before, reply?.after);
    return difference && { at: 0, ...difference, about: "the router's arrays" };
  },
  witnesses: {
    "a choice of several": ({ view }) => liveIn(view).length > 1,
    "somebody not live, of whom something is said": ({ view }) =>
      view.candidates.some(({ live, overlapBlocks }) => !live && overlapBlocks > 0),
  },
  mutants: {
    "counts the request as the chosen worker's itself": meddling((view, chosen) => {
      view.activeRequests[chosen] = (view.activeRequests[chosen] as number) + 1;
    }),
    "adds the prompt to the chosen worker's load itself": meddling((view, chosen) => {
      view.loadBlocks[chosen] = (view.loadBlocks[chosen] as number) + view.promptBlocks + 1;
    }),
    "wipes out the overlap of those who are not live": meddling((view) => {
      for (const [worker, live] of view.live.entries()) {
        if (live === 0) view.overlapBlocks[worker] = 0;
      }
    }),
    "takes the chosen worker out until its next turn": meddling((view, chosen) => {
      view.live[chosen] = 0;
    }),
  },
});
