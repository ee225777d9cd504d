import { assert, isRefused, type Refused, refused } from "#base";
import type {
  Deployed,
  DeployRefusal,
  DeployRequest,
  Hardware,
  HardwareLost,
  Swapping,
  SwapRefusal,
  SwapRequest,
} from "./fleet-contract.ts";
import type {
  Fetching,
  FetchRefusal,
  MachineDone,
  Prompt,
  RequestRefusal,
  RequestStarted,
  Routed,
  SendRefusal,
  SendRequest,
  StartRefusal,
} from "./machine-contract.ts";
import { elsewhere } from "./machine-fetches.ts";
import { MachineSteps } from "./machine-steps.ts";
import type { MachineRequest, RackWorker } from "./machine-worker.ts";

/** Requests hold blocks in a pool under even numbers; what the machine itself holds has odd ones. */
const holderOf = (request: number): number => 2 * request;

/**
 * The whole rack as one state machine: a fleet (gangs, weights on their way), pools, directory, switches, router and transfers. Time is virtual and told by
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
    const { capacityMost } = this.shape;
    const answer = this.fleet.deploy({ ...request, placed: "together", warm: false, capacityMost });
    if (isRefused(answer)) return answer;
    const { weights } = answer;
    assert(weights !== "warm", "the weights of a machine come from somewhere");
    return { ...answer, weights };
  }

  /** Ends an owner's workers. */
  undeploy(owner: number): MachineDone | Refused<"unknown-owner"> {
    return this.fleet.undeploy(owner);
  }

  /** Sets another model out for a worker, or for all of an owner's, beside the one they serve. */
  swap(request: SwapRequest): Swapping | Refused<SwapRefusal> {
    return this.fleet.swap({ ...request, capacityMost: this.shape.capacityMost });
  }

  /** Takes hardware out of service and ends every gang that has some of it. A domain is lost with its switch's memory. */
  lose(what: Hardware): HardwareLost | Refused<"already-lost"> {
    const answer = this.fleet.lose(what);
    const isMemoryLost = "domain" in what && this.switches.lose(what.domain);
    if (!isRefused(answer)) return answer;
    return isMemoryLost ? { kind: "lost", ended: [] } : refused("already-lost");
  }

  /** Puts hardware back into service, empty. */
  regain(what: Hardware): MachineDone | Refused<"not-lost"> {
    const answer = this.fleet.regain(what);
    const isMemoryBack = "domain" in what && this.switches.regain(what.domain);
    return isMemoryBack ? { kind: "regained" } : answer;
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
}
