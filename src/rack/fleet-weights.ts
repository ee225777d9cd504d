import { ascending, assert, bytes, isRefused, timeToMove } from "#base";
import type { Profile } from "#spec";
import {
  type Execution,
  type ExpressLinks,
  type ExpressPlan,
  type ExpressRequest,
  type Loss,
  shards,
} from "./express/index.ts";
import type { FleetParts, PlacedWorker, WeightSource } from "./fleet-contract.ts";
import type { KvKind } from "./fleet-kinds.ts";

/** Weights on their way by a plan: what was planned, who was lost since, and what comes of it. */
type Planned = {
  readonly request: ExpressRequest;
  readonly plan: ExpressPlan;
  readonly losses: Loss[];
  /** Every GPU that holds or gets weights by this plan. */
  readonly gpus: ReadonlySet<number>;
  execution: Execution;
};

/** Weights on their way to some workers. */
export type WeightLoad = {
  readonly number: number;
  /** `llama-70b/fp8`. */
  readonly weights: string;
  readonly startNs: number;
  /** Nothing when they come from outside. */
  readonly planned: Planned | undefined;
  /** The workers that are not whole yet, and when they will be. */
  readonly dueNs: Map<number, number>;
  readonly gpusOf: ReadonlyMap<number, readonly number[]>;
};

/** Weights that some GPUs hold no more, all of them or what they had got so far. */
export type Gone = { readonly weights: string; readonly gpus: readonly number[] };

/** What a loss means for a worker that waits: another instant, or none at all. */
export type Disturbed = { readonly worker: number; readonly dueNs: number | undefined };

/** The next worker to be whole. */
export type NextWhole = { readonly dueNs: number; readonly worker: number };

/** Weights on their way: planned and carried out by ModelExpress where GPUs hold them, and read from outside where none does. */
export class WeightLoads {
  readonly #profile: Profile;
  readonly #parts: Pick<FleetParts, "plan" | "execute">;
  readonly #links: ExpressLinks;
  readonly #loads = new Map<number, WeightLoad>();
  #begun = 0;

  constructor(profile: Profile, parts: Omit<FleetParts, "createGangs">) {
    this.#profile = profile;
    this.#parts = parts;
    this.#links = parts.linksOf(profile);
  }

  /** Weights of a kind set out for workers, from whoever holds them whole, by the GPUs of each. */
  begin(
    nowNs: number,
    kind: KvKind,
    holders: readonly (readonly number[])[],
    workers: readonly PlacedWorker[],
  ): { readonly weights: WeightSource; readonly dueNs: number } {
    const gpusOf = new Map(workers.map(({ worker, gpus }) => [worker, gpus]));
    const planned = holders.length === 0 ? undefined : this.#plan(kind, holders, workers);
    const load: WeightLoad = {
      number: this.#begun,
      weights: kind.weights,
      startNs: nowNs,
      planned,
      dueNs: new Map(),
      gpusOf,
    };
    this.#begun += 1;
    this.#loads.set(load.number, load);
    for (const { worker, gpus } of workers) {
      const dueNs = planned
        ? wholeAt(nowNs, planned.execution, gpus)
        : nowNs + this.#outsideNs(kind);
      assert(dueNs !== undefined, "weights that nothing disturbs arrive", worker);
      load.dueNs.set(worker, dueNs);
    }
    return {
      weights: planned ? "gpus" : "outside",
      dueNs: Math.max(...load.dueNs.values()),
    };
  }

  /** Who is whole next: the earliest, then the load begun first, then the lowest number. */
  next(): NextWhole | undefined {
    let next: NextWhole | undefined;
    for (const { dueNs } of this.#loads.values()) {
      for (const [worker, atNs] of dueNs) {
        if (next === undefined || atNs < next.dueNs) next = { dueNs: atNs, worker };
      }
    }
    return next;
  }

  /** A worker needs no more weights: it is whole, or gone, or has given up. */
  end(worker: number): void {
    for (const [number, { dueNs }] of this.#loads) {
      if (dueNs.delete(worker) && dueNs.size === 0) this.#loads.delete(number);
    }
  }

