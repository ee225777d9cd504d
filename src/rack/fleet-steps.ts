import { assert } from "#base";
import type {
  FleetDriver,
  FleetParts,
  FleetRequest,
  GangEnd,
  PlacedWorker,
  SwapRefusal,
  WeightSource,
} from "./fleet-contract.ts";
import { type FleetShape, type KvKind, KvKinds, type Running } from "./fleet-kinds.ts";
import { type Gone, WeightLoads } from "./fleet-weights.ts";
import { blocksInTheWay, type FleetSwap, type FleetWorker } from "./fleet-worker.ts";
import type { GangEvents, Gangs } from "./gang/index.ts";

/** What an owner has asked for, and the gangs that it has of it. */
export type Deployment = {
  readonly owner: number;
  readonly placed: FleetRequest["placed"];
  readonly kind: KvKind;
  readonly capacityBlocks: number;
  readonly priority: number | undefined;
  /** How many workers it was given. */
  wanted: number;
  readonly gangs: Set<number>;
};

/**
 * What a fleet's state is made of, and the steps that calls and time take through it. Each is protected: where it can be broken, one at a
 * time, to make the implementations that properties must catch.
 */
export abstract class FleetSteps {
  readonly shape: FleetShape;
  protected readonly driver: FleetDriver;
  protected readonly gangs: Gangs;
  protected readonly kinds: KvKinds;
  protected readonly weights: WeightLoads;
  /** By number. */
  protected readonly workers: (FleetWorker | undefined)[];
  /** By owner. */
  protected readonly deployments = new Map<number, Deployment>();
  /** The owners whose gangs ended in this call, in order. */
  protected bereft: number[] = [];
  protected clockNs = 0;
  /** Whose weights went in this call, and which, until plans that need them have been made anew. */
  protected gone: Gone[] = [];
  #gangsPlaced = 0;

  constructor(shape: FleetShape, parts: FleetParts, driver: FleetDriver) {
    const { profile } = shape;
    const gpus = profile.gpuCount.value;
    const [gpusPerDomain, gpusPerSuperchip] = [profile.gpusPerDomain, profile.gpusPerSuperchip];
    this.shape = shape;
    this.driver = driver;
    this.gangs = parts.createGangs(
      { gpus, gpusPerDomain: gpusPerDomain.value, gpusPerSuperchip: gpusPerSuperchip.value },
      this.#gangEvents(),
    );
    this.kinds = new KvKinds(shape);
    this.weights = new WeightLoads(profile, parts);
    this.workers = Array.from({ length: gpus }, () => undefined);
  }

  /** Lets everything happen that is due by an instant, and makes it now. Never goes back. */
  advance(atNs: number): void {
    assert(Number.isSafeInteger(atNs) && atNs >= this.clockNs, "time goes on, whole", atNs);
    for (;;) {
      const next = this.weights.next();
      if (next === undefined || next.dueNs > atNs) break;
      this.clockNs = next.dueNs;
      this.becomeWhole(this.workers[next.worker] as FleetWorker);
    }
    this.clockNs = atNs;
  }

  /** Everybody, by number. */
  protected present(): readonly FleetWorker[] {
    return this.workers.filter((worker) => worker !== undefined);
  }

  /** Everybody who is an owner's, by number. */
  protected ownedBy(owner: number): readonly FleetWorker[] {
    return this.present().filter((worker) => worker.owner === owner);
  }

  protected kindOf(running: Running, tp: number): KvKind {
    return this.kinds.of(running, tp);
  }

  /** The GPUs of everybody who holds some weights whole. */
  protected holders(weights: string): readonly (readonly number[])[] {
    return this.present()
      .filter(({ isServing, kind }) => isServing && kind.weights === weights)
      .map(({ gpus }) => gpus);
  }

  protected nextGang(): number {
    this.#gangsPlaced += 1;
    return this.#gangsPlaced;
  }

  /** Makes the worker of a group of a gang, which does not serve yet. */
  protected open(deployment: Deployment, gang: number, gpus: readonly number[]): FleetWorker {
    const number = gpus[0] as number;
    const { owner, kind, capacityBlocks } = deployment;
    const domain = Math.floor(number / this.shape.profile.gpusPerDomain.value);
    const place = { number, owner, gang, gpus, domain };
    const worker = { ...place, kind, capacityBlocks, isServing: false, swap: undefined };
    this.workers[number] = worker;
    deployment.gangs.add(gang);
    this.driver.opened(worker);
    return worker;
  }

  /** Sends a kind's weights to workers that do not have them. */
  protected setOut(
    kind: KvKind,
    workers: readonly FleetWorker[],
  ): { readonly weights: WeightSource; readonly dueNs: number } {
    return this.weights.begin(
      this.clockNs,
      kind,
      this.holders(kind.weights),
      workers.map(placedWorker),
    );
  }

