import type { Directory } from "./directory/index.ts";
import type { Fleet } from "./fleet.ts";
import type { FleetDriver } from "./fleet-contract.ts";
import type { KvKind } from "./fleet-kinds.ts";
import type { MachineEvent, MachineParts, MachineShape, Prompt } from "./machine-contract.ts";
import { Fetches } from "./machine-fetches.ts";
import { namesOf } from "./machine-kinds.ts";
import { Routing } from "./machine-routing.ts";
import { type MachineSight, sightOf } from "./machine-sight.ts";
import { Switches } from "./machine-switches.ts";
import type { MachineRequest, RackWorker } from "./machine-worker.ts";
import type { Transfers } from "./transfer/index.ts";

/** An event without its instant. */
type Told = MachineEvent extends infer Event
  ? Event extends MachineEvent
    ? Omit<Event, "atNs">
    : never
  : never;

/** Two tiers: a worker's own memory, and a switch's. */
const TIERS = 2;

/** What a rack's state is made of, and what can be asked of it. */
export abstract class MachineState {
  readonly shape: MachineShape;
  protected readonly parts: MachineParts;
  protected readonly fleet: Fleet;
  protected readonly directory: Directory;
  protected readonly switches: Switches;
  protected readonly fetches = new Fetches();
  protected readonly routing: Routing;
  /** By number. */
  protected readonly workers: (RackWorker | undefined)[];
  protected readonly requests = new Map<number, MachineRequest>();
  protected nowNs = 0;
  protected told: MachineEvent[] = [];
  protected decisions = 0;
  #holders = 0;
  readonly #transfers = new Map<KvKind, Transfers>();

  constructor(shape: MachineShape, parts: MachineParts) {
    const { profile } = shape;
    const [gpus, gpusPerDomain] = [profile.gpuCount.value, profile.gpusPerDomain.value];
    this.shape = shape;
    this.parts = parts;
    this.fleet = parts.createFleet(shape, parts, this.driver());
    this.directory = parts.createDirectory({
      workers: gpus + gpus / gpusPerDomain,
      tiers: TIERS,
    });
    this.switches = new Switches(
      { gpus, gpusPerDomain, capacityBytes: profile.switchMemory.value },
      parts.createTier,
      this.directory,
    );
    this.routing = new Routing(profile, this.directory, parts.router);
    this.workers = Array.from({ length: gpus }, () => undefined);
  }

  /** What happened since this was last asked. */
  events(): readonly MachineEvent[] {
    const { told } = this;
    this.told = [];
    return told;
  }

  /** Whom a prompt goes to. */
  protected choose(prompt: Prompt): RackWorker | undefined {
    const live = this.present().filter((worker) => this.isLive(worker, prompt.model));
    return this.workers[this.routing.choose(live, prompt, this.decisions)];
  }

  /** Whether a worker may get requests for a model. */
  protected isLive({ isServing, kind }: RackWorker, model: string): boolean {
    return isServing && kind.model === model;
  }

  /** The names of a prompt's blocks at workers of a kind. */
  protected names(kind: KvKind, blocks: ArrayLike<number>): Uint32Array {
    return namesOf(kind, blocks);
  }

  /** Everybody, by number. */
  protected present(): readonly RackWorker[] {
    return this.workers.filter((worker) => worker !== undefined);
  }

  /** Who holds which block of a kind, shard by shard. */
  protected transfersOf(kind: KvKind): Transfers {
    const known = this.#transfers.get(kind);
    if (known !== undefined) return known;
    const { profile, capacityMost = Number.POSITIVE_INFINITY } = this.shape;
    const { tp, blockBytes } = kind;
    const capacityBlocks = Math.min(capacityMost, kind.capacityBlocks);
    const made = this.parts.createTransfers({ profile, tp, blockBytes, capacityBlocks });
    this.#transfers.set(kind, made);
    return made;
  }

  /** A request is not there any more, and its load neither. */
  protected forget({ number, worker, load }: MachineRequest): void {
    this.requests.delete(number);
    worker.requests.delete(number);
    this.routing.load(worker.number, -1, -load);
  }

  protected nextHolder(): number {
    this.#holders += 1;
    return 2 * this.#holders - 1;
  }

  protected tell(event: Told): void {
    this.told.push({ atNs: this.nowNs, ...event });
  }

  /** Everything that can be known of the rack, as plain data: for audits, tests and properties. Costs a pass over everything. */
  sight(): MachineSight {
    return sightOf({
      nowNs: this.nowNs,
      profile: this.shape.profile,
      fleet: this.fleet,
      directory: this.directory,
      switches: this.switches,
      fetches: this.fetches,
      workers: this.present(),
      requests: [...this.requests.values()],
    });
  }

  /** Who hears what the fleet does. */
  protected abstract driver(): FleetDriver;
}
