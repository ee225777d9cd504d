import { assert, isRefused, type Refused, refused } from "#base";
import { TP_DEGREES } from "#spec";
import type {
  DeployRefusal,
  FleetDeployed,
  FleetDone,
  FleetHardware,
  FleetRequest,
  FleetSwapRequest,
  HardwareLost,
  RedeployRefusal,
  SeenWorker,
  SwapCandidate,
  Swapping,
  SwapRefusal,
} from "./fleet-contract.ts";
import { gpusOf } from "./fleet-hardware.ts";
import type { KvKind, Running } from "./fleet-kinds.ts";
import { FleetPlacing } from "./fleet-placing.ts";
import type { Deployment } from "./fleet-steps.ts";
import { budgetOf, type FleetWorker, type HbmBudget } from "./fleet-worker.ts";

/**
 * Who serves what from when, in virtual time: gangs, the weights on their way to them, swaps and losses. It knows nothing of blocks but their size and
 * number, and of requests nothing at all: whoever drives it keeps those, and is told (`FleetDriver`). What is due happens in `advance`, in
 * order; every other call is answered at the instant of the clock. Whatever is refused has changed nothing.
 *
 * A worker serves from the instant at which its weights are whole. A swap sends the new weights beside the old ones, which serve until the new
 * are whole; the room for both is kept among the worker's blocks, so that no GPU ever has more than fits.
 *
 * GPUs, domains, owners and counts that cannot be are the caller's contradiction (a `SpecViolation`), an unknown model or format is an `InputError`
 * (SPEC-1).
 */
export class Fleet extends FleetPlacing {
  /** The GPUs that were lost as a worker's, by its number, while any of them is out of service. */
  readonly #outUnderNumber = new Map<number, readonly number[]>();

  /** The instant at which everything has happened that was due. */
  get nowNs(): number {
    return this.clockNs;
  }

  /** The next instant at which something happens by itself; nothing when no weights are on their way. */
  nextNs(): number | undefined {
    return this.weights.next()?.dueNs;
  }

