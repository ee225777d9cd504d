import type { Directory } from "./directory/index.ts";
import type { GangEvents, Gangs } from "./gang/index.ts";
import type {
  MachineEvent,
  MachineParts,
  MachineShape,
  Prompt,
  Running,
} from "./machine-contract.ts";
import { Fetches } from "./machine-fetches.ts";
import { type KvKind, KvKinds, namesOf } from "./machine-kinds.ts";
import { Routing } from "./machine-routing.ts";
import { type MachineSight, sightOf } from "./machine-sight.ts";
import { Switches } from "./machine-switches.ts";
import { WeightLoads } from "./machine-weights.ts";
import type { MachineRequest, RackWorker } from "./machine-worker.ts";

/** Weights that some GPUs hold no more. */
export type Gone = { readonly weights: string; readonly gpus: readonly number[] };

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
  protected readonly gangs: Gangs;
  protected readonly directory: Directory;
  protected readonly kinds: KvKinds;
  protected readonly switches: Switches;
  protected readonly weights: WeightLoads;
  protected readonly fetches = new Fetches();
  protected readonly routing: Routing;
  /** By number. */
  protected readonly workers: (RackWorker | undefined)[];
  protected readonly requests = new Map<number, MachineRequest>();
  protected nowNs = 0;
  /** Whose weights went in this call, and which, until plans that need them have been made anew. */
  protected gone: Gone[] = [];
  protected told: MachineEvent[] = [];
  protected decisions = 0;
  #holders = 0;

  constructor(shape: MachineShape, parts: MachineParts) {
    const { profile } = shape;
    const [gpus, gpusPerDomain] = [profile.gpuCount.value, profile.gpusPerDomain.value];
    this.shape = shape;
    this.parts = parts;
    this.gangs = parts.createGangs(
      { gpus, gpusPerDomain, gpusPerSuperchip: profile.gpusPerSuperchip.value },
      this.#gangEvents(),
    );
    this.directory = parts.createDirectory({
      workers: gpus + gpus / gpusPerDomain,
      tiers: TIERS,
    });
    this.switches = new Switches(
      { gpus, gpusPerDomain, capacityBytes: profile.switchMemory.value },
      parts.createTier,
      this.directory,
    );
    this.kinds = new KvKinds(shape, parts.createTransfers);
    this.weights = new WeightLoads(profile, parts);
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

  protected kindOf(running: Running, tp: number): KvKind {
    return this.kinds.of(running, tp);
  }

  /** The names of a prompt's blocks at workers of a kind. */
  protected names(kind: KvKind, blocks: ArrayLike<number>): Uint32Array {
    return namesOf(kind, blocks);
  }

  /** Everybody, by number. */
  protected present(): readonly RackWorker[] {
    return this.workers.filter((worker) => worker !== undefined);
  }

  /** The GPUs of everybody who holds some weights whole. */
  protected holders(weights: string): readonly (readonly number[])[] {
    return this.present()
      .filter(({ isServing, kind }) => isServing && kind.weights === weights)
      .map(({ gpus }) => gpus);
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
      gangs: this.gangs,
      directory: this.directory,
      kinds: this.kinds,
      switches: this.switches,
      weights: this.weights,
      fetches: this.fetches,
      workers: this.present(),
      requests: [...this.requests.values()],
    });
  }

  #gangEvents(): GangEvents {
    return {
      placed() {},
      ended: (owner, because) => {
        this.tell({ kind: "ended", owner, because });
        for (const worker of this.present()) if (worker.owner === owner) this.end(worker);
      },
    };
  }

  /** A worker's gang has ended. */
  protected abstract end(worker: RackWorker): void;
}
