import { assert, type Refused, refused } from "#base";
import {
  checkDomain,
  checkGangShape,
  checkGpu,
  checkOwner,
  checkRequest,
  checkWish,
  type GangEnd,
  type GangEvents,
  type GangGroups,
  type GangPlaced,
  type GangRefusal,
  type GangRequest,
  type GangShape,
  type Gangs,
  type GangTopology,
  type GangWish,
  groupSizes,
  type Lost,
  type Regained,
  UNHEARD,
} from "./contract.ts";
import { PackingModel } from "./packing-model.ts";
import { chooseVictims, type Gang } from "./victims.ts";

/** Where a gang goes, and whether its preference was given up for that. */
type Settled = { readonly groups: GangGroups; readonly weakened: boolean };

/** The gangs of a rack, obviously right: a map of gangs and a set of lost GPUs; what is free is worked out anew each time. */
export class GangsModel extends PackingModel implements Gangs {
  protected readonly gangs = new Map<number, Gang>();
  protected readonly lost = new Set<number>();
  protected readonly events: GangEvents;
  protected placements = 0;

  constructor(shape: GangShape, events: GangEvents = UNHEARD) {
    checkGangShape(shape);
    super(shape);
    this.events = events;
  }

  place(request: GangRequest): GangPlaced | Refused<GangRefusal> {
    checkRequest(this.shape, request);
    const fault = this.fault(request);
    if (fault !== undefined) return refused(fault);
    const { groups, priority = 0, topology = {} } = request;
    const settled = this.settle(this.free(), groups, topology);
    if (settled !== undefined) return this.take(request, settled, []);

    const below = this.below(priority);
    const inReach = this.freeWithout(below);
    if (this.pack(inReach, groups, listed(topology.required)) === undefined) {
      return refused(this.pack(inReach, groups, []) === undefined ? "no-room" : "topology");
    }
    const victims = this.victims(groups, topology.required, below);
    const room = this.settle(this.freeWithout(victims), groups, topology);
    assert(room !== undefined, "a gang fits once its victims are gone", request.owner);
    return this.take(request, room, victims);
  }

  release(owner: number): { readonly kind: "released" } | Refused<"unknown-owner"> {
    checkOwner(owner);
    const gang = this.gangs.get(owner);
    if (gang === undefined) return refused("unknown-owner");
    this.end(gang, "released");
    return { kind: "released" };
  }

  lose(gpu: number): Lost | Refused<"already-lost"> {
    checkGpu(this.shape, gpu);
    return this.loseAll([gpu]);
  }

  loseDomain(domain: number): Lost | Refused<"already-lost"> {
    checkDomain(this.shape, domain);
    return this.loseAll(this.gpusOf(domain));
  }

  regain(gpu: number): Regained | Refused<"not-lost"> {
    checkGpu(this.shape, gpu);
    return this.regainAll([gpu]);
  }

  regainDomain(domain: number): Regained | Refused<"not-lost"> {
    checkDomain(this.shape, domain);
    return this.regainAll(this.gpusOf(domain));
  }

  owners(): readonly number[] {
    return [...this.gangs.keys()];
  }

  groupsOf(owner: number): GangGroups {
    checkOwner(owner);
    return this.gangs.get(owner)?.groups ?? [];
  }

  freeGpus(): readonly number[] {
    return [...this.free()];
  }

  lostGpus(): readonly number[] {
    return this.gpus().filter((gpu) => this.lost.has(gpu));
  }

  wholeDomainsFree(): number {
    const free = this.free();
    return this.domains().filter((domain) => this.isWhole(free, domain)).length;
  }

  fits(groups: readonly number[], required?: GangWish): boolean {
    checkWish(this.shape, required);
    if (groups.length === 0 || !this.isWellFormed(groups)) return false;
    return this.pack(this.free(), groups, listed(required)) !== undefined;
  }

