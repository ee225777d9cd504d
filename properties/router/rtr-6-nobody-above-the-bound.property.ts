import fc from "fast-check";
import {
  type Candidate,
  createRouter,
  type Policy,
  type RouterCall,
  type RouterReply,
  routerSubject,
} from "#rack";
import {
  finding,
  type Given,
  oneOfValues,
  property,
  type Script,
  type Subject,
  sequences,
} from "#verify";
import { MUTANTS } from "./mutants.ts";
import { workerIn } from "./views.ts";

/** Requests that all share one prefix, ends of requests, and workers that die. */
type Step =
  | { readonly kind: "request" }
  | { readonly kind: "end" | "lose"; readonly worker: number };

type Case = {
  readonly bound: number;
  readonly workers: number;
  readonly steps: readonly Step[];
};

type Call = Step | { readonly kind: "open"; readonly bound: number; readonly workers: number };

/** Who got the request, −1 for nobody, and how many requests each live worker then has. */
type Reply = { readonly worker: number; readonly requests: readonly number[] };

type Worker = { readonly requests: number; readonly isWarm: boolean; readonly live: boolean };

/** What the router is told. A worker that has served the prefix once holds all of it. */
const candidatesOf = (workers: readonly Worker[]): readonly Candidate[] =>
  workers.map(({ requests, isWarm, live }, worker) => ({
    worker,
    overlapBlocks: isWarm ? 4 : 0,
    distance: 3,
    loadBlocks: 4 * requests,
    activeRequests: requests,
    live,
  }));

/** What each step does to the worker it falls to. */
const EFFECTS: Readonly<Record<Step["kind"], (worker: Worker) => Worker>> = {
  request: (worker) => ({ ...worker, requests: worker.requests + 1, isWarm: true }),
  end: (worker) => ({ ...worker, requests: Math.max(0, worker.requests - 1) }),
  lose: (worker) => ({ ...worker, requests: 0, live: false }),
};

/** A rack around a router: keeps the loads, and feeds them back. */
const dispatching =
  (router: Subject<RouterCall, RouterReply>): Subject<Call, Reply> =>
  () => {
    const choose = router();
    let policy: Policy = { kind: "kv-aware", imbalanceBound: 1 };
    let workers: readonly Worker[] = [];
    const place = (): number =>
      workerIn(
        choose({
          policy,
          seed: 0,
          view: { candidates: candidatesOf(workers), promptBlocks: 4, number: 0 },
        }),
      );
    const report = (worker: number): Reply => ({
      worker,
      requests: workers.map(({ requests, live }) => (live ? requests : -1)),
    });
    return (call) => {
      if (call.kind === "open") {
        policy = { kind: "kv-aware", imbalanceBound: call.bound };
        workers = Array.from({ length: call.workers }, (_, worker) => ({
          requests: 0,
          isWarm: worker === 0,
          live: true,
        }));
        return report(-1);
      }
      const at = call.kind === "request" ? place() : call.worker % workers.length;
      workers = workers.map((one, worker) => (worker === at ? EFFECTS[call.kind](one) : one));
      return report(at);
    };
  };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("request" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("end" as const), worker: fc.nat({ max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("lose" as const), worker: fc.nat({ max: 5 }) }),
  },
);

const plain: fc.Arbitrary<Case> = fc.record({
  bound: oneOfValues<number>(1, 1.25, 1.5, 2),
  workers: fc.integer({ min: 1, max: 6 }),
  steps: fc.array(step, { maxLength: 60, size: "max" }),
});

const ALPHABET: readonly Step[] = [
  { kind: "request" },
  { kind: "end", worker: 0 },
  { kind: "end", worker: 1 },
  { kind: "lose", worker: 1 },
];

/** Three workers, bounds 1 and 1.5, and every history of up to five steps: 2 · (4^6 − 1) ÷ 3 = 2,730. */
const given: Given<Case> = {
  arbitrary: plain,
  plain,
  *small() {
    for (const steps of sequences(ALPHABET, 5)) {
      yield { bound: 1, workers: 3, steps };
      yield { bound: 1.5, workers: 3, steps };
    }
  },
};

const sum = (requests: readonly number[]): number =>
  requests.reduce((total, count) => total + Math.max(0, count), 0);

export default property({
  id: "RTR-6",
  part: "router",
  statement:
    "no choice takes a worker above the bound times the mean number of requests, rounded up, though all share one prefix; and somebody is always chosen while anybody is live",
  given,
  subject: dispatching(routerSubject(createRouter)),
  scripts: ({ bound, workers, steps }): readonly Script<Call>[] => [
    [{ kind: "open", bound, workers }, ...steps],
  ],
  holds({ bound, steps }, [replies = []]) {
    for (const [index, reply] of replies.slice(1).entries()) {
      if (steps[index]?.kind !== "request") continue;
      const live = reply.requests.filter((count) => count >= 0);
      if (live.length === 0) continue;
      const most = Math.ceil((bound * sum(live)) / live.length);
      const found = reply.requests[reply.worker];
      if (found === undefined) return finding(index + 1, "a choice", reply);
      if (found > most) return finding(index + 1, most, found, "requests of the chosen worker");
    }
    return undefined;
  },
  witnesses: {
    "a warm worker passed over": (_, [replies = []]) =>
      replies.some(({ worker, requests }) => worker > 0 && (requests[0] ?? -1) >= 0),
    "a bound kept among fewer workers, after a loss": ({ steps }) =>
      steps.slice(steps.findIndex(({ kind }) => kind === "lose")).length > 2 &&
      steps.some(({ kind }) => kind === "lose"),
  },
  mutants: {
    "ignores the imbalance bound": dispatching(MUTANTS["ignores the imbalance bound"]),
    "allows one request more than the bound": dispatching(
      MUTANTS["allows one request more than the bound"],
    ),
    "forgets the request that is being placed": dispatching(
      MUTANTS["forgets the request that is being placed"],
    ),
    "reckons the bound's mean over workers that are not live too": dispatching(
      MUTANTS["reckons the bound's mean over workers that are not live too"],
    ),
  },
});
