/** Runs through the engine and through its model, on racks that are given part by part. */
import type { Costs } from "#cost";
import {
  BlockPool,
  createBlockDirectory,
  createRouter,
  fabricShapeOf,
  KvFabric,
  openWorker,
  type Pool,
  parsePolicy,
  ServingGroup,
} from "#rack";
import {
  Engine,
  type EngineEvent,
  EngineModel,
  type EngineParts,
  type EngineSettings,
  EngineWorker,
  type EngineWorkerSetup,
  type Live,
  type ModelEvent,
  type ModelWorkerSetup,
  type Offered,
  type Route,
} from "#replay";
import type { Profile } from "#spec";

/** Everything that a run depends on: workers of one degree. Requests of a model go to the workers of its kind; those of none to kind 0. */
export type RunSetup = {
  readonly settings: EngineSettings;
  readonly profile: Profile;
  readonly tp: number;
  readonly costs: Costs;
  readonly policy: string;
  readonly workers: readonly Pick<
    ModelWorkerSetup,
    "number" | "kind" | "role" | "capacityBlocks"
  >[];
  readonly requests: readonly Offered[];
};

const kindOf = ({ model }: Offered["request"]): number => Math.max(0, model);

/** The canonical stream of a run, and how requests ended. */
export type Run = {
  readonly events: readonly ModelEvent[];
  /** How many ended for which reason, in alphabetical order; "" for those who completed. */
  readonly ends: Readonly<Record<string, number>>;
};

const SEED = 1;

const counted = (reasons: readonly (readonly [string, number])[]): Run["ends"] =>
  Object.fromEntries(reasons.toSorted(([left], [right]) => (left < right ? -1 : 1)));

/** The engine, with what it tells written down. */
export class ListeningEngine extends Engine {
  readonly told: ModelEvent[] = [];

  protected override tell(
    event: EngineEvent,
    nowNs: number,
    live: Live,
    worker: EngineWorker | undefined,
  ): void {
    super.tell(event, nowNs, live, worker);
    this.told.push({
      event,
      atNs: nowNs,
      request: live.number,
      worker: worker?.number ?? -1,
      tokens: live.emitted,
      hits: live.hitBlocks,
      fetched: live.fetchedBlocks,
    });
  }
}

/** How an engine is made, and what of it can be replaced. */
export type EngineMakers = {
  readonly createEngine: (...args: ConstructorParameters<typeof Engine>) => ListeningEngine;
  readonly createWorker: (setup: EngineWorkerSetup) => EngineWorker;
  readonly createPool: (...args: ConstructorParameters<typeof BlockPool>) => Pool;
};

const REFERENCE: EngineMakers = {
  createEngine: (...args) => new ListeningEngine(...args),
  createWorker: (setup) => new EngineWorker(setup),
  createPool: (...args) => new BlockPool(...args),
};

const nothing = (): void => undefined;

/** The workers of one kind, and how requests get to them. */
const openKind = (
  setup: RunSetup,
  kind: number,
  makers: EngineMakers,
  workers: (EngineWorker | undefined)[],
): Route => {
  const { profile, tp, costs } = setup;
  const own = setup.workers.filter((worker) => worker.kind === kind);
  const capacity = Math.max(1, ...own.map(({ capacityBlocks }) => capacityBlocks));
  const group = new ServingGroup(profile, tp, capacity, createBlockDirectory, undefined);
  const places = profile.gpuCount.value / tp;
  const live = [new Uint8Array(places), new Uint8Array(places)] as const;
  for (const { number, role, capacityBlocks } of own) {
    const serving = openWorker(group, number, capacityBlocks, makers.createPool, undefined);
    const part = role === "decode" ? 1 : 0;
    live[part][serving.place] = 1;
    const how = { deployment: 2 * kind + part, isLeaping: true, isExactlyEvicting: false };
    workers[number] = makers.createWorker({ serving, costs, ...how });
  }
  const isApart = own.some(({ role }) => role === "prefill");
  return {
    group,
    prefill: { deployment: 2 * kind, live: live[0] },
    decode: isApart ? { deployment: 2 * kind + 1, live: live[1] } : undefined,
  };
};

/** The rack of a run, all of it there from the beginning to the end. */
const partsOf = (setup: RunSetup, makers: EngineMakers): EngineParts => {
  const workers: (EngineWorker | undefined)[] = [];
  const routes = [0, 1].map((kind) => openKind(setup, kind, makers, workers));
  return {
    router: createRouter(parsePolicy(setup.policy), SEED),
    fabric: new KvFabric(fabricShapeOf(setup.profile)),
    control: {
      workers,
      routeOf: (request) => routes[kindOf(request)],
      nextNs: () => Number.POSITIVE_INFINITY,
      advance: nothing,
      faultsNs: [],
      strike: nothing,
      want: nothing,
      relieved: nothing,
    },
  };
};

/** A run through the engine, or through one of which something has been replaced. */
export const engineRun = (setup: RunSetup, makers: Partial<EngineMakers> = {}): Run => {
  const all = { ...REFERENCE, ...makers };
  const engine = all.createEngine(setup.settings, partsOf(setup, all), undefined);
  engine.run(setup.requests);
  const { completed } = engine.tally;
  return {
    events: engine.told,
    ends: counted(completed === 0 ? [...engine.reasons] : [["", completed], ...engine.reasons]),
  };
};

/** How a model is made. */
export type CreateModel = (...args: ConstructorParameters<typeof EngineModel>) => EngineModel;

/** A run through the model, or through one that has been broken. */
export const modelRun = (
  setup: RunSetup,
  create: CreateModel = (...args) => new EngineModel(...args),
): Run => {
  const { settings, profile, tp, costs, requests } = setup;
  const workers = setup.workers.map((worker) => ({ ...worker, tp, costs }));
  const policy = parsePolicy(setup.policy);
  const model = create({ settings, profile, policy, seed: SEED, workers, kindOf }, requests);
  model.run();
  const reasons = new Map<string, number>();
  for (const { reason } of model.ended) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return { events: model.events, ends: counted([...reasons]) };
};

/** Where two runs part: the first event that differs, by its place, or how requests ended. */
export const difference = (expected: Run, found: Run) => {
  const length = Math.max(expected.events.length, found.events.length);
  for (let at = 0; at < length; at += 1) {
    const [wanted, told] = [expected.events[at], found.events[at]];
    if (!isSame(wanted, told))
      return { about: `event ${at}`, expected: wanted ?? null, found: told ?? null };
  }
  const [wanted, told] = [expected.ends, found.ends].map((ends) => JSON.stringify(ends));
  if (wanted === told) return undefined;
  return { about: "how requests ended", expected: expected.ends, found: found.ends };
};

const isSame = (left: ModelEvent | undefined, right: ModelEvent | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  left.event === right.event &&
  left.atNs === right.atNs &&
  left.request === right.request &&
  left.worker === right.worker &&
  left.tokens === right.tokens &&
  left.hits === right.hits &&
  left.fetched === right.fetched;
