import { isRefused } from "#base";
import type { Fleet } from "#rack";
import type { EngineWorker } from "./engine/worker.ts";
import type { Plan, PlannedDeployment } from "./options/index.ts";

/** What is asked of whoever has the workers. */
export type DemandHost = {
  fleet(): Fleet;
  worker(number: number): EngineWorker | undefined;
  /** Whether a worker may be chosen from now on. */
  setLive(worker: EngineWorker, live: 0 | 1): void;
  /** New weights have set out for a worker. */
  begun(number: number): void;
  /** How many workers of a deployment may be chosen. */
  serving(deployment: number): number;
};

/**
 * Models that are brought because somebody asks for them: of the workers that could be given one, who has the fewest requests gets no more, and is swapped when it
 * has none.
 */
export class Demand {
  swaps = 0;
  readonly #plan: Plan;
  readonly #host: DemandHost;
  /** Workers that are to be swapped once they have nothing to do, and to which deployment. */
  readonly #draining = new Map<EngineWorker, number>();
  /** By worker, the deployment whose weights are on their way to it. */
  readonly #swapping = new Map<number, number>();

  constructor(plan: Plan, host: DemandHost) {
    this.#plan = plan;
    this.#host = host;
  }

  /** Whether any worker is to be swapped once it has nothing to do. */
  get isDraining(): boolean {
    return this.#draining.size > 0;
  }

  /** Somebody asks for a deployment that has no worker: another's is emptied for it, unless one is on its way. */
  want(deployment: number): void {
    const fleet = this.#host.fleet();
    const wanted = this.#plan.deployments[deployment] as PlannedDeployment;
    const isComing =
      [...this.#draining.values(), ...this.#swapping.values()].includes(deployment) ||
      fleet.all().some(({ owner, isServing }) => owner === deployment && !isServing);
    if (isComing) return;
    let victim: EngineWorker | undefined;
    for (const { worker: number } of fleet.candidates(running(wanted), wanted.tp)) {
      const worker = this.#host.worker(number);
      if (worker === undefined || this.#draining.has(worker) || this.#isOnlyHalf(worker)) continue;
      if (victim === undefined || requestsOf(worker) < requestsOf(victim)) victim = worker;
    }
    if (victim === undefined) return;
    this.#draining.set(victim, deployment);
    this.#host.setLive(victim, 0);
    this.drained(victim);
  }

  /** A worker may have nothing to do any more: if it was to be swapped, it is. */
  drained(worker: EngineWorker): void {
    const deployment = this.#draining.get(worker);
    if (deployment === undefined || requestsOf(worker) > 0) return;
    const wanted = this.#plan.deployments[deployment] as PlannedDeployment;
    const answer = this.#host.fleet().swap({
      worker: worker.number,
      ...running(wanted),
      capacityMost: wanted.options.capacity_blocks === null ? undefined : wanted.capacityBlocks,
    });
    if (isRefused(answer)) return;
    this.#draining.delete(worker);
    this.#swapping.set(worker.number, deployment);
    this.#host.begun(worker.number);
  }

  /** A worker serves what was brought: says which deployment that is. */
  swapped(number: number): number {
    const deployment = this.#swapping.get(number) as number;
    this.#swapping.delete(number);
    this.swaps += 1;
    return deployment;
  }

  /** What was brought to a worker does not come. */
  ended(number: number): void {
    this.#swapping.delete(number);
  }

  /** A worker is gone, or serves something else. */
  gone(worker: EngineWorker): void {
    this.#draining.delete(worker);
  }

  /** Whether a worker is the last of its half: without it the other half would work in vain. */
  #isOnlyHalf({ deployment }: EngineWorker): boolean {
    const { partner } = this.#plan.deployments[deployment] as PlannedDeployment;
    return partner >= 0 && this.#host.serving(deployment) <= 1;
  }
}

const requestsOf = ({ serving: { group, place } }: EngineWorker): number =>
  group.activeRequests[place] as number;

/** What a deployment runs, as a fleet is told it. */
export const running = ({ options: { model, weight_format, kv_format } }: PlannedDeployment) => ({
  model,
  weightFormat: weight_format,
  kvFormat: kv_format,
});
