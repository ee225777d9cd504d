/** The views and policies that the router's properties range over: few values, so that candidates tie. */
import fc from "fast-check";
import type { Candidate, Policy, RouterCall, RouterReply, RouterView } from "#rack";
import { type Given, oneOfValues, values } from "#verify";

const few = fc.nat({ max: 3 });

const candidate: fc.Arbitrary<Candidate> = fc.record({
  worker: oneOfValues<number>(0, 1, 2, 5, 40),
  overlapBlocks: few,
  hostBlocks: few,
  diskBlocks: few,
  distance: few,
  loadBlocks: few,
  activeRequests: few,
  live: oneOfValues<boolean>(true, true, true, false),
});

/** So many candidates, in any order. */
export const someCandidates = (most: number, least = 0): fc.Arbitrary<readonly Candidate[]> =>
  fc.uniqueArray(candidate, {
    selector: ({ worker }) => worker,
    minLength: least,
    maxLength: most,
    size: "max",
  });

/** A view of up to five candidates. Some prompts are shorter than what a worker, told late, is said to hold of them. */
export const anyView = (least = 0): fc.Arbitrary<RouterView> =>
  fc.record({
    candidates: someCandidates(5, least),
    promptBlocks: fc.nat({ max: 8 }),
    number: fc.nat({ max: 20 }),
  });

/** `kv-aware`, with and without a bound. */
export const kvAware: fc.Arbitrary<Policy> = fc.record({
  kind: fc.constant("kv-aware" as const),
  imbalanceBound: oneOfValues<number | null>(null, 1, 1.25, 2),
});

/** `dynamo-cost`, each option at its usual value and at others, at one of some temperatures. */
export const dynamoCost = (...temperatures: readonly [number, ...number[]]): fc.Arbitrary<Policy> =>
  fc.record({
    kind: fc.constant("dynamo-cost" as const),
    prefillScale: oneOfValues<number>(1, 0, 0, 4),
    overlapCredit: oneOfValues<number>(1, 0, 0.5),
    hostCredit: oneOfValues<number>(0.75, 0, 0.5),
    diskCredit: oneOfValues<number>(0.25, 0, 1),
    requestWeight: oneOfValues<number>(0, 1, 0.25),
    temperature: oneOfValues<number>(...temperatures),
  });

/** A policy without options. */
export const plainPolicy = (...kinds: readonly ["round-robin" | "least-loaded" | "random"]) =>
  fc.record({ kind: oneOfValues(...kinds) });

/** Each policy, with each of its options. */
export const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(
  kvAware,
  dynamoCost(0, 0.5, 2),
  plainPolicy("round-robin"),
  plainPolicy("least-loaded"),
  plainPolicy("random"),
);

/** The policies that neither draw nor take turns: what they choose, they prefer. */
const preferringPolicy: fc.Arbitrary<Policy> = fc.oneof(
  kvAware,
  dynamoCost(0),
  plainPolicy("least-loaded"),
);

const SMALL_POLICIES: readonly Policy[] = [
  { kind: "kv-aware", imbalanceBound: null },
  { kind: "kv-aware", imbalanceBound: 1 },
  { kind: "least-loaded" },
  {
    kind: "dynamo-cost",
    prefillScale: 1,
    overlapCredit: 1,
    hostCredit: 0.75,
    diskCredit: 0.25,
    requestWeight: 0.25,
    temperature: 0,
  },
];

const BITS = [0, 1] as const;

const smallCandidates = (worker: number): readonly Candidate[] =>
  BITS.flatMap((overlapBlocks) =>
    BITS.flatMap((distance) =>
      BITS.flatMap((loadBlocks) =>
        BITS.flatMap((activeRequests) =>
          [true, false].map((live) => ({
            worker,
            overlapBlocks,
            distance,
            loadBlocks,
            activeRequests,
            live,
          })),
        ),
      ),
    ),
  );

/** Two candidates whose every number is 0 or 1, live or not, under four policies: 4 · 32² = 4,096 calls. */
function* smallCalls(): Generator<RouterCall> {
  for (const policy of SMALL_POLICIES) {
    for (const left of smallCandidates(0)) {
      for (const right of smallCandidates(1)) {
        yield { policy, seed: 0, view: { candidates: [left, right], promptBlocks: 2, number: 0 } };
      }
    }
  }
}

/** Decisions under some policies among at least so many candidates, drawn. */
export const callsOf = (policy: fc.Arbitrary<Policy>, least = 0): Given<RouterCall> =>
  values(fc.record({ policy, seed: few, view: anyView(least) }));

/** Decisions under any policy: every small one, then drawn ones. */
export const anyCall: Given<RouterCall> = { ...callsOf(anyPolicy), small: smallCalls };

/** Decisions of policies that prefer: every small one, then drawn ones. */
export const preferringCall: Given<RouterCall> = {
  ...callsOf(preferringPolicy),
  small: smallCalls,
};

/** The reply to the first call of the first script: the whole of what many properties ask. */
export const replyIn = <Reply>(replies: readonly (readonly Reply[])[]): Reply | undefined =>
  replies[0]?.[0];

/** The candidates that may be chosen at all. */
export const liveIn = ({ candidates }: RouterView): readonly Candidate[] =>
  candidates.filter(({ live }) => live);

/** The worker that a reply names; −1 for a refusal. */
export const workerIn = (reply: RouterReply | undefined): number =>
  reply?.kind === "chosen" ? reply.worker : -1;

/** The same call with its view changed. */
export const withView = (call: RouterCall, change: Partial<RouterView>): RouterCall => ({
  ...call,
  view: { ...call.view, ...change },
});

/** The same call with each candidate changed. */
export const withEach = (
  call: RouterCall,
  change: (candidate: Candidate, index: number) => Partial<Candidate>,
): RouterCall =>
  withView(call, {
    candidates: call.view.candidates.map((one, index) => ({ ...one, ...change(one, index) })),
  });
