/** 2^32 divided by the golden ratio: spreads the dense names of an interned trace over the whole table. */
const GOLDEN = 0x9e3779b1;

/**
 * From a block's name to its slot: open addressing, linear probing, no tombstones. Sized by the number of slots, never by the number
 * of names there are. The names themselves lie in the slots; an entry is four bytes, and there are 1.5 to 3 of them a slot.
 */
export class BlockTable {
  /** Slot + 1, or 0 for nothing. */
  readonly entries: Uint32Array;
  readonly #names: Uint32Array;
  readonly #mask: number;
  readonly #shift: number;

  /** `names[slot]` is the name in a slot; the table reads it and never writes it. */
  constructor(names: Uint32Array) {
    const bits = Math.max(1, Math.ceil(Math.log2(names.length * 1.5)));
    this.entries = new Uint32Array(2 ** bits);
    this.#names = names;
    this.#mask = 2 ** bits - 1;
    this.#shift = 32 - bits;
  }

  /** The slot of a name, or −1. */
  find(name: number): number {
    for (let at = Math.imul(name, GOLDEN) >>> this.#shift; ; at = (at + 1) & this.#mask) {
      const slot = (this.entries[at] as number) - 1;
      if (slot < 0 || this.#names[slot] === name) return slot;
    }
  }

  /** Enters a slot whose name is set and not in the table. */
  insert(slot: number): void {
    let at = Math.imul(this.#names[slot] as number, GOLDEN) >>> this.#shift;
    while (this.entries[at] !== 0) at = (at + 1) & this.#mask;
    this.entries[at] = slot + 1;
  }

  /** Takes out a slot that is in the table, and moves up those that it had displaced. */
  remove(slot: number): void {
    const { entries } = this;
    const mask = this.#mask;
    let hole = Math.imul(this.#names[slot] as number, GOLDEN) >>> this.#shift;
    while (entries[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; entries[at] !== 0; at = (at + 1) & mask) {
      const name = this.#names[(entries[at] as number) - 1] as number;
      const home = Math.imul(name, GOLDEN) >>> this.#shift;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      entries[hole] = entries[at] as number;
      hole = at;
    }
    entries[hole] = 0;
  }
}
