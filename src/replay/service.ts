import { assert, isRefused } from "#base";
import {
  closeWorker,
  Fleet,
  type FleetDriver,
  type KvKind,
  openWorker,
  type RackObserver,
  type SeenWorker,
  ServingGroup,
  ServingSwitches,
} from "#rack";
import type { TraceRequest } from "#trace";
import { Demand, running } from "./demand.ts";
import type { Route } from "./engine/contract.ts";
import { EngineWorker } from "./engine/worker.ts";
import { feedOf } from "./event-feed.ts";
import type { FaultOptions, FaultyHardware, Plan, PlannedDeployment } from "./options/index.ts";
import { Routes } from "./routes.ts";
import type { RackParts, ServiceEvents } from "./service-contract.ts";

/** Whose blocks are those that are kept empty for weights. */
const WEIGHTS = Number.MIN_SAFE_INTEGER;

const NO_BLOCKS = new Uint32Array(0);

/**
 * Who serves what: the workers that the fleet places, their pools and directories, and which of them a request may go to. Models that have no worker of their
 * own are brought when somebody asks for them.
 */
export class Service implements FleetDriver {
  readonly fleet: Fleet;
  /** By the number of its first GPU. */
  readonly workers: (EngineWorker | undefined)[];
  /** By kind of KV. */
  readonly groups = new Map<string, ServingGroup>();
  /** Models that are brought because somebody asks for them. */
  readonly demand: Demand;
  readonly switches: ServingSwitches;
  readonly #plan: Plan;
  readonly #parts: RackParts;
  readonly #observer: RackObserver | undefined;
  readonly #events: ServiceEvents;
  readonly #isLeaping: boolean;
  /** By deployment. */
  readonly #kinds: readonly number[];
  readonly #isSwitching: readonly boolean[];
  readonly #isExactlyEvicting: boolean;
  readonly #routes: Routes;

  constructor(
    plan: Plan,
    parts: RackParts,
    isLeaping: boolean,
    observer: RackObserver | undefined,
    events: ServiceEvents,
  ) {
    const { profile, reference, blockTokens, deployments } = plan;
    this.#plan = plan;
    this.#parts = parts;
    this.#isLeaping = isLeaping;
    this.#observer = observer;
    this.#events = events;
    this.workers = Array.from({ length: profile.gpuCount.value }, () => undefined);
    const feed = feedOf(plan, parts.createPlane, events.nowNs);
    this.#isExactlyEvicting = feed !== undefined;
    for (const { kind, tp, capacityBlocks } of deployments) {
      if (this.groups.has(kind)) continue;
      const group = new ServingGroup(profile, tp, capacityBlocks, parts.createDirectory, feed);
      this.groups.set(kind, group);
    }
    this.switches = new ServingSwitches(profile, this.groups.size, parts.createTier);
    const kinds = [...this.groups.keys()];
    this.#kinds = deployments.map(({ kind }) => kinds.indexOf(kind));
    this.#isSwitching = deployments.map(({ tp }) => this.switches.isOfUse(tp));
    this.#routes = new Routes(plan, this.groups);
    const { models, formats } = reference;
    this.demand = new Demand(plan, {
      fleet: () => this.fleet,
      worker: (number) => this.workers[number],
      setLive: (worker, live) => this.#routes.setLive(worker, live),
      begun: (number) => {
        const worker = this.fleet.workerAt(number);
        if (worker !== undefined) this.#weigh(worker);
      },
      serving: (deployment) => this.#routes.serving(deployment),
    });
    this.fleet = new Fleet({ profile, models, formats, blockTokens }, parts, this);
  }

  /** Places everything that is deployed, with its weights there already. */
  open(): void {
    for (const deployment of this.#plan.deployments) {
      const { place, replicas, tp, options, capacityBlocks } = deployment;
      if (replicas === 0) continue;
      const answer = this.fleet.deploy({
        ...running(deployment),
        owner: place,
        priority: 0,
        tp,
        replicas,
        placed: "apart",
        capacityMost: options.capacity_blocks === null ? undefined : capacityBlocks,
        warm: true,
      });
      assert(!isRefused(answer), "what was planned can be placed", place);
    }
  }

  /** Where a request goes; nothing when no deployment serves its model. */
  routeOf(request: TraceRequest): Route | undefined {
    return this.#routes.of(request);
  }

  /** The kind of KV of a deployment, by number. */
  kindOf(deployment: number): number {
    return this.#kinds[deployment] as number;
  }

