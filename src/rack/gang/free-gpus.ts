import { type GangShape, type GangWish, groupSizes } from "./contract.ts";
import { NO_ROOM, OCTET, type OctetTables, octetTables, slotBits } from "./octets.ts";

/** Wishes as the search wants them. */
type Aim = {
  readonly same: boolean;
  readonly apart: boolean;
  /** GPUs to be near, the first before the second. */
  readonly nears: readonly number[];
};

const ANYWHERE: Aim = Object.freeze({ same: false, apart: false, nears: [] });

const aimOf = (one: GangWish | undefined, other: GangWish | undefined): Aim => {
  if (one === undefined && other === undefined) return ANYWHERE;
  const nears: number[] = [];
  if (typeof one === "object") nears.push(one.near);
  if (typeof other === "object") nears.push(other.near);
  return {
    same: one === "same-domain" || other === "same-domain",
    apart: one === "different-domains" || other === "different-domains",
    nears,
  };
};

/**
 * Which GPUs are free, as a byte for each octet, and where groups would go among them. A slot is named by its first GPU. One group
 * costs a look at each octet, and less when an exact fit comes early.
 */
export class FreeGpus {
  /** The first GPUs of the groups that `pack` placed last, in the order in which they were given. */
  readonly slots: number[] = [];
  readonly #shape: GangShape;
  readonly #tables: OctetTables;
  readonly #octetsPerDomain: number;
  readonly #octets: Uint8Array;
  readonly #freeInDomain: Uint16Array;
  /** The domains that a search may not use again; means something only during one. */
  readonly #closed: Uint8Array;
  #wholeDomains: number;

  constructor(shape: GangShape) {
    const { gpus, gpusPerDomain } = shape;
    const domains = gpus / gpusPerDomain;
    this.#shape = shape;
    this.#tables = octetTables(groupSizes(shape).length - 1, gpusPerDomain + 1);
    this.#octetsPerDomain = Math.ceil(gpusPerDomain / OCTET);
    this.#octets = new Uint8Array(domains * this.#octetsPerDomain);
    this.#freeInDomain = new Uint16Array(domains);
    this.#closed = new Uint8Array(domains);
    this.#wholeDomains = 0;
    for (let gpu = 0; gpu < gpus; gpu += 1) this.put(gpu, 1);
  }

  /** How many domains are wholly free. */
  get wholeDomains(): number {
    return this.#wholeDomains;
  }

  has(gpu: number): boolean {
    const domain = Math.floor(gpu / this.#shape.gpusPerDomain);
    const place = gpu - domain * this.#shape.gpusPerDomain;
    const octet = this.#octets[domain * this.#octetsPerDomain + (place >> 3)] as number;
    return (octet & (1 << (place & 7))) !== 0;
  }

  /** Makes a slot free, which it was not. */
  put(gpu: number, size: number): void {
    this.#flip(gpu, size, size);
  }

  /** Takes a slot, which was free. */
  take(gpu: number, size: number): void {
    this.#flip(gpu, size, -size);
  }

  /** Takes a slot for every group, and says which in `slots`; or takes none, and says false. */
  pack(groups: readonly number[], one: GangWish | undefined, other: GangWish | undefined): boolean {
    const aim = aimOf(one, other);
    const near = aim.nears[0];
    const domain = near === undefined ? 0 : this.#domainOf(near);
    if (aim.nears.some((gpu) => this.#domainOf(gpu) !== domain)) return false;
    const end = near === undefined ? this.#freeInDomain.length : domain + 1;
    return aim.same
      ? this.#packInOne(groups, aim, domain, end)
      : this.#fill(groups, aim, domain, end);
  }

  /** Puts back what `pack` took last. */
  unpack(groups: readonly number[]): void {
    for (let index = 0; index < groups.length; index += 1) {
      this.put(this.slots[index] as number, groups[index] as number);
    }
  }

  #packInOne(groups: readonly number[], aim: Aim, from: number, end: number): boolean {
    let best = -1;
    let bestWhole = true;
    let bestLoss = Number.POSITIVE_INFINITY;
    for (let domain = from; domain < end; domain += 1) {
      const isWhole = this.#isWhole(domain);
      const before = this.#worth(domain);
      if ((isWhole && !bestWhole) || !this.#fill(groups, aim, domain, domain + 1)) continue;
      const loss = before - this.#worth(domain);
      this.unpack(groups);
      if (isWhole === bestWhole && loss >= bestLoss) continue;
      [best, bestWhole, bestLoss] = [domain, isWhole, loss];
    }
    return best !== -1 && this.#fill(groups, aim, best, best + 1);
  }

  /** Places the groups in the domains from … end − 1, one by one, the largest first. */
  #fill(groups: readonly number[], aim: Aim, from: number, end: number): boolean {
    if (aim.apart) this.#closed.fill(0, from, end);
    for (let size = OCTET; size > 0; size >>= 1) {
      for (let index = 0; index < groups.length; index += 1) {
        if (groups[index] !== size) continue;
        const slot = this.#slotFor(size, aim, from, end);
        if (slot === -1) {
          this.#giveBack(groups, size, index);
          return false;
        }
        this.slots[index] = slot;
        this.take(slot, size);
        if (aim.apart) this.#closed[this.#domainOf(slot)] = 1;
      }
    }
    return true;
  }

  #slotFor(size: number, aim: Aim, from: number, end: number): number {
    return aim.nears.length === 0
      ? this.#bestFit(size, aim.apart, from, end)
      : this.#nearest(size, aim, from);
  }

  /** Puts back the groups that were placed before the one of this size and index. */
  #giveBack(groups: readonly number[], size: number, end: number): void {
    for (let index = 0; index < groups.length; index += 1) {
      const placed = groups[index] as number;
      if (placed > size || (placed === size && index < end)) {
        this.put(this.slots[index] as number, placed);
      }
    }
  }

