import { mixed } from "#base";

const SLOTS_AT_FIRST = 16;
/** Above this load the table grows; linear probing stays short below it. */
const LOAD_MAX = 0.75;
/** Half as much again rather than twice: the load stays above a half, which keeps a block under 40 bytes at 72 workers. */
const GROWTH = 1.5;

/**
 * A hash table from block to a row of 32-bit words, with open addressing in one typed array: a row lies beside its key, so that a
 * probe touches one cache line. An entry that goes pulls back those that had to give way to it, so there are no tombstones and
 * the table is as good after a billion removals as before. It grows and never shrinks.
 *
 * Rows are addressed by their offset in `words`; an offset is good until the next `reserve` or `remove`. The caller has made sure
 * that a block is a whole number of 0 … 2^32 − 2.
 */
export class BlockTable {
  /** Each slot is a key, the block plus one and 0 when the slot is empty, followed by its row. Replaced when the table grows. */
  words: Uint32Array;
  /** How many words a slot has. */
  readonly stride: number;
  /** How many blocks have a row. */
  size = 0;
  #slots: number;
  #slotsPerHash: number;
  #sizeMax: number;

  /** An empty table whose rows have `rowWords` words, with room for so many blocks before it grows. */
  constructor(rowWords: number, blocksExpected = 0) {
    this.stride = rowWords + 1;
    this.#slots = Math.max(SLOTS_AT_FIRST, Math.ceil(blocksExpected / LOAD_MAX));
    this.#slotsPerHash = this.#slots / 2 ** 32;
    this.#sizeMax = this.#slots * LOAD_MAX;
    this.words = new Uint32Array(this.#slots * this.stride);
  }

  /** The offset of the block's row, or −1. */
  find(block: number): number {
    const offset = this.#probe(block + 1);
    return this.words[offset] === 0 ? -1 : offset + 1;
  }

  /** The offset of the block's row, which is all zeros when it is new. */
  reserve(block: number): number {
    const offset = this.#probe(block + 1);
    if (this.words[offset] !== 0) return offset + 1;
    if (this.size >= this.#sizeMax) {
      this.#grow();
      return this.reserve(block);
    }
    this.size += 1;
    this.words[offset] = block + 1;
    return offset + 1;
  }

  /**
   * Takes a row out, given its offset. Rows behind it may move towards it, one of them into its place: who walks the table
   * forwards and removes as it goes looks at the same offset again and misses none.
   */
  remove(row: number): void {
    const { words, stride } = this;
    let hole = row - 1;
    let next = this.#after(hole);
    while (words[next] !== 0) {
      const wanted = this.#home((words[next] as number) - 1);
      if (this.#distance(wanted, next) >= this.#distance(hole, next)) {
        words.copyWithin(hole, next, next + stride);
        hole = next;
      }
      next = this.#after(next);
    }
    words.fill(0, hole, hole + stride);
    this.size -= 1;
  }

  /** The slot that has the key, or the empty one where it would go. There always is one. */
  #probe(key: number): number {
    const { words, stride } = this;
    const end = words.length;
    let offset = this.#home(key - 1);
    for (;;) {
      const found = words[offset] as number;
      if (found === key || found === 0) return offset;
      offset += stride;
      if (offset === end) offset = 0;
    }
  }

  /** Where a block's slot would be if the table were empty: its hash as a share of the table. */
  #home(block: number): number {
    return Math.imul((mixed(block) * this.#slotsPerHash) >>> 0, this.stride) >>> 0;
  }

  #after(offset: number): number {
    const next = offset + this.stride;
    return next === this.words.length ? 0 : next;
  }

  /** How far it is from one slot forwards to another, round the end of the table. */
  #distance(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.words.length;
  }

  #grow(): void {
    const old = this.words;
    this.#slots = Math.ceil(this.#slots * GROWTH);
    this.#slotsPerHash = this.#slots / 2 ** 32;
    this.#sizeMax = Math.floor(this.#slots * LOAD_MAX);
    this.words = new Uint32Array(this.#slots * this.stride);
    for (let offset = 0; offset < old.length; offset += this.stride) {
      const key = old[offset] as number;
      if (key === 0) continue;
      const to = this.#probe(key);
      for (let word = 0; word < this.stride; word += 1) {
        this.words[to + word] = old[offset + word] as number;
      }
    }
  }
}