  /** The switches, where those of a deployment's degree are ever of use. */
  switchesOf(deployment: number): ServingSwitches | undefined {
    return this.#isSwitching[deployment] === true ? this.switches : undefined;
  }

  /** Hardware is lost. */
  lose(what: FaultyHardware): void {
    if ("domain" in what) this.switches.lose(what.domain);
    this.fleet.lose(what);
  }

  /** Hardware is back, and what was lost with it is placed again, if there is room. */
  regain(what: FaultyHardware): void {
    if ("domain" in what) this.switches.regain(what.domain);
    this.fleet.regain(what);
    for (const { place } of this.#plan.deployments) this.fleet.redeploy(place);
  }

  /** What workers announce is lost, late or told twice from now on, or no longer: then whoever was not heard is asked. */
  disturb(
    fault: FaultOptions & { readonly kind: "events" },
    isBegin: boolean,
    nowNs: number,
  ): void {
    for (const group of this.groups.values()) {
      if (!isBegin) group.heal();
      else if (fault.worker === null || fault.worker % group.tp === 0) {
        const place = fault.worker === null ? null : fault.worker / group.tp;
        const late = fault.how === "delay" ? { delayNs: fault.delay_ns } : {};
        group.plane?.fault({ how: fault.how, place, untilNs: fault.until_ns, ...late }, nowNs);
      }
    }
  }

  opened(worker: SeenWorker): void {
    this.#events.placements?.placed(worker.number, worker.gpus);
    this.#weigh(worker);
  }

  serving(worker: SeenWorker): void {
    this.#weigh(worker);
    this.#open(worker, worker.owner);
  }

  swapped(worker: SeenWorker, before: KvKind): void {
    assert(before !== worker.kind, "a swap changes the kind of KV", worker.number);
    this.#close(worker.number);
    this.#weigh(worker);
    this.#open(worker, this.demand.swapped(worker.number));
  }

  swapFailed({ number }: SeenWorker): void {
    this.demand.ended(number);
    const worker = this.workers[number];
    if (worker !== undefined) this.#routes.setLive(worker, 1);
  }

  replanned(): void {}
  reloading(): void {}
  gangEnded(): void {}

  ended({ number }: SeenWorker): void {
    this.#events.placements?.freed(number);
    this.demand.ended(number);
    this.#close(number);
  }

  hasRoom({ number }: SeenWorker, blocks: number): boolean {
    const counts = this.workers[number]?.serving.pool.counts();
    return counts !== undefined && blocks <= counts.free + counts.cached;
  }

  makeRoom({ number }: SeenWorker, blocks: number): void {
    if (blocks === 0) return;
    const worker = this.workers[number];
    if (worker !== undefined) this.#events.touching(worker);
    const answer = worker?.serving.pool.admit(WEIGHTS, NO_BLOCKS, blocks);
    assert(
      answer !== undefined && !isRefused(answer),
      "blocks that nobody holds can be kept",
      blocks,
    );
  }

  giveRoomBack({ number }: SeenWorker, blocks: number): void {
    if (blocks > 0) this.workers[number]?.serving.pool.release(WEIGHTS);
  }

  #weigh({ number }: SeenWorker): void {
    const { placements } = this.#events;
    const budget = placements && this.fleet.budget(number);
    if (budget === undefined) return;
    const { workspaceBytes, weightBytes, arrivingBytes, kvBytes, hbmBytes } = budget;
    placements?.budget(workspaceBytes + weightBytes + arrivingBytes + kvBytes, hbmBytes);
  }

  #open({ number, kind, capacityBlocks }: SeenWorker, place: number): void {
    const deployment = this.#plan.deployments[place] as PlannedDeployment;
    const group = this.groups.get(kind.text) as ServingGroup;
    const serving = openWorker(
      group,
      number,
      capacityBlocks,
      this.#parts.createPool,
      this.#observer,
    );
    const { costs } = deployment;
    const worker = new EngineWorker({
      serving,
      deployment: place,
      costs,
      isLeaping: this.#isLeaping,
      isExactlyEvicting: this.#isExactlyEvicting,
    });
    this.workers[number] = worker;
    this.#routes.setLive(worker, 1);
    this.#events.opened(worker, this.fleet.nowNs);
  }

  #close(number: number): void {
    const worker = this.workers[number];
    // One that was lost before its weights were whole has never served.
    if (worker === undefined) return;
    this.demand.gone(worker);
    this.#routes.setLive(worker, 0);
    this.#events.closing(worker, this.fleet.nowNs);
    closeWorker(worker.serving);
    this.workers[number] = undefined;
  }
}