  protected fault({ owner, groups }: GangRequest): GangRefusal | undefined {
    if (this.gangs.has(owner)) return "owner-known";
    if (groups.length === 0) return "no-groups";
    return this.isWellFormed(groups) ? undefined : "bad-group";
  }

  /** The groups as preferred, or else as required, or nothing. */
  protected settle(
    free: ReadonlySet<number>,
    groups: readonly number[],
    { required, preferred }: GangTopology,
  ): Settled | undefined {
    const wanted = this.pack(free, groups, listed(required, preferred));
    if (wanted !== undefined) return { groups: wanted, weakened: false };
    const needed = this.pack(free, groups, listed(required));
    return needed && { groups: needed, weakened: true };
  }

  /** Whom to end, the most expendable first. */
  protected victims(
    groups: readonly number[],
    required: GangWish | undefined,
    below: readonly Gang[],
  ): readonly Gang[] {
    const free = this.free();
    return chooseVictims({
      shape: this.shape,
      isFree: (gpu) => free.has(gpu),
      below,
      groups,
      required,
      fitsWithout: (gone) =>
        this.pack(this.freeWithout(gone), groups, listed(required)) !== undefined,
    });
  }

  /** The gangs that one of this priority may end, in order of placement. */
  protected below(priority: number): readonly Gang[] {
    return [...this.gangs.values()].filter((gang) => gang.priority < priority);
  }

  protected take(request: GangRequest, settled: Settled, victims: readonly Gang[]): GangPlaced {
    for (const gang of victims) this.end(gang, "preempted");
    const { owner, priority = 0 } = request;
    const { groups, weakened } = settled;
    this.gangs.set(owner, { owner, priority, age: this.placements, groups });
    this.placements += 1;
    this.events.placed(owner, groups);
    return { kind: "placed", groups, preempted: victims.map((gang) => gang.owner), weakened };
  }

  protected end(gang: Gang, why: GangEnd): void {
    this.gangs.delete(gang.owner);
    this.events.ended(gang.owner, why);
  }

  /** The GPUs that are in service and in no gang, ascending. */
  protected free(): ReadonlySet<number> {
    return this.freeWithout([]);
  }

  /** The same if some gangs were gone. */
  protected freeWithout(gone: readonly Gang[]): ReadonlySet<number> {
    const staying = [...this.gangs.values()].filter((gang) => !gone.includes(gang));
    const held = new Set(staying.flatMap((gang) => gang.groups.flat()));
    return new Set(this.gpus().filter((gpu) => !held.has(gpu) && !this.lost.has(gpu)));
  }

  protected loseAll(gpus: readonly number[]): Lost | Refused<"already-lost"> {
    if (gpus.every((gpu) => this.lost.has(gpu))) return refused("already-lost");
    const hit = [...this.gangs.values()].filter((gang) =>
      gang.groups.flat().some((gpu) => gpus.includes(gpu)),
    );
    for (const gang of hit) this.end(gang, "lost");
    for (const gpu of gpus) this.lost.add(gpu);
    return { kind: "lost", ended: hit.map(({ owner }) => owner) };
  }

  protected regainAll(gpus: readonly number[]): Regained | Refused<"not-lost"> {
    if (!gpus.some((gpu) => this.lost.has(gpu))) return refused("not-lost");
    for (const gpu of gpus) this.lost.delete(gpu);
    return { kind: "regained" };
  }

  private isWellFormed(groups: readonly number[]): boolean {
    const sizes = groupSizes(this.shape);
    return groups.every((size) => sizes.includes(size));
  }

  private gpus(): readonly number[] {
    return Array.from({ length: this.shape.gpus }, (_, gpu) => gpu);
  }

  private gpusOf(domain: number): readonly number[] {
    return this.gpus().filter((gpu) => this.domainOf(gpu) === domain);
  }
}

/** The wishes that there are. */
const listed = (...wishes: readonly (GangWish | undefined)[]): readonly GangWish[] =>
  wishes.filter((wish) => wish !== undefined);