  /** Places replicas, all or none, and sets their weights out. */
  deploy(request: FleetRequest): FleetDeployed | Refused<DeployRefusal> {
    const { owner, tp, replicas, placed, priority } = request;
    checkCount("an owner", owner);
    if (replicas !== null) checkCount("the number of replicas", replicas);
    if (!this.#isDegree(tp)) return refused("bad-group");
    const kind = this.kindOf(request, tp);
    const capacityBlocks = capacityOf(kind, request.capacityMost);
    if (capacityBlocks < 1) return refused("does-not-fit");
    if (this.deployments.has(owner)) return refused("owner-known");
    const room = this.findRoom(request);
    if (isRefused(room)) return room;
    const deployment: Deployment = {
      owner,
      placed,
      kind,
      capacityBlocks,
      priority,
      wanted: room.groups.length,
      gangs: new Set(),
    };
    this.deployments.set(owner, deployment);
    const { preempted, weakened } = room;
    const opened =
      placed === "together"
        ? room.groups.map((gpus) => this.open(deployment, room.gang, gpus))
        : this.placeApart(deployment, room.groups.length);
    return { ...this.begin(kind, opened, request.warm === true), preempted, weakened };
  }

  /** Places as many workers as an owner lacks of those that it was given, and as fit now without ending anybody. Their weights are brought. */
  redeploy(owner: number): FleetDeployed | Refused<RedeployRefusal> {
    checkCount("an owner", owner);
    const deployment = this.deployments.get(owner);
    if (deployment === undefined) return refused("unknown-owner");
    const lacking = this.lackOf(deployment);
    if (lacking === 0) return refused("nothing-lacking");
    const count = this.mostThatFit(deployment.kind.tp, lacking);
    if (count === 0) return refused("no-room");
    const opened = this.placeApart(deployment, count);
    return { ...this.begin(deployment.kind, opened, false), preempted: [], weakened: false };
  }

  /** Ends an owner's workers, and the owner has none to be placed again. */
  undeploy(owner: number): FleetDone<"undeployed"> | Refused<"unknown-owner"> {
    checkCount("an owner", owner);
    const deployment = this.deployments.get(owner);
    if (deployment === undefined) return refused("unknown-owner");
    for (const gang of [...deployment.gangs]) this.gangs.release(gang);
    this.deployments.delete(owner);
    this.settled();
    return { kind: "undeployed" };
  }

  /** Sets another model out for a worker, or for all of an owner's, beside the one they serve. */
  swap(request: FleetSwapRequest): Swapping | Refused<SwapRefusal> {
    const workers = this.#toSwap(request);
    if (isRefused(workers)) return workers;
    const [first] = workers;
    assert(first !== undefined, "an owner who is known has a worker");
    const kind = this.kindOf(request, first.kind.tp);
    const capacityBlocks = capacityOf(kind, request.capacityMost);
    for (const worker of workers) {
      const because = this.objectionTo(worker, kind, capacityBlocks);
      if (because !== undefined) return refused(because);
    }
    for (const worker of workers) this.makeRoom(worker, kind, capacityBlocks);
    const { weights, dueNs } = this.setOut(kind, workers);
    return { kind: "swapping", workers: workers.map(({ number }) => number), weights, dueNs };
  }

  /** Who could be given another model, by number: all whose swap nothing stands against but blocks that are held. Changes nothing. */
  candidates(running: Running, tp: number): readonly SwapCandidate[] {
    if (!this.#isDegree(tp)) return [];
    const kind = this.kindOf(running, tp);
    return this.present()
      .filter((worker) => worker.kind.tp === tp)
      .filter((worker) => {
        const because = this.objectionTo(worker, kind, kind.capacityBlocks);
        return because === undefined || because === "kv-in-use";
      })
      .map((worker) => ({ worker: worker.number, blocks: this.inTheWay(worker, kind) }));
  }

  /** Takes hardware out of service and ends every gang that has some of it. A worker's is known by its number until it is regained. */
  lose(what: FleetHardware): HardwareLost | Refused<"already-lost" | "unknown-worker"> {
    const gpus = "worker" in what ? this.workerAt(what.worker)?.gpus : this.#gpusOf(what);
    if (gpus === undefined) return refused("unknown-worker");
    let isLost = false;
    for (const gpu of gpus) isLost = !isRefused(this.gangs.lose(gpu)) || isLost;
    if (!isLost) return refused("already-lost");
    if ("worker" in what) this.#outUnderNumber.set(what.worker, gpus);
    return { kind: "lost", ended: this.settled() };
  }

  /** Puts hardware back into service, empty. */
  regain(what: FleetHardware): FleetDone<"regained"> | Refused<"not-lost"> {
    const gpus = "worker" in what ? this.#outUnderNumber.get(what.worker) : this.#gpusOf(what);
    let isBack = false;
    for (const gpu of gpus ?? []) isBack = !isRefused(this.gangs.regain(gpu)) || isBack;
    const lost = this.gangs.lostGpus();
    for (const [number, out] of this.#outUnderNumber) {
      if (!out.some((gpu) => lost.includes(gpu))) this.#outUnderNumber.delete(number);
    }
    return isBack ? { kind: "regained" } : refused("not-lost");
  }

  /** The worker of a number. */
  workerAt(number: number): SeenWorker | undefined {
    return this.workers[number];
  }

  /** Everybody, by number. */
  all(): readonly SeenWorker[] {
    return this.present();
  }

  /** The kinds of KV so far, in order of first use. */
  kindsSoFar(): readonly KvKind[] {
    return this.kinds.all();
  }

  /** What lies on each GPU of a worker at this instant; nothing when there is no such worker. */
  budget(number: number): HbmBudget | undefined {
    const worker = this.workers[number];
    return worker && budgetOf(worker, this.shape.profile);
  }

  /** Those who have a gang, in order of placement; the GPUs that nobody has, those out of service, and the weights on their way. */
  places() {
    const byGang = new Map(
      [...this.deployments.values()].flatMap(({ owner, gangs }) =>
        [...gangs].map((gang) => [gang, owner] as const),
      ),
    );
    return {
      owners: this.gangs.owners().flatMap((gang) => byGang.get(gang) ?? []),
      freeGpus: this.gangs.freeGpus(),
      lostGpus: this.gangs.lostGpus(),
      loads: this.weights.underway(this.clockNs),
    };
  }

  /** Which workers a swap is for. */
  #toSwap(
    request: FleetSwapRequest,
  ): readonly FleetWorker[] | Refused<"unknown-owner" | "unknown-worker"> {
    const isOwners = "owner" in request;
    const workers = isOwners
      ? this.ownedBy(request.owner)
      : this.present().filter(({ number }) => number === request.worker);
    if (workers.length > 0) return workers;
    return refused(isOwners ? "unknown-owner" : "unknown-worker");
  }

  #gpusOf(what: Exclude<FleetHardware, { readonly worker: number }>): readonly number[] {
    return gpusOf(this.shape.profile, what);
  }

  #isDegree(tp: number): boolean {
    const { gpusPerDomain } = this.shape.profile;
    return TP_DEGREES.some((degree) => degree === tp && gpusPerDomain.value % degree === 0);
  }
}

/** Makes a fleet of a shape, of parts, for a driver. */
export type CreateFleet = (...given: ConstructorParameters<typeof Fleet>) => Fleet;

const checkCount = (what: string, count: number): void =>
  assert(Number.isSafeInteger(count) && count >= 0, `${what} must be a whole number`, count);

/** The blocks that a worker of a kind is given. */
const capacityOf = (kind: KvKind, most: number | undefined): number => {
  if (most === undefined) return kind.capacityBlocks;
  checkCount("the most blocks of a worker", most);
  return Math.min(most, kind.capacityBlocks);
};