  /** A worker has all the weights that were on their way to it. */
  protected becomeWhole(worker: FleetWorker): void {
    this.weights.end(worker.number);
    const { swap } = worker;
    if (swap === undefined) this.serve(worker);
    else this.exchange(worker, swap);
    this.settle();
  }

  /** A worker's first weights are there. */
  protected serve(worker: FleetWorker): void {
    worker.isServing = true;
    this.driver.serving(worker);
  }

  /** The old model is gone, and the new one serves. */
  protected exchange(worker: FleetWorker, { kind, capacityBlocks }: FleetSwap): void {
    const before = worker.kind;
    this.gone.push({ weights: before.weights, gpus: worker.gpus });
    worker.kind = kind;
    worker.capacityBlocks = capacityBlocks;
    worker.swap = undefined;
    this.driver.swapped(worker, before);
  }

  /** A worker's gang has ended. */
  protected end(worker: FleetWorker, because: GangEnd): void {
    const { number, gpus, kind, swap } = worker;
    this.weights.end(number);
    // What was on its way to it counts as well: it may have been to pass it on.
    for (const lost of swap === undefined ? [kind] : [kind, swap.kind])
      this.gone.push({ weights: lost.weights, gpus });
    this.workers[number] = undefined;
    this.driver.ended(worker, because);
  }

  /** What follows from weights that are gone: plans whose sources they were. */
  protected settle(): void {
    while (this.gone.length > 0) {
      const { gone } = this;
      this.gone = [];
      for (const { worker, dueNs } of this.weights.gone(this.clockNs, gone)) {
        const waiting = this.workers[worker] as FleetWorker;
        if (dueNs === undefined) this.lack(waiting);
        else this.driver.replanned(waiting, dueNs);
      }
    }
  }

  /** Some of the weights that a worker waits for have no source left: it begins anew, or a swap with nobody to get them from is given up. */
  protected lack(worker: FleetWorker): void {
    const { swap, kind, number } = worker;
    this.weights.end(number);
    const wanted = swap?.kind ?? kind;
    if (swap !== undefined && this.holders(wanted.weights).length === 0) {
      this.giveUp(worker, swap);
      return;
    }
    const { weights, dueNs } = this.setOut(wanted, [worker]);
    this.driver.reloading(worker, weights, dueNs);
  }

  /** Why a worker cannot be given another kind beside its own; nothing when it can. */
  protected objectionTo(
    worker: FleetWorker,
    kind: KvKind,
    capacityBlocks: number,
  ): SwapRefusal | undefined {
    if (!worker.isServing || worker.swap !== undefined) return "busy";
    if (worker.kind.weights === kind.weights) return "same-weights";
    if (capacityBlocks < 1) return "does-not-fit";
    const blocks = this.inTheWay(worker, kind);
    if (blocks > worker.capacityBlocks) return "no-room";
    return this.driver.hasRoom(worker, blocks) ? undefined : "kv-in-use";
  }

  /** The blocks of a worker that a kind's weights take the room of. */
  protected inTheWay(worker: FleetWorker, kind: KvKind): number {
    return blocksInTheWay(worker, kind);
  }

  /** Has the room for new weights kept free of KV. */
  protected makeRoom(worker: FleetWorker, kind: KvKind, capacityBlocks: number): void {
    const blocks = this.inTheWay(worker, kind);
    worker.swap = { kind, capacityBlocks, blocks };
    this.driver.makeRoom(worker, blocks);
  }

  /** A swap comes to nothing. */
  protected giveUp(worker: FleetWorker, { kind, blocks }: FleetSwap): void {
    worker.swap = undefined;
    this.gone.push({ weights: kind.weights, gpus: worker.gpus });
    this.driver.giveRoomBack(worker, blocks);
    this.driver.swapFailed(worker);
  }

  #gangEvents(): GangEvents {
    return {
      placed() {},
      ended: (gang, because) => {
        const deployment = [...this.deployments.values()].find(({ gangs }) => gangs.has(gang));
        if (deployment === undefined) return;
        const { owner, gangs, placed } = deployment;
        gangs.delete(gang);
        if (placed === "together") this.deployments.delete(owner);
        this.bereft.push(owner);
        this.driver.gangEnded(owner, because);
        for (const worker of this.present()) if (worker.gang === gang) this.end(worker, because);
      },
    };
  }
}

/** A worker's place. */
export const placedWorker = ({ number, gpus }: FleetWorker): PlacedWorker => ({
  worker: number,
  gpus,
});
