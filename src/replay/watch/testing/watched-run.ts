/** Small runs for the tests of the watch, whole and broken. */
import { nanos, randomStream } from "#base";
import type { Costs } from "#cost";
import {
  BlockPool,
  createBlockDirectory,
  createEventPlane,
  createRouter,
  type Fabric,
  FLEET_PARTS,
  fabricShapeOf,
  KvFabric,
  SwitchTier,
} from "#rack";
import type { TraceRequest } from "#trace";
import { RunControl } from "../../control.ts";
import type { EngineSettings } from "../../engine/contract.ts";
import { Engine } from "../../engine/engine.ts";
import type { EngineWatcher } from "../../engine/watcher.ts";
import { offered, settingsOf } from "../../offered.ts";
import { type Plan, type PlannedDeployment, plan, readReplayOptions } from "../../options/index.ts";
import type { RackParts } from "../../service-contract.ts";
import { RunWatch } from "../run-watch.ts";
import type { WatchSettings } from "../settings.ts";

/** `count` requests over a tree of prefixes, a few blocks of 512 tokens deep: close enough together to queue, and too many to keep. */
export const requestsOf = (count: number, models = 1): readonly TraceRequest[] => {
  const stream = randomStream(1, "watched run");
  const names = new Map<string, number>();
  const nameOf = (path: string): number => {
    const known = names.get(path) ?? names.size;
    names.set(path, known);
    return known;
  };
  let now = 0;
  return Array.from({ length: count }, () => {
    now += stream.below(40_000_000);
    const model = stream.below(models);
    let path = `${model}`;
    const blocks = Array.from({ length: 1 + stream.below(6) }, () => {
      path += `/${stream.below(3)}`;
      return nameOf(path);
    });
    const length = blocks.length * 512 - stream.below(512);
    return {
      arrivalNs: nanos(now),
      inputTokens: length,
      outputTokens: 1 + stream.below(1_500),
      blocks: Uint32Array.from(blocks),
      session: -1,
      turn: 0,
      delayNs: -1,
      priority: stream.below(2),
      model: models === 1 ? -1 : model,
      failed: false,
      extra: "",
    };
  });
};

const DEPLOYED = {
  model: "llama-405b",
  weight_format: "fp4",
  kv_format: "fp8",
  tp: 8,
  capacity_blocks: 24,
};

/** Four workers of 24 blocks that do both halves of a request. */
export const TOGETHER = [{ ...DEPLOYED, replicas: 4 }];

/** Two that prefill and three that decode. */
export const APART = [
  { ...DEPLOYED, replicas: 2, role: "prefill" },
  { ...DEPLOYED, replicas: 3, role: "decode" },
];

/** A small step's budget, so that prompts come in chunks; and users who do not wait for ever. */
const USUAL = {
  max_num_batched_tokens: 1_024,
  oversized: "fail",
  abandon: { share: 0.1, after_ns: 3_000_000_000 },
};

/** Options of a run, by name, besides the usual ones. */
export type Given = Readonly<Record<string, unknown>>;

/** What is run: options, and whatever is broken about it. */
export type Broken = {
  readonly given?: Given;
  readonly requests?: readonly TraceRequest[];
  readonly models?: readonly string[];
  readonly parts?: (parts: RackParts) => Partial<RackParts>;
  readonly costs?: Partial<Costs>;
  readonly settings?: Partial<EngineSettings>;
  readonly watch?: Partial<WatchSettings>;
  /** A watcher that passes on to the watch what the engine tells, or something else. */
  readonly watcher?: (watch: RunWatch, engine: () => Engine) => Partial<EngineWatcher>;
};

/** A run that has ended. */
export type Run = {
  readonly engine: Engine;
  readonly watch: RunWatch;
  readonly control: RunControl;
  readonly fabric: Fabric;
};

const planOf = ({ given = {}, models = [], costs = {} }: Broken): Plan => {
  const options = readReplayOptions({ ...USUAL, deploy: TOGETHER, ...given });
  const planned = plan(options, { blockTokens: 512, models });
  const broken = (deployment: PlannedDeployment): PlannedDeployment => ({
    ...deployment,
    costs: { ...deployment.costs, ...costs },
  });
  return { ...planned, deployments: planned.deployments.map(broken) };
};

/** The same object with some of its members replaced; private fields keep working, because `this` stays the original. */
export const overriding = <Part extends object>(part: Part, replaced: Partial<Part>): Part =>
  new Proxy(part, {
    get(target, name) {
      const value = Reflect.get(name in replaced ? replaced : target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

/** Runs requests through a rack, broken or whole, and watches. */
export const watched = (broken: Broken = {}): Run => {
  const planned = planOf(broken);
  const whole: RackParts = {
    ...FLEET_PARTS,
    createPool: (capacity, events) => new BlockPool(capacity, events),
    createDirectory: createBlockDirectory,
    createPlane: createEventPlane,
    createFabric: (shape) => new KvFabric(shape),
    createTier: (shape) => new SwitchTier(shape),
    router: createRouter(planned.policy, planned.seed),
  };
  const parts = { ...whole, ...broken.parts?.(whole) };
  const fabric = parts.createFabric(fabricShapeOf(planned.profile));
  const settings = settingsOf(planned);
  const watch = new RunWatch({
    ...settings,
    onViolation: "record",
    gpusPerDomain: planned.profile.gpusPerDomain.value,
    rooflineOf: ({ deployment }) => (planned.deployments[deployment] as PlannedDeployment).roofline,
    keptOf: (worker) => control.service.fleet.workerAt(worker)?.swap?.blocks ?? 0,
    auditEvery: 100,
    ...broken.watch,
  });
  const control: RunControl = new RunControl(planned, parts, fabric, true, watch.observer, watch);
  const watcher = overriding<EngineWatcher>(watch, broken.watcher?.(watch, () => engine) ?? {});
  const engine: Engine = new Engine(
    { ...settings, ...broken.settings },
    { router: parts.router, fabric, control },
    watcher,
  );
  watch.follows({ engine, workers: control.workers, fabric });
  control.drives(engine);
  engine.run(offered(broken.requests ?? requestsOf(300), planned));
  watch.finished();
  return { engine, watch, control, fabric };
};
