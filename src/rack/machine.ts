import { assert, isRefused, type Refused, refused } from "#base";
import { TP_DEGREES } from "#spec";
import type {
  Deployed,
  DeployRefusal,
  DeployRequest,
  Fetching,
  FetchRefusal,
  Hardware,
  HardwareLost,
  MachineDone,
  Prompt,
  RequestRefusal,
  RequestStarted,
  Routed,
  SendRefusal,
  SendRequest,
  StartRefusal,
  Swapping,
  SwapRefusal,
  SwapRequest,
} from "./machine-contract.ts";
import { elsewhere } from "./machine-fetches.ts";
import { gpusOf } from "./machine-hardware.ts";
import { blocksFor, type KvKind } from "./machine-kinds.ts";
import { MachineSteps } from "./machine-steps.ts";
import type { MachineRequest, RackWorker } from "./machine-worker.ts";

/** Requests hold blocks in a pool under even numbers; what the machine itself holds has odd ones. */
const holderOf = (request: number): number => 2 * request;

/**
 * The whole rack as one state machine: gangs, weights on their way, pools, directory, switches, router and transfers. Time is virtual and told by
 * `advance`: what is due by then happens in order, and every other call is answered at that instant. Whatever is refused has changed nothing.
 *
 * A worker serves from the instant at which its weights are whole. A swap sends the new weights beside the old ones, which serve until the new are
 * whole; blocks that are in the way are evicted first, and their room is kept. Blocks are of a kind (model, format of the weights, format of
 * the KV, degree) and are never read by another. A worker that ends, or whose model changes, takes with it its blocks, its requests and
 * every copy from or to it.
 *
 * GPUs, domains and requests that cannot be are the caller's contradiction (a `SpecViolation`), an unknown model or format is an `InputError`
 * (SPEC-1).
 */
