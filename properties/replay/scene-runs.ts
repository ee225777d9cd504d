/** Runs of scenes: what a subject is asked, and the engine and its model as subjects. */
import { ascending, byEach } from "#base";
import type { Subject } from "#verify";
import {
  type CreateModel,
  type EngineMakers,
  engineRun,
  modelRun,
  type Run,
  type RunSetup,
} from "./engines.ts";
import type { Scene } from "./scene.ts";
import { rackCosts, type Speeds, USUAL, wholeCosts } from "./scene-rack.ts";
import { BLOCK_TOKENS, traceOf } from "./scene-trace.ts";

const orNone = (ns: number): number | undefined => (ns < 0 ? undefined : ns);

/** The run that a scene describes, on a rack of some speed; `shift` GPUs to the right of where its workers usually are. */
export const runSetup = (scene: Scene, speeds = USUAL, shift = 0): RunSetup => {
  const { workers, decoders, tp, requests } = scene;
  return {
    ...rackCosts(scene.isRound, tp, speeds),
    tp,
    policy: scene.policy,
    settings: {
      blockTokens: BLOCK_TOKENS,
      maxNumSeqs: scene.seats,
      maxNumBatchedTokens: scene.budget,
      preemption: scene.preemption,
      isFetching: scene.isFetching,
      deadlineNs: orNone(scene.deadlineNs),
      ttftDeadlineNs: orNone(scene.ttftDeadlineNs),
      patienceNs: (number) =>
        scene.isPatient ? undefined : orNone(requests[number]?.patienceNs ?? -1),
      concurrency: orNone(scene.concurrency),
    },
    workers: Array.from({ length: workers + Math.max(0, decoders) }, (_, place) => ({
      number: place * tp + shift,
      kind: 0,
      role: decoders < 0 ? "both" : place < workers ? "prefill" : "decode",
      capacityBlocks: place < workers ? scene.capacity : scene.decoderCapacity,
    })),
    requests: traceOf(scene).map((request, number) => ({
      number,
      request,
      blocks: request.blocks,
    })),
  };
};

/** Two runs as one: the second half's requests are numbered behind those of the first, and are another model's. */
const together = (left: RunSetup, right: RunSetup): RunSetup => ({
  ...left,
  workers: [...left.workers, ...right.workers],
  requests: [...left.requests, ...right.requests].toSorted(
    byEach(
      ascending(({ request }) => request.arrivalNs),
      ascending(({ number }) => number),
    ),
  ),
});

/** The same run as that of another kind, with numbers and sessions from some on. */
const asSecond = (setup: RunSetup, from: number): RunSetup => ({
  ...setup,
  workers: setup.workers.map((worker) => ({ ...worker, kind: 1 })),
  requests: setup.requests.map(({ number, request, blocks }) => {
    const session = request.session < 0 ? -1 : request.session + 100;
    return { number: number + from, request: { ...request, session, model: 1 }, blocks };
  }),
});

/** What a subject is asked: one run of a scene, or of two, or of the second of two, on a rack of some speed and in some place. */
export type RunCall = {
  readonly kind: "run";
  readonly scene: Scene;
  readonly speeds?: Speeds;
  readonly shift?: number;
  /** Where steps take whole times: how long a token takes. */
  readonly tokenNs?: number;
  readonly second?: Scene;
  readonly only?: "first" | "second";
};

/** Where the workers of a second scene begin. */
const SECOND_HALF = 16;

const setupOf = ({ scene, speeds, shift, tokenNs, second, only }: RunCall): RunSetup => {
  const given = runSetup(scene, speeds, shift);
  const first =
    tokenNs === undefined ? given : { ...given, costs: wholeCosts(given.costs, tokenNs) };
  if (second === undefined || only === "first") return first;
  const other = asSecond(runSetup(second, speeds, SECOND_HALF), scene.requests.length);
  return only === "second" ? other : together(first, other);
};

/** The engine as a subject, or a broken one; or one that is told something else. */
export const engine =
  (
    makers: Partial<EngineMakers> = {},
    change: (setup: RunSetup) => RunSetup = (same) => same,
  ): Subject<RunCall, Run> =>
  () =>
  (call) =>
    engineRun(change(setupOf(call)), makers);

/** The model as a subject, or a broken one. */
export const model =
  (create?: CreateModel): Subject<RunCall, Run> =>
  () =>
  (call) =>
    modelRun(setupOf(call), create);
