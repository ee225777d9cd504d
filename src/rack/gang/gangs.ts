import { assert, type Refused, refused } from "#base";
import {
  type CreateGangs,
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
import { FreeGpus } from "./free-gpus.ts";
import { chooseVictims, type Gang } from "./victims.ts";

const RELEASED = Object.freeze({ kind: "released" });
const REGAINED: Regained = Object.freeze({ kind: "regained" });
const NOBODY: readonly number[] = Object.freeze([]);
const NO_TOPOLOGY: GangTopology = Object.freeze({});

/**
 * The gangs that are fast: free GPUs are bits, a place for a group is a look into a table for every eight of them. Ending others and
 * losing GPUs walk over the gangs; they are rare.
 */
class RackGangs implements Gangs {
  readonly shape: GangShape;
  readonly #free: FreeGpus;
  readonly #gangs = new Map<number, Gang>();
  readonly #lost: Uint8Array;
  readonly #events: GangEvents;
  /** Whether a number from 0 to 8 is the size of a group. */
  readonly #isSize: readonly boolean[];
  #placements = 0;

  constructor(shape: GangShape, events: GangEvents) {
    checkGangShape(shape);
    this.shape = shape;
    this.#free = new FreeGpus(shape);
    this.#lost = new Uint8Array(shape.gpus);
    this.#events = events;
    const sizes = groupSizes(shape);
    this.#isSize = Array.from({ length: 9 }, (_, size) => sizes.includes(size));
  }

  place(request: GangRequest): GangPlaced | Refused<GangRefusal> {
    checkRequest(this.shape, request);
    const { owner, groups, topology = NO_TOPOLOGY } = request;
    if (this.#gangs.has(owner)) return refused("owner-known");
    if (groups.length === 0) return refused("no-groups");
    if (!this.#isWellFormed(groups)) return refused("bad-group");
    const { required, preferred } = topology;
    if (this.#free.pack(groups, required, preferred)) return this.#keep(request, NOBODY, false);
    if (preferred !== undefined && this.#free.pack(groups, required, undefined)) {
      return this.#keep(request, NOBODY, true);
    }
    return this.#placeOver(request, topology);
  }

  release(owner: number): { readonly kind: "released" } | Refused<"unknown-owner"> {
    checkOwner(owner);
    const gang = this.#gangs.get(owner);
    if (gang === undefined) return refused("unknown-owner");
    this.#end(gang, "released");
    return RELEASED as { readonly kind: "released" };
  }

  lose(gpu: number): Lost | Refused<"already-lost"> {
    checkGpu(this.shape, gpu);
    return this.#lose(gpu, gpu + 1);
  }

  loseDomain(domain: number): Lost | Refused<"already-lost"> {
    checkDomain(this.shape, domain);
    const { gpusPerDomain } = this.shape;
    return this.#lose(domain * gpusPerDomain, (domain + 1) * gpusPerDomain);
  }

  regain(gpu: number): Regained | Refused<"not-lost"> {
    checkGpu(this.shape, gpu);
    return this.#regain(gpu, gpu + 1);
  }

  regainDomain(domain: number): Regained | Refused<"not-lost"> {
    checkDomain(this.shape, domain);
    const { gpusPerDomain } = this.shape;
    return this.#regain(domain * gpusPerDomain, (domain + 1) * gpusPerDomain);
  }

  owners(): readonly number[] {
    return [...this.#gangs.keys()];
  }

  groupsOf(owner: number): GangGroups {
    checkOwner(owner);
    return this.#gangs.get(owner)?.groups ?? [];
  }

  freeGpus(): readonly number[] {
    return this.#gpus((gpu) => this.#free.has(gpu));
  }

  lostGpus(): readonly number[] {
    return this.#gpus((gpu) => this.#lost[gpu] === 1);
  }

  wholeDomainsFree(): number {
    return this.#free.wholeDomains;
  }

  fits(groups: readonly number[], required?: GangWish): boolean {
    checkWish(this.shape, required);
    if (groups.length === 0 || !this.#isWellFormed(groups)) return false;
    return this.#tries(groups, required);
  }

  /** Places a gang by ending others, if that helps. */
  #placeOver(request: GangRequest, topology: GangTopology): GangPlaced | Refused<GangRefusal> {
    const { groups, priority = 0 } = request;
    const below = [...this.#gangs.values()].filter((gang) => gang.priority < priority);
    const { required } = topology;
    if (!this.#fitsWithout(below, groups, required)) {
      const wouldFit = required !== undefined && this.#fitsWithout(below, groups, undefined);
      return refused(wouldFit ? "topology" : "no-room");
    }
    const victims = chooseVictims({
      shape: this.shape,
      isFree: (gpu) => this.#free.has(gpu),
      below,
      groups,
      required,
      fitsWithout: (gone) => this.#fitsWithout(gone, groups, required),
    });
    for (const gang of victims) this.#end(gang, "preempted");
    const isAsPreferred = this.#free.pack(groups, required, topology.preferred);
    const isPlaced = isAsPreferred || this.#free.pack(groups, required, undefined);
    assert(isPlaced, "a gang fits once its victims are gone", request.owner);
    return this.#keep(
      request,
      victims.map(({ owner }) => owner),
      !isAsPreferred,
    );
  }

  /** Records the gang whose slots were just taken. */
  #keep(request: GangRequest, preempted: readonly number[], weakened: boolean): GangPlaced {
    const groups: (readonly number[])[] = [];
    for (let index = 0; index < request.groups.length; index += 1) {
      const group: number[] = [];
      const first = this.#free.slots[index] as number;
      const size = request.groups[index] as number;
      for (let shard = 0; shard < size; shard += 1) group.push(first + shard);
      groups.push(group);
    }
    const { owner, priority = 0 } = request;
    this.#gangs.set(owner, { owner, priority, age: this.#placements, groups });
    this.#placements += 1;
    this.#events.placed(owner, groups);
    return { kind: "placed", groups, preempted, weakened };
  }

  #end(gang: Gang, why: GangEnd): void {
    this.#gangs.delete(gang.owner);
    this.#putBack(gang);
    this.#events.ended(gang.owner, why);
  }

  #putBack(gang: Gang): void {
    for (const group of gang.groups) this.#free.put(group[0] as number, group.length);
  }

  #tries(groups: readonly number[], required: GangWish | undefined): boolean {
    if (!this.#free.pack(groups, required, undefined)) return false;
    this.#free.unpack(groups);
    return true;
  }

  #fitsWithout(
    gone: readonly Gang[],
    groups: readonly number[],
    required: GangWish | undefined,
  ): boolean {
    for (const gang of gone) this.#putBack(gang);
    const fits = this.#tries(groups, required);
    for (const gang of gone) {
      for (const group of gang.groups) this.#free.take(group[0] as number, group.length);
    }
    return fits;
  }

  #lose(from: number, end: number): Lost | Refused<"already-lost"> {
    if (!this.#lost.includes(0, from) || this.#lost.indexOf(0, from) >= end) {
      return refused("already-lost");
    }
    const ended: number[] = [];
    for (const gang of this.#gangs.values()) {
      if (!gang.groups.some((group) => group.some((gpu) => gpu >= from && gpu < end))) continue;
      this.#end(gang, "lost");
      ended.push(gang.owner);
    }
    for (let gpu = from; gpu < end; gpu += 1) {
      if (this.#lost[gpu] === 0) this.#free.take(gpu, 1);
      this.#lost[gpu] = 1;
    }
    return { kind: "lost", ended };
  }

  #regain(from: number, end: number): Regained | Refused<"not-lost"> {
    let regained = 0;
    for (let gpu = from; gpu < end; gpu += 1) {
      if (this.#lost[gpu] === 0) continue;
      this.#lost[gpu] = 0;
      this.#free.put(gpu, 1);
      regained += 1;
    }
    return regained === 0 ? refused("not-lost") : REGAINED;
  }

  #isWellFormed(groups: readonly number[]): boolean {
    for (let index = 0; index < groups.length; index += 1) {
      if (this.#isSize[groups[index] as number] !== true) return false;
    }
    return true;
  }

  #gpus(wanted: (gpu: number) => boolean): readonly number[] {
    const found: number[] = [];
    for (let gpu = 0; gpu < this.shape.gpus; gpu += 1) if (wanted(gpu)) found.push(gpu);
    return found;
  }
}

/** A rack without gangs, all of it in service. */
export const createGangs: CreateGangs = (shape, events = UNHEARD) => new RackGangs(shape, events);