  /** The smallest run that holds a group, in a domain that is not whole if there is one. */
  #bestFit(size: number, apart: boolean, from: number, end: number): number {
    const level = 31 - Math.clz32(size);
    const { fits } = this.#tables;
    let best = -1;
    let bestRun = Number.POSITIVE_INFINITY;
    for (let domain = from; domain < end; domain += 1) {
      if (apart && this.#closed[domain] === 1) continue;
      // A whole domain comes after every run that is not in one.
      const handicap = this.#isWhole(domain) ? OCTET : 0;
      const first = domain * this.#octetsPerDomain;
      for (let octet = 0; octet < this.#octetsPerDomain; octet += 1) {
        const found = fits[level * 256 + (this.#octets[first + octet] as number)] as number;
        if (found === NO_ROOM || (found >> 3) + handicap >= bestRun) continue;
        bestRun = (found >> 3) + handicap;
        best = domain * this.#shape.gpusPerDomain + octet * OCTET + (found & 7);
        if (bestRun === level) return best;
      }
    }
    return best;
  }

  /** Of a domain, the slot whose farthest GPU is nearest; then in the smallest run. */
  #nearest(size: number, { apart, nears }: Aim, domain: number): number {
    if (apart && this.#closed[domain] === 1) return -1;
    const first = domain * this.#shape.gpusPerDomain;
    let best = -1;
    let bestKey = Number.POSITIVE_INFINITY;
    for (let place = 0; place < this.#shape.gpusPerDomain; place += size) {
      const octet = this.#octets[domain * this.#octetsPerDomain + (place >> 3)] as number;
      const bits = slotBits(size, place & 7);
      if ((octet & bits) !== bits) continue;
      let key = 0;
      for (const near of nears) key = key * OCTET + this.#farthest(first + place, size, near);
      key = key * OCTET + (this.#tables.runLevels[octet * OCTET + (place & 7)] as number);
      if (key >= bestKey) continue;
      [best, bestKey] = [first + place, key];
    }
    return best;
  }

  /** How far the farthest GPU of a slot of the same domain is: 0 the GPU itself, 1 its superchip, 2 beyond. */
  #farthest(slot: number, size: number, near: number): number {
    const { gpusPerSuperchip } = this.#shape;
    const superchip = Math.floor(near / gpusPerSuperchip);
    const isInside =
      Math.floor(slot / gpusPerSuperchip) === superchip &&
      Math.floor((slot + size - 1) / gpusPerSuperchip) === superchip;
    if (!isInside) return 2;
    return slot === near && size === 1 ? 0 : 1;
  }

  #flip(gpu: number, size: number, change: number): void {
    const { gpusPerDomain } = this.#shape;
    const domain = this.#domainOf(gpu);
    const place = gpu - domain * gpusPerDomain;
    const at = domain * this.#octetsPerDomain + (place >> 3);
    this.#octets[at] = (this.#octets[at] as number) ^ slotBits(size, place & 7);
    const before = this.#freeInDomain[domain] as number;
    const after = before + change;
    this.#freeInDomain[domain] = after;
    if (before === gpusPerDomain) this.#wholeDomains -= 1;
    if (after === gpusPerDomain) this.#wholeDomains += 1;
  }

  #isWhole(domain: number): boolean {
    return this.#freeInDomain[domain] === this.#shape.gpusPerDomain;
  }

  #worth(domain: number): number {
    const end = (domain + 1) * this.#octetsPerDomain;
    let sum = 0;
    for (let octet = end - this.#octetsPerDomain; octet < end; octet += 1) {
      sum += this.#tables.worth[this.#octets[octet] as number] as number;
    }
    return sum;
  }

  #domainOf(gpu: number): number {
    return Math.floor(gpu / this.#shape.gpusPerDomain);
  }
}