  /** GPUs hold weights no more. Plans that they take part in are made anew, each once; says what that changed, by load and worker. */
  gone(nowNs: number, losses: readonly Gone[]): readonly Disturbed[] {
    const gpusOf = new Map<string, readonly number[]>();
    for (const { weights, gpus } of losses) {
      gpusOf.set(weights, [...(gpusOf.get(weights) ?? []), ...gpus]);
    }
    return [...gpusOf].flatMap(([weights, gpus]) =>
      [...this.#loads.values()]
        .filter((load) => load.weights === weights)
        .flatMap((load) => this.#disturb(nowNs, load, gpus)),
    );
  }

  /** Whether a load's weights come by a plan, from whom they have yet to come, and to whom they go. */
  underway(nowNs: number): readonly {
    readonly weights: string;
    readonly workers: readonly (readonly [worker: number, dueNs: number])[];
    readonly sources: readonly number[];
  }[] {
    return [...this.#loads.values()].map(({ weights, dueNs, planned, startNs }) => ({
      weights,
      workers: [...dueNs].toSorted(ascending(([worker]) => worker)),
      sources: planned ? sendersAt(planned.execution, nowNs - startNs) : [],
    }));
  }

  #plan(
    kind: KvKind,
    holders: readonly (readonly number[])[],
    workers: readonly PlacedWorker[],
  ): Planned {
    const request: ExpressRequest = {
      bytes: kind.weightBytes,
      sources: holders.flatMap((gpus) => shards(kind.weightBytes, gpus)),
      targets: workers.flatMap(({ gpus }) => shards(kind.weightBytes, gpus)),
    };
    const plan = this.#parts.plan(request, this.#links);
    assert(!isRefused(plan), "weights that somebody holds whole can be planned", kind.text);
    return {
      request,
      plan,
      losses: [],
      gpus: new Set([...request.sources, ...request.targets].map(({ gpu }) => gpu)),
      execution: this.#parts.execute(plan, request, this.#links),
    };
  }

  /** Each GPU reads its shard over the link to its own CPU, all at once. */
  #outsideNs({ weightBytes, tp }: KvKind): number {
    const shard = bytes(Math.ceil(weightBytes / tp));
    return timeToMove(shard, this.#profile.superchipCpu.c2c.value);
  }

  #disturb(nowNs: number, load: WeightLoad, gpus: readonly number[]): readonly Disturbed[] {
    const { planned, startNs } = load;
    const lost = gpus.filter((gpu) => planned?.gpus.has(gpu));
    if (planned === undefined || lost.length === 0) return [];
    planned.losses.push(...lost.map((gpu) => ({ gpu, atNs: nowNs - startNs })));
    planned.execution = this.#parts.execute(planned.plan, planned.request, this.#links, {
      losses: planned.losses,
    });
    const changed: Disturbed[] = [];
    for (const [worker, before] of load.dueNs) {
      const dueNs = wholeAt(startNs, planned.execution, load.gpusOf.get(worker) ?? []);
      if (dueNs === before) continue;
      if (dueNs !== undefined) load.dueNs.set(worker, dueNs);
      changed.push({ worker, dueNs });
    }
    return changed;
  }
}

/** When the last of some GPUs has its weights; nothing when one of them never will. */
const wholeAt = (
  startNs: number,
  { outcomes }: Execution,
  gpus: readonly number[],
): number | undefined => {
  let dueNs = startNs;
  for (const outcome of outcomes) {
    if (!gpus.includes(outcome.gpu)) continue;
    if (outcome.state !== "new") return undefined;
    dueNs = Math.max(dueNs, startNs + outcome.usableAtNs);
  }
  return dueNs;
};

/** The GPUs that have yet to send something at an instant, ascending. */
const sendersAt = ({ events }: Execution, atNs: number): readonly number[] => {
  let left = new Map<number, number>();
  for (const event of events) {
    if (event.atNs > atNs) break;
    if (event.kind === "planned") {
      left = new Map(event.transfers.map(({ id, src }) => [id, src]));
    } else if (event.kind === "arrived") left.delete(event.transfer);
    else if (event.kind === "cut") left.delete(event.transfer);
  }
  return [...new Set(left.values())].toSorted(ascending((gpu) => gpu));
};
