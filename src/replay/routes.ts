import type { ServingGroup } from "#rack";
import type { TraceRequest } from "#trace";
import type { Route } from "./engine/contract.ts";
import type { EngineWorker } from "./engine/worker.ts";
import type { Plan, PlannedDeployment } from "./options/index.ts";

/** Which workers of a deployment may be chosen, by place; and how many they are. */
type Mask = { readonly live: Uint8Array; serving: number };

/** Which requests go where, and who of each deployment may be chosen. */
export class Routes {
  readonly #deploymentOf: Plan["deploymentOf"];
  readonly #masks: readonly Mask[];
  readonly #routes: readonly (Route | undefined)[];

  constructor(
    { deployments, deploymentOf, profile }: Plan,
    groups: ReadonlyMap<string, ServingGroup>,
  ) {
    this.#deploymentOf = deploymentOf;
    this.#masks = deployments.map(({ tp }) => ({
      live: new Uint8Array(profile.gpuCount.value / tp),
      serving: 0,
    }));
    this.#routes = deployments.map((deployment) => this.#routeTo(deployment, groups));
  }

  /** Where a request goes; nothing when no deployment serves its model. */
  of({ model }: TraceRequest): Route | undefined {
    return this.#routes[this.#deploymentOf(model)];
  }

  /** How many workers of a deployment may be chosen. */
  serving(deployment: number): number {
    return (this.#masks[deployment] as Mask).serving;
  }

  /** Whether a worker may be chosen from now on. */
  setLive({ deployment, serving: { place } }: EngineWorker, live: 0 | 1): void {
    const mask = this.#masks[deployment] as Mask;
    mask.serving += live - (mask.live[place] as number);
    mask.live[place] = live;
  }

  #routeTo(
    { place, kind, partner, options }: PlannedDeployment,
    groups: ReadonlyMap<string, ServingGroup>,
  ): Route | undefined {
    if (options.role === "decode") return undefined;
    const group = groups.get(kind) as ServingGroup;
    const maskOf = (at: number) => ({ deployment: at, live: (this.#masks[at] as Mask).live });
    return { group, prefill: maskOf(place), decode: partner < 0 ? undefined : maskOf(partner) };
  }
}
