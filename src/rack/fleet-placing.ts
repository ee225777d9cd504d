import { assert, isRefused, type Refused, refused } from "#base";
import type { FleetRequest } from "./fleet-contract.ts";
import type { KvKind } from "./fleet-kinds.ts";
import { type Deployment, FleetSteps, placedWorker } from "./fleet-steps.ts";
import type { FleetWorker } from "./fleet-worker.ts";
import type { GangPlaced, GangRefusal } from "./gang/index.ts";

/** How replicas get their places: as one gang, or as a gang each. */
export abstract class FleetPlacing extends FleetSteps {
  /** Finds room for replicas, all or none; of a gang that is placed together it has been taken. */
  protected findRoom({
    tp,
    replicas,
    priority,
    ...wish
  }: FleetRequest): (GangPlaced & { readonly gang: number }) | Refused<GangRefusal> {
    const topology = wish.placed === "together" ? wish.topology : undefined;
    const gang = this.nextGang();
    const most = replicas ?? this.mostThatFit(tp, this.shape.profile.gpuCount.value);
    if (replicas === null && most === 0) return refused("no-room");
    const groups = Array.from({ length: most }, () => tp);
    const placed = this.gangs.place({ owner: gang, groups, priority, topology });
    if (isRefused(placed)) return placed;
    // Nobody can tell room for one gang from room for as many of one group each: groups of a size fill the same places.
    if (wish.placed === "apart") this.gangs.release(gang);
    return { ...placed, gang, preempted: this.settled() };
  }

  /** Places workers for which there is room, a gang each. */
  protected placeApart(deployment: Deployment, count: number): readonly FleetWorker[] {
    const { kind, priority } = deployment;
    return Array.from({ length: count }, () => {
      const gang = this.nextGang();
      const placed = this.gangs.place({ owner: gang, groups: [kind.tp], priority });
      assert(placed.kind === "placed", "a worker fits where there is room for it");
      return this.open(deployment, gang, placed.groups[0] as readonly number[]);
    });
  }

  /** How many workers an owner has fewer than it was given. */
  protected lackOf({ owner, wanted }: Deployment): number {
    return wanted - this.ownedBy(owner).length;
  }

  /** Workers have been placed: their weights are there, or set out. */
  protected begin(kind: KvKind, opened: readonly FleetWorker[], isWarm: boolean) {
    if (isWarm) for (const worker of opened) this.serve(worker);
    const begun = isWarm
      ? ({ weights: "warm", dueNs: this.clockNs } as const)
      : this.setOut(kind, opened);
    return { kind: "deployed", workers: opened.map(placedWorker), ...begun } as const;
  }

  /** Makes plans anew whose sources went in this call; says whose gangs did. */
  protected settled(): readonly number[] {
    const { bereft } = this;
    this.bereft = [];
    this.settle();
    return bereft;
  }

  /** How many groups of a size fit now, up to a bound, without ending anybody. */
  protected mostThatFit(tp: number, bound: number): number {
    const groups: number[] = [];
    while (groups.length < bound && this.gangs.fits([...groups, tp])) groups.push(tp);
    return groups.length;
  }
}
