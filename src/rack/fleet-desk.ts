import { type Refused, refused } from "#base";
import type { Fleet } from "./fleet.ts";
import type { FleetDriver, GangEnd, SeenWorker, WeightSource } from "./fleet-contract.ts";
import type { KvKind } from "./fleet-kinds.ts";
import { budgetOf, type HbmBudget } from "./fleet-worker.ts";

/** What a fleet tells, as plain data, with the instant of its clock. */
export type FleetEvent = { readonly atNs: number } & (
  | { readonly kind: "opened" | "swap-failed"; readonly worker: number }
  | { readonly kind: "serving"; readonly worker: number; readonly running: string }
  | {
      readonly kind: "swapped";
      readonly worker: number;
      readonly before: string;
      readonly running: string;
    }
  | { readonly kind: "replanned"; readonly worker: number; readonly dueNs: number }
  | {
      readonly kind: "reloading";
      readonly worker: number;
      readonly weights: WeightSource;
      readonly dueNs: number;
    }
  | { readonly kind: "gang-ended"; readonly owner: number; readonly because: GangEnd }
  | { readonly kind: "ended"; readonly worker: number; readonly because: GangEnd }
);

/** An event without its instant. */
type Told = FleetEvent extends infer Event
  ? Event extends FleetEvent
    ? Omit<Event, "atNs">
    : never
  : never;

/** A worker as it can be seen, with how many of its blocks are held and kept empty. */
export type SeenFleetWorker = {
  readonly worker: number;
  readonly owner: number;
  readonly gpus: readonly number[];
  readonly running: string;
  readonly serving: boolean;
  readonly swap: { readonly running: string; readonly blocks: number } | null;
  readonly capacityBlocks: number;
  readonly heldBlocks: number;
  readonly keptBlocks: number;
  readonly budget: HbmBudget;
};

/** Everything that can be known of a fleet. */
export type FleetSight = ReturnType<Fleet["places"]> & {
  readonly nowNs: number;
  readonly workers: readonly SeenFleetWorker[];
};

/** Drives a fleet whose pools are two numbers: how many blocks of a worker somebody holds, and how many are kept empty. */
export class FleetDesk {
  readonly #fleet: Fleet;
  readonly #held = new Map<number, number>();
  readonly #kept = new Map<number, number>();
  #told: FleetEvent[] = [];

  constructor(create: (driver: FleetDriver) => Fleet) {
    this.#fleet = create(this.#driver());
  }

  get fleet(): Fleet {
    return this.#fleet;
  }

  /** What happened since this was last asked. */
  events(): readonly FleetEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** So many of a worker's blocks are held from now on. */
  hold(
    number: number,
    blocks: number,
  ): { readonly kind: "held" } | Refused<"unknown-worker" | "full"> {
    const worker = this.#fleet.workerAt(number);
    if (worker === undefined) return refused("unknown-worker");
    if (blocks + (this.#kept.get(number) ?? 0) > worker.capacityBlocks) return refused("full");
    this.#held.set(number, blocks);
    return { kind: "held" };
  }

  sight(): FleetSight {
    return {
      nowNs: this.#fleet.nowNs,
      ...this.#fleet.places(),
      workers: this.#fleet.all().map((worker) => this.#seen(worker)),
    };
  }

  #seen(worker: SeenWorker): SeenFleetWorker {
    const { number, owner, gpus, kind, isServing, swap, capacityBlocks } = worker;
    return {
      worker: number,
      owner,
      gpus,
      running: kind.text,
      serving: isServing,
      swap: swap ? { running: swap.kind.text, blocks: swap.blocks } : null,
      capacityBlocks,
      heldBlocks: this.#held.get(number) ?? 0,
      keptBlocks: this.#kept.get(number) ?? 0,
      budget: budgetOf(worker, this.#fleet.shape.profile),
    };
  }

  #driver(): FleetDriver {
    const tell = (event: Told): void => {
      this.#told.push({ atNs: this.#fleet.nowNs, ...event });
    };
    const forget = (worker: number): void => {
      this.#held.delete(worker);
      this.#kept.delete(worker);
    };
    return {
      opened: ({ number }) => tell({ kind: "opened", worker: number }),
      serving: ({ number, kind }) => tell({ kind: "serving", worker: number, running: kind.text }),
      swapped: ({ number, kind }, before: KvKind) => {
        forget(number);
        tell({ kind: "swapped", worker: number, before: before.text, running: kind.text });
      },
      swapFailed: ({ number }) => tell({ kind: "swap-failed", worker: number }),
      replanned: ({ number }, dueNs) => tell({ kind: "replanned", worker: number, dueNs }),
      reloading: ({ number }, weights, dueNs) =>
        tell({ kind: "reloading", worker: number, weights, dueNs }),
      gangEnded: (owner, because) => tell({ kind: "gang-ended", owner, because }),
      ended: ({ number }, because) => {
        forget(number);
        tell({ kind: "ended", worker: number, because });
      },
      hasRoom: ({ number, capacityBlocks }, blocks) =>
        blocks + (this.#held.get(number) ?? 0) <= capacityBlocks,
      makeRoom: ({ number }, blocks) => this.#kept.set(number, blocks),
      giveRoomBack: ({ number }) => this.#kept.delete(number),
    };
  }
}
