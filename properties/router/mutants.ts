/** Broken routers: the model, asked another question than was put to it. Named after what they do. */
import {
  type Candidate,
  chooseWorker,
  type Policy,
  type RouterCall,
  type RouterReply,
} from "#rack";
import type { Subject } from "#verify";
import { liveIn, withEach, withView, workerIn } from "./views.ts";

type Mutant = Subject<RouterCall, RouterReply>;
type Costed = Policy & { readonly kind: "dynamo-cost" };
type KvAware = Policy & { readonly kind: "kv-aware" };

const ask = ({ policy, seed, view }: RouterCall): RouterReply => chooseWorker(policy, seed, view);

/** Asks about something else. */
const asking =
  (change: (call: RouterCall) => RouterCall): Mutant =>
  () =>
  (call) =>
    ask(change(call));

/** Asks about workers under other numbers, and gives the answer under their own. */
const renumbering =
  (number: (worker: number, index: number) => number): Mutant =>
  () =>
  (call) => {
    const { candidates } = call.view;
    const reply = ask(withEach(call, ({ worker }, index) => ({ worker: number(worker, index) })));
    if (reply.kind === "refused") return reply;
    const chosen = candidates.find(({ worker }, index) => number(worker, index) === reply.worker);
    return { kind: "chosen", worker: chosen?.worker ?? -1 };
  };

/** Decides with another setting of Dynamo's cost. */
const costing = (change: Partial<Costed>): Mutant =>
  asking((call) =>
    call.policy.kind === "dynamo-cost" ? { ...call, policy: { ...call.policy, ...change } } : call,
  );

/** Keeps to another bound than the policy's: only workers with at most `most` requests are asked about. */
const bounding = (most: (policy: KvAware, bound: number, call: RouterCall) => number): Mutant =>
  asking((call) => {
    const { policy } = call;
    if (policy.kind !== "kv-aware" || policy.imbalanceBound === null) return call;
    const limit = most(policy, policy.imbalanceBound, call);
    const candidates = call.view.candidates.filter((one) => one.activeRequests + 1 <= limit);
    return withView({ ...call, policy: { ...policy, imbalanceBound: null } }, { candidates });
  });

const requestsIn = (candidates: readonly { readonly activeRequests: number }[]): number =>
  candidates.reduce((sum, { activeRequests }) => sum + activeRequests, 0);

const creditsOf = (policy: Costed, one: Candidate): number =>
  policy.overlapCredit * one.overlapBlocks +
  policy.hostCredit * (one.hostBlocks ?? 0) +
  policy.diskCredit * (one.diskBlocks ?? 0);

const costOf = (policy: Costed, call: RouterCall, worker: number): number => {
  const one = call.view.candidates.find((candidate) => candidate.worker === worker);
  if (one === undefined) return 0;
  const prefill = call.view.promptBlocks - creditsOf(policy, one);
  return (
    policy.prefillScale * Math.max(0, prefill) +
    one.loadBlocks +
    policy.requestWeight * one.activeRequests
  );
};

const costsIn = (policy: Costed, call: RouterCall): readonly number[] =>
  liveIn(call.view).map(({ worker }) => costOf(policy, call, worker));

/** Asks about workers whose whole cost is what is said here. */
const pricing = (price: (cost: number, costs: readonly number[]) => number): Mutant =>
  asking((call) => {
    const { policy } = call;
    if (policy.kind !== "dynamo-cost") return call;
    const costs = costsIn(policy, call);
    return withEach(
      { ...call, policy: { ...policy, prefillScale: 0, requestWeight: 0 } },
      ({ worker }) => ({ loadBlocks: price(costOf(policy, call, worker), costs) }),
    );
  });

