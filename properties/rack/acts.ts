/** What may happen to a rack, as it is drawn, recognised and shrunk; and acts in a row that belong together. */
import fc from "fast-check";
import type { MachineAct } from "#rack";
import { oneOfValues } from "#verify";
import { GPUS, type RackAct } from "./setup.ts";

/** A tree of prefixes: a number stands for the whole path to it. */
export const CHAINS: readonly [readonly number[], ...(readonly number[])[]] = [
  [1],
  [1, 2],
  [1, 2, 3, 4],
  [1, 2, 3],
  [1, 2, 3],
  [1, 2, 5],
  [1, 2, 3, 4, 6],
  [7],
  [7, 8],
  [7, 8, 9, 10],
  [11, 12],
];

const kindOf = <Kind extends string>(kind: Kind) => oneOfValues(kind);

export const owner = oneOfValues<number>(0, 0, 1, 1, 2, 3);
export const model = oneOfValues("a", "a", "a", "b", "b", "c");
const format = oneOfValues("fp8", "fp8", "fp8", "fp8", "fp4", "fp16");
const running = { model, weightFormat: format, kvFormat: oneOfValues("fp8", "fp8", "fp8", "fp4") };
export const gpu = fc.nat({ max: GPUS - 1 });
export const request = oneOfValues<number>(0, 0, 1, 1, 2, 3);
const from = oneOfValues<number>(0, 1, 2, 5);

export const blocks = oneOfValues<readonly number[]>(...CHAINS);
/** Nothing, a block twice, and a block under two parents. */
const oddBlocks = oneOfValues<readonly number[]>([], [1, 1], [2], [1, 3]);
const unnamed = oneOfValues<number>(0, 0, 1, 2);

const topology = oneOfValues<NonNullable<Extract<MachineAct, { kind: "deploy" }>["topology"]>>(
  {},
  {},
  { required: "same-domain" },
  { required: "different-domains" },
  { preferred: { near: 5 } },
  { required: { near: 0 } },
  { required: { near: 4 } },
  { required: { near: 5 } },
);

/** Every act, as it is drawn, recognised and shrunk. */
export const ACTS = {
  deploy: fc.record({
    kind: kindOf("deploy"),
    owner,
    ...running,
    tp: oneOfValues<number>(1, 1, 2, 2, 4, 3),
    replicas: oneOfValues<number>(1, 1, 2, 2, 3, 4, 0),
    priority: oneOfValues<number>(0, 0, 1),
    topology,
  }),
  undeploy: fc.record({ kind: kindOf("undeploy"), owner }),
  swapOwner: fc.record({ kind: kindOf("swap"), owner, ...running }),
  swapWorker: fc.record({ kind: kindOf("swap"), worker: gpu, ...running }),
  lose: fc.record({ kind: kindOf("lose"), gpu }),
  loseMore: fc.oneof(
    fc.record({ kind: kindOf("lose"), superchip: fc.nat({ max: 3 }) }),
    fc.record({ kind: kindOf("lose"), domain: fc.nat({ max: 1 }) }),
  ),
  regain: fc.oneof(
    fc.record({ kind: kindOf("regain"), gpu }),
    fc.record({ kind: kindOf("regain"), superchip: fc.nat({ max: 3 }) }),
    fc.record({ kind: kindOf("regain"), domain: fc.nat({ max: 1 }) }),
  ),
  route: fc.record({ kind: kindOf("route"), model, blocks, from }),
  send: fc.record({ kind: kindOf("send"), request, model, blocks, unnamed, from }),
  sendTo: fc.record({ kind: kindOf("send"), request, model, blocks, unnamed, worker: gpu }),
  sendOdd: fc.record({ kind: kindOf("send"), request, model, blocks: oddBlocks, unnamed, from }),
  start: fc.record({ kind: kindOf("start"), request }),
  fetch: fc.record({ kind: kindOf("fetch"), request }),
  fill: fc.record({ kind: kindOf("fill"), request }),
  release: fc.record({ kind: kindOf("release"), request }),
  grow: fc.record({ kind: kindOf("grow"), request, count: fc.nat({ max: 2 }) }),
  wait: fc.record({
    kind: kindOf("wait"),
    ns: oneOfValues<number>(400, 1000, 2500, 2500, 10_000),
  }),
} as const satisfies Record<string, fc.Arbitrary<RackAct>>;

export const RUNNING = { weightFormat: "fp8", kvFormat: "fp8" } as const;

/** Long enough for any weights to arrive. */
export const LOADED: RackAct = { kind: "wait", ns: 10_000 };

/** Replicas whose weights are on their way. */
export const deploy = (owner: number, model: string, tp: number, replicas: number): RackAct => ({
  kind: "deploy",
  owner,
  model,
  ...RUNNING,
  tp,
  replicas,
  priority: 0,
  topology: {},
});

/** Replicas that serve. */
export const up = (...what: Parameters<typeof deploy>): readonly RackAct[] => [
  deploy(...what),
  LOADED,
];

/** Another model on its way to a worker. */
export const exchange = (worker: number, model: string): RackAct => ({
  kind: "swap",
  worker,
  model,
  ...RUNNING,
});

/** A request that is sent to a worker and computed there. */
export const prompt = (
  request: number,
  model: string,
  blocks: readonly number[],
  worker: number,
): readonly RackAct[] => [
  { kind: "send", request, model, blocks, unnamed: 0, worker },
  { kind: "start", request },
  { kind: "fill", request },
];

/** A request whose worker copies what it lacks; the copy has time to arrive. */
export const copy = (
  request: number,
  model: string,
  blocks: readonly number[],
  worker: number,
): readonly RackAct[] => [
  { kind: "send", request, model, blocks, unnamed: 0, worker },
  { kind: "start", request },
  { kind: "fetch", request },
];

/** One worker computes a prompt and reads it again, two others of its domain copy it, so that its switch promotes it; a fourth copies it from there. */
export const share = (model: string, blocks: readonly number[]): readonly RackAct[] => [
  ...prompt(0, model, blocks, 0),
  { kind: "release", request: 0 },
  { kind: "send", request: 0, model, blocks, unnamed: 0, worker: 0 },
  { kind: "start", request: 0 },
  { kind: "release", request: 0 },
  ...[1, 2, 3].flatMap((worker): readonly RackAct[] => [
    ...copy(worker, model, blocks, worker),
    { kind: "wait", ns: 2500 },
    { kind: "release", request: worker },
  ]),
];