export class RackMachine extends MachineSteps {
  /** Places replicas, all or none, and sets their weights out. */
  deploy(request: DeployRequest): Deployed | Refused<DeployRefusal> {
    const { owner, tp, replicas, priority, topology } = request;
    assert(Number.isSafeInteger(replicas) && replicas >= 0, "replicas are counted", replicas);
    if (!this.#isDegree(tp)) return refused("bad-group");
    const kind = this.kindOf(request, tp);
    if (kind.capacityBlocks < 1) return refused("does-not-fit");
    const groups = Array.from({ length: replicas }, () => tp);
    const placed = this.gangs.place({ owner, groups, priority, topology });
    if (isRefused(placed)) return placed;
    this.settle();
    const opened = placed.groups.map((gpus) => this.open(owner, kind, gpus));
    const { weights, dueNs } = this.setOut(kind, opened);
    const { preempted, weakened } = placed;
    const workers = opened.map(({ number, gpus }) => ({ worker: number, gpus }));
    return { kind: "deployed", workers, preempted, weakened, weights, dueNs };
  }

  /** Ends an owner's workers. */
  undeploy(owner: number): MachineDone | Refused<"unknown-owner"> {
    const answer = this.gangs.release(owner);
    if (isRefused(answer)) return answer;
    this.settle();
    return { kind: "undeployed" };
  }

  /** Sets another model out for a worker, or for all of an owner's, beside the one they serve. */
  swap(request: SwapRequest): Swapping | Refused<SwapRefusal> {
    const workers = this.#toSwap(request);
    if (isRefused(workers)) return workers;
    const [first] = workers;
    assert(first !== undefined, "an owner has a worker");
    const kind = this.kindOf(request, first.kind.tp);
    for (const worker of workers) {
      const because = this.objectionTo(worker, kind);
      if (because !== undefined) return refused(because);
    }
    for (const worker of workers) this.makeRoom(worker, kind);
    const { weights, dueNs } = this.setOut(kind, workers);
    return { kind: "swapping", workers: workers.map(({ number }) => number), weights, dueNs };
  }

  /** Takes hardware out of service and ends every gang that has some of it. A domain is lost with its switch's memory. */
  lose(what: Hardware): HardwareLost | Refused<"already-lost"> {
    const gpus = gpusOf(this.shape.profile, what);
    const ended: number[] = [];
    let isLost = "domain" in what && this.switches.lose(what.domain);
    for (const gpu of gpus) {
      const answer = this.gangs.lose(gpu);
      if (isRefused(answer)) continue;
      isLost = true;
      ended.push(...answer.ended);
    }
    if (!isLost) return refused("already-lost");
    this.settle();
    return { kind: "lost", ended };
  }

  /** Puts hardware back into service, empty. */
  regain(what: Hardware): MachineDone | Refused<"not-lost"> {
    const gpus = gpusOf(this.shape.profile, what);
    let isBack = "domain" in what && this.switches.regain(what.domain);
    for (const gpu of gpus) isBack = !isRefused(this.gangs.regain(gpu)) || isBack;
    return isBack ? { kind: "regained" } : refused("not-lost");
  }

  /** Where a prompt would be sent now. Changes nothing. */
  route(prompt: Prompt): Routed | Refused<"no live worker"> {
    const worker = this.choose(prompt);
    if (worker === undefined) return refused("no live worker");
    return { kind: "chosen", worker: worker.number, among: this.routing.among() };
  }

  /** Sends a request to a worker, whose load it is from now until it is released or ended. */
  send(
    request: SendRequest,
  ): { readonly kind: "sent"; readonly worker: number } | Refused<SendRefusal> {
    const { request: number, blocks, unnamed } = request;
    assert(Number.isSafeInteger(number) && number >= 0, "a request has a number", number);
    assert(Number.isSafeInteger(unnamed) && unnamed >= 0, "unnamed blocks are counted", unnamed);
    if (this.requests.has(number)) return refused("request-known");
    const worker = this.#recipient(request);
    if (isRefused(worker)) return worker;
    const names = this.names(worker.kind, blocks);
    const load = blocks.length + unnamed;
    this.requests.set(number, { number, worker, names, unnamed, load, isStarted: false });
    worker.requests.add(number);
    this.routing.load(worker.number, 1, load);
    return { kind: "sent", worker: worker.number };
  }

  /** Takes a request into its worker's pool: what is there is held and read, the rest has its place. */
  start(number: number): RequestStarted | Refused<StartRefusal> {
    const request = this.requests.get(number);
    if (request === undefined) return refused("unknown-request");
    if (request.isStarted) return refused("already-started");
    const { worker, names, unnamed } = request;
    const answer = worker.pool.admit(holderOf(number), names, unnamed);
    if (isRefused(answer)) return answer;
    request.isStarted = true;
    const { hits, shared } = answer;
    this.read(worker, names.subarray(0, hits));
    const found = this.find(worker, names, hits);
    return {
      kind: "started",
      hits,
      shared,
      ...(found && { elsewhere: elsewhere(this.shape.profile, worker, found.source, found) }),
    };
  }

  /** Copies the leading blocks that a request's worker lacks, from whoever has the longest run. They can be read once all are there. */
  fetch(number: number): Fetching | Refused<FetchRefusal> {
    const request = this.#started(number);
    if (isRefused(request)) return request;
    const { worker, names } = request;
    const missing = worker.pool.leadingRun(names);
    if (missing === names.length) return refused("nothing-missing");
    if (this.fetches.isOnItsWay(worker, names[missing] as number)) return refused("on-its-way");
    const found = this.find(worker, names, missing);
    if (found === undefined) return refused("no-source");
    const what = elsewhere(this.shape.profile, worker, found.source, found);
    const dueNs = this.nowNs + what.ns;
    this.beginFetch(request, found, dueNs);
    return { kind: "fetching", ...what, dueNs };
  }

  /** The request's blocks are computed: they can be read from now on. */
  fill(number: number): MachineDone | Refused<RequestRefusal> {
    const request = this.#started(number);
    if (isRefused(request)) return request;
    request.worker.pool.fill(holderOf(number));
    this.settle();
    return { kind: "filled" };
  }

  /** The request's output needs more blocks. */
  grow(number: number, count: number): MachineDone | Refused<RequestRefusal | "full"> {
    assert(Number.isSafeInteger(count) && count >= 0, "blocks are counted", count);
    const request = this.#started(number);
    if (isRefused(request)) return request;
    const answer = request.worker.pool.grow(holderOf(number), count);
    if (isRefused(answer)) return refused("full");
    request.load += count;
    this.routing.load(request.worker.number, 0, count);
    return { kind: "grown" };
  }

  /** The request is over, whether or not it has started; its blocks are cached or free. */
  release(number: number): MachineDone | Refused<"unknown-request"> {
    const request = this.requests.get(number);
    if (request === undefined) return refused("unknown-request");
    if (request.isStarted) request.worker.pool.release(holderOf(number));
    this.forget(request);
    return { kind: "released" };
  }

  /** Why a worker cannot be given another kind beside its own; nothing when it can. */
  protected objectionTo(worker: RackWorker, kind: KvKind): SwapRefusal | undefined {
    if (!worker.isServing || worker.swap !== undefined) return "busy";
    if (worker.kind.weights === kind.weights) return "same-weights";
    if (kind.capacityBlocks < 1) return "does-not-fit";
    const blocks = blocksFor(worker.kind, kind.weightBytes);
    if (blocks > worker.kind.capacityBlocks) return "no-room";
    const { free, cached } = worker.pool.counts();
    return blocks > free + cached ? "kv-in-use" : undefined;
  }

  /** Which workers a swap is for. */
  #toSwap(
    request: SwapRequest,
  ): readonly RackWorker[] | Refused<"unknown-owner" | "unknown-worker"> {
    const [isMeant, because] =
      "owner" in request
        ? [({ owner }: RackWorker) => owner === request.owner, "unknown-owner" as const]
        : [({ number }: RackWorker) => number === request.worker, "unknown-worker" as const];
    const workers = this.present().filter(isMeant);
    return workers.length === 0 ? refused(because) : workers;
  }

  /** Who gets a request: whom it names, or whom the router chooses; either serves its model. */
  #recipient(request: SendRequest): RackWorker | Refused<"no live worker" | "not-serving"> {
    if (request.worker === undefined) {
      const chosen = this.choose(request);
      if (chosen === undefined) return refused("no live worker");
      this.decisions += 1;
      return chosen;
    }
    const named = this.workers[request.worker];
    return named && this.isLive(named, request.model) ? named : refused("not-serving");
  }

  #started(number: number): MachineRequest | Refused<RequestRefusal> {
    const request = this.requests.get(number);
    if (request === undefined) return refused("unknown-request");
    return request.isStarted ? request : refused("not-started");
  }

  #isDegree(tp: number): boolean {
    const { gpusPerDomain } = this.shape.profile;
    return TP_DEGREES.some((degree) => degree === tp && gpusPerDomain.value % degree === 0);
  }
}
