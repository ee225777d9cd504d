import { mixed } from "#base";

/** Room for this many blocks at first. */
const ROOM = 256;
/** No slot: the end of the free ones. */
const NONE = -1;
/** The slot that no block has: it closes the ring of recency. */
const RING = 0;

const wider = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
  const wide = new Uint32Array(2 * old.length);
  wide.set(old);
  return wide;
};

const widerFloats = (old: Float64Array): Float64Array<ArrayBuffer> => {
  const wide = new Float64Array(2 * old.length);
  wide.set(old);
  return wide;
};

/**
 * What a tier knows of blocks, one slot each: 32 bytes, 4 for each 32 GPUs of the domain, and 8 to 16 for the table. A slot is a candidate, in which
 * bits say who has read it, or in the ring: from `newer[RING]`, the least recent, to `older[RING]`. Open addressing, linear probing, no tombstones.
 * It grows by doubling and never shrinks.
 */
export class TierSlots {
  names = new Uint32Array(ROOM);
  bytes = new Float64Array(ROOM);
  tags = new Float64Array(ROOM);
  /** How many GPUs have read the candidate; 0 when the slot is in the ring or free. */
  counts = new Uint32Array(ROOM);
  newer = new Uint32Array(ROOM);
  older = new Uint32Array(ROOM);
  /** `words` for each slot. */
  readers: Uint32Array<ArrayBuffer>;
  /** One more than the highest slot ever taken. */
  slotsTouched = RING + 1;
  readonly words: number;
  /** The slot, or 0 for nothing. */
  #entries = new Uint32Array(2 * ROOM);
  #mask = 2 * ROOM - 1;
  #free = NONE;

  constructor(gpus: number) {
    this.words = Math.ceil(gpus / 32);
    this.readers = new Uint32Array(this.words * ROOM);
  }

  /** The slot of a block, or −1. */
  find(block: number): number {
    const { names } = this;
    const entries = this.#entries;
    for (let at = mixed(block) & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = entries[at] as number;
      if (slot === 0) return NONE;
      if (names[slot] === block) return slot;
    }
  }

  /** Takes a slot for a block that is not known, read by nobody. */
  take(block: number): number {
    let slot = this.#free;
    if (slot === NONE) {
      if (this.slotsTouched === this.names.length) this.#grow();
      slot = this.slotsTouched;
      this.slotsTouched += 1;
    } else this.#free = (this.newer[slot] as number) - 1;
    this.names[slot] = block;
    this.#enter(slot);
    return slot;
  }

  /** Notes a reader by its place in the domain, and says how many there have been. */
  count(slot: number, place: number): number {
    const word = slot * this.words + (place >>> 5);
    const bit = 1 << (place & 31);
    const bits = this.readers[word] as number;
    if ((bits & bit) === 0) {
      this.readers[word] = bits | bit;
      this.counts[slot] = (this.counts[slot] as number) + 1;
    }
    return this.counts[slot] as number;
  }

  /** Forgets who has read it. */
  uncount(slot: number): void {
    this.counts[slot] = 0;
    for (let word = 0; word < this.words; word += 1) this.readers[slot * this.words + word] = 0;
  }

  /** Gives a slot back, which is not in the ring. */
  drop(slot: number): void {
    const entries = this.#entries;
    const mask = this.#mask;
    this.uncount(slot);
    let hole = mixed(this.names[slot] as number) & mask;
    while (entries[hole] !== slot) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; entries[at] !== 0; at = (at + 1) & mask) {
      const home = mixed(this.names[entries[at] as number] as number) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      entries[hole] = entries[at] as number;
      hole = at;
    }
    entries[hole] = 0;
    this.newer[slot] = this.#free + 1;
    this.#free = slot;
  }

  /** Puts a slot into the ring as the most recent. */
  link(slot: number): void {
    const newest = this.older[RING] as number;
    this.older[slot] = newest;
    this.newer[slot] = RING;
    this.newer[newest] = slot;
    this.older[RING] = slot;
  }

  /** Takes a slot out of the ring. */
  unlink(slot: number): void {
    const newer = this.newer[slot] as number;
    const older = this.older[slot] as number;
    this.newer[older] = newer;
    this.older[newer] = older;
  }

  /** The slots of the ring, least recent first. */
  *ring(): Generator<number> {
    for (let slot = this.newer[RING]; slot !== RING && slot; slot = this.newer[slot]) yield slot;
  }

  /** The least recent slot of the ring; 0 when it is empty. */
  leastRecent(): number {
    return this.newer[RING] as number;
  }

  /** Whether some GPU of the domain, by its place, has read the candidate. */
  hasRead(slot: number, place: number): boolean {
    const bits = this.readers[slot * this.words + (place >>> 5)] as number;
    return (bits & (1 << (place & 31))) !== 0;
  }

  #enter(slot: number): void {
    const entries = this.#entries;
    let at = mixed(this.names[slot] as number) & this.#mask;
    while (entries[at] !== 0) at = (at + 1) & this.#mask;
    entries[at] = slot;
  }

  /** Doubles everything. All slots are taken, or it would not have to. */
  #grow(): void {
    this.names = wider(this.names);
    this.bytes = widerFloats(this.bytes);
    this.tags = widerFloats(this.tags);
    this.counts = wider(this.counts);
    this.newer = wider(this.newer);
    this.older = wider(this.older);
    this.readers = wider(this.readers);
    this.#entries = new Uint32Array(2 * this.#entries.length);
    this.#mask = this.#entries.length - 1;
    for (let slot = RING + 1; slot < this.slotsTouched; slot += 1) this.#enter(slot);
  }
}