export const MUTANTS = {
  "ignores the distance": asking((call) => withEach(call, () => ({ distance: 0 }))),
  "ignores the load": asking((call) => withEach(call, () => ({ loadBlocks: 0 }))),
  "ignores the overlap": asking((call) => withEach(call, () => ({ overlapBlocks: 0 }))),
  "prefers the shorter run": asking((call) =>
    withEach(call, ({ overlapBlocks }) => ({ overlapBlocks: 4 - overlapBlocks })),
  ),
  "prefers the further worker": asking((call) =>
    withEach(call, ({ distance }) => ({ distance: 3 - distance })),
  ),
  "prefers the more loaded worker": asking((call) =>
    withEach(call, ({ loadBlocks }) => ({ loadBlocks: 3 - loadBlocks })),
  ),
  "keeps only the last bit of a run": asking((call) =>
    withEach(call, ({ overlapBlocks }) => ({ overlapBlocks: overlapBlocks & 1 })),
  ),
  "sends requests to workers that are not live": asking((call) =>
    withEach(call, () => ({ live: true })),
  ),
  "takes the last of equals": renumbering((worker) => 1000 - worker),
  "takes the first of equals in the list": renumbering((_, index) => index),
  "prefers even numbers": renumbering((worker) => (worker % 2) * 1000 + worker),

  "takes a hit of a worker that is not live for a hit": asking((call) => {
    const { policy, view } = call;
    const isHit = view.candidates.some(({ overlapBlocks }) => overlapBlocks > 0);
    const isLiveHit = liveIn(view).some(({ overlapBlocks }) => overlapBlocks > 0);
    // As if everybody had one block: then the order is the one on a hit.
    return policy.kind === "kv-aware" && isHit && !isLiveHit
      ? withEach(call, () => ({ overlapBlocks: 1 }))
      : call;
  }),
  "scales temperatures by the costs of workers that are not live too": asking((call) => {
    const { policy } = call;
    if (policy.kind !== "dynamo-cost") return call;
    const all = call.view.candidates.map(({ worker }) => costOf(policy, call, worker));
    const live = costsIn(policy, call);
    const spread = Math.max(...live) - Math.min(...live);
    const wider = Math.max(...all) - Math.min(...all);
    if (live.length === 0 || spread === 0) return call;
    return { ...call, policy: { ...policy, temperature: policy.temperature * (wider / spread) } };
  }),

  "ignores the imbalance bound": bounding(() => Number.POSITIVE_INFINITY),
  "allows one request more than the bound": bounding((_, bound, { view }) => {
    const live = liveIn(view);
    return 1 + Math.ceil((bound * (requestsIn(live) + 1)) / live.length);
  }),
  "reckons the bound's mean over workers that are not live too": bounding((_, bound, { view }) =>
    Math.ceil((bound * (requestsIn(liveIn(view)) + 1)) / view.candidates.length),
  ),
  "forgets the request that is being placed": bounding((_, bound, { view }) => {
    const live = liveIn(view);
    return Math.ceil((bound * requestsIn(live)) / live.length);
  }),

  "ignores prefill": costing({ prefillScale: 1 }),
  "ignores credit": costing({ overlapCredit: 1 }),
  "ignores host": costing({ hostCredit: 0.75 }),
  "ignores disk": costing({ diskCredit: 0.25 }),
  "credits a block alike in every tier": asking((call) =>
    call.policy.kind === "dynamo-cost"
      ? {
          ...call,
          policy: {
            ...call.policy,
            hostCredit: call.policy.overlapCredit,
            diskCredit: call.policy.overlapCredit,
          },
        }
      : call,
  ),
  "takes a block that lies lower for one in HBM": asking((call) =>
    withEach(call, ({ overlapBlocks, hostBlocks = 0, diskBlocks = 0 }) => ({
      overlapBlocks: overlapBlocks + hostBlocks + diskBlocks,
      hostBlocks: 0,
      diskBlocks: 0,
    })),
  ),
  "ignores w": costing({ requestWeight: 0 }),
  "ignores temperature": costing({ temperature: 0 }),
  "lets a prefill cost less than nothing": asking((call) => {
    const { policy } = call;
    if (policy.kind !== "dynamo-cost") return call;
    const rest = (one: Candidate): number => call.view.promptBlocks - creditsOf(policy, one);
    return withEach(call, (one) => ({
      loadBlocks: one.loadBlocks + policy.prefillScale * Math.min(0, rest(one)),
    }));
  }),
  "takes the dearest": pricing((cost, costs) => Math.max(...costs) - cost),
  "draws by the costs as they are, not scaled": asking((call) => {
    const { policy } = call;
    if (policy.kind !== "dynamo-cost") return call;
    const costs = costsIn(policy, call);
    const spread = Math.max(...costs) - Math.min(...costs);
    const temperature = spread > 0 ? policy.temperature / spread : policy.temperature;
    return { ...call, policy: { ...policy, temperature } };
  }),
  "draws evenly": asking((call) =>
    call.policy.kind === "dynamo-cost" && call.policy.temperature > 0
      ? { ...call, policy: { kind: "random" } }
      : call,
  ),

  "draws the same for every decision": asking((call) => withView(call, { number: 0 })),
  "draws the same under every seed": asking((call) => ({ ...call, seed: 0 })),
  "never draws the last worker": asking((call) => {
    const live = liveIn(call.view);
    const last = Math.max(...live.map(({ worker }) => worker));
    const others = live.filter(({ worker }) => worker !== last);
    return live.length > 1 ? withView(call, { candidates: others }) : call;
  }),
  "takes turns by a count of its own": () => {
    let asked = 0;
    return (call) => {
      asked += 1;
      return ask(withView(call, { number: asked - 1 }));
    };
  },
  "gives the turn of a worker that is not live to the next": () => (call) => {
    const { candidates, number } = call.view;
    if (call.policy.kind !== "round-robin" || liveIn(call.view).length === 0) return ask(call);
    const numbers = candidates.map(({ worker }) => worker).toSorted((left, right) => left - right);
    const live = new Set(liveIn(call.view).map(({ worker }) => worker));
    let turn = number % numbers.length;
    while (!live.has(numbers[turn] as number)) turn = (turn + 1) % numbers.length;
    return { kind: "chosen", worker: numbers[turn] as number };
  },
  "gives turns by number, not by place": () => (call) => {
    const numbers = liveIn(call.view)
      .map(({ worker }) => worker)
      .toSorted((left, right) => left - right);
    if (call.policy.kind !== "round-robin" || numbers.length === 0) return ask(call);
    const turn = call.view.number % ((numbers.at(-1) as number) + 1);
    return { kind: "chosen", worker: numbers.find((worker) => worker >= turn) as number };
  },
  "stays with its last choice": () => {
    let last = -1;
    return (call) => {
      const reply = ask(call);
      const stays = liveIn(call.view).some(({ worker }) => worker === last);
      last = stays ? last : workerIn(reply);
      return stays ? { kind: "chosen", worker: last } : reply;
    };
  },
} as const satisfies Readonly<Record<string, Mutant>>;

/** Some of the mutants, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Readonly<Record<Name, Mutant>> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Record<Name, Mutant>;
