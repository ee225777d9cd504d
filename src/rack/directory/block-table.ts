import { mixed } from "#base";

/** So many neighbours among the blocks lie beside each other: a chain of new blocks is numbered in a row, and is looked up so. */
const GROUP = 64;
const GROUP_BITS = 6;
const SLOTS_AT_FIRST = 16;
/** Above this load the table grows; linear probing stays short below it. */
const LOAD_MAX = 0.75;
/** The load that a table is made for when it is told how many blocks to expect: shorter probes, for 32 bytes a block at 72 workers. */
const LOAD_EXPECTED = 0.5;
/** Half as much again rather than twice, which keeps a block under 40 bytes at 72 workers. */
const GROWTH = 1.5;
/** A table that is full grows when so much of it is used, and otherwise only sweeps its vacant slots out. */
const USED_TO_GROW = 0.85;

/**
 * A hash table from block to a row of bits, with open addressing in one typed array: a row lies beside its key, so that a probe
 * touches one cache line. Slots come in groups. The blocks of a group are looked for in one group of slots, each at a place of its own
 * there, then at the same place of the next group, and so on: a run of blocks touches little memory, and a group that finds its place
 * taken as a whole goes on as a whole. Behind the last group comes the first at the next place, so that the slots form one ring.
 *
 * A row without a bit is vacant, and stays for whoever is looked for behind it, until the block comes back, or a new one takes its slot,
 * or the table is swept. So a removal touches nothing but its row, and a table can be walked while bits are taken out of it.
 *
 * Slots are addressed by their offset in `words`; an offset is good until the next `set`. The caller has made sure that a block is a
 * whole number of 0 … 2^32 − 2.
 */
export class BlockTable {
  /** Each slot is a key, the block plus one and 0 when the slot is empty, followed by its row. Replaced when the table grows. */
  words: Uint32Array;
  /** How many words a slot has. */
  readonly stride: number;
  /** How many blocks have a bit. */
  size = 0;
  /** How many slots have a key, vacant ones included. */
  #used = 0;
  #usedMax: number;
  #groupsPerHash: number;

  /** An empty table whose rows have `rowWords` words, with room for so many blocks before it grows. */
  constructor(rowWords: number, blocksExpected = 0) {
    this.stride = rowWords + 1;
    const groups = Math.ceil(Math.max(SLOTS_AT_FIRST, blocksExpected / LOAD_EXPECTED) / GROUP);
    this.words = new Uint32Array(groups * GROUP * this.stride);
    this.#usedMax = Math.floor(groups * GROUP * LOAD_MAX);
    this.#groupsPerHash = groups / 2 ** 32;
  }

  /** The offset of the block's slot, or −1. The row behind it may be vacant. */
  find(block: number): number {
    const at = this.#probe(block);
    return this.words[at] === 0 ? -1 : at;
  }

  /** Sets some bit of a word of the block's row; whether it was not set before. */
  set(block: number, word: number, bit: number): boolean {
    const at = this.#probe(block);
    const { words } = this;
    if (words[at] === 0) return this.#enter(block, at, word, bit);
    const place = at + 1 + word;
    const before = words[place] as number;
    if ((before & bit) !== 0) return false;
    if (before === 0 && this.isVacant(at)) this.size += 1;
    words[place] = before | bit;
    return true;
  }

  /** Takes some bit out of a word of the block's row; whether it was set before. */
  unset(block: number, word: number, bit: number): boolean {
    const at = this.#probe(block);
    return this.words[at] !== 0 && this.unsetAt(at, word, bit);
  }

  /** The same of a slot with a key, given its offset. */
  unsetAt(at: number, word: number, bit: number): boolean {
    const { words } = this;
    const place = at + 1 + word;
    const before = words[place] as number;
    if ((before & bit) === 0) return false;
    const after = before & ~bit;
    words[place] = after;
    if (after === 0 && this.isVacant(at)) this.size -= 1;
    return true;
  }

  /** Whether a slot's row has no bit. */
  isVacant(at: number): boolean {
    const { words, stride } = this;
    for (let place = at + 1; place < at + stride; place += 1) if (words[place] !== 0) return false;
    return true;
  }

  /** The slot that has the block's key, or the empty one where it would go. There always is one. */
  #probe(block: number): number {
    const { words } = this;
    const key = block + 1;
    let at = this.#home(block);
    let found = words[at] as number;
    while (found !== key && found !== 0) {
      at = this.#next(at);
      found = words[at] as number;
    }
    return at;
  }

  /** Where a block's slot is if nobody had to give way. */
  #home(block: number): number {
    const hash = mixed(block >>> GROUP_BITS);
    const group = (hash * this.#groupsPerHash) >>> 0;
    // The place depends on the hash too: blocks that are alike within their groups must not all want the same place.
    return (group * GROUP + ((block ^ hash) & (GROUP - 1))) * this.stride;
  }

  /** Gives a new block a slot with one bit: a vacant one on the way to the empty one where its probe ended, or that one. */
  #enter(block: number, empty: number, word: number, bit: number): true {
    let at = this.#home(block);
    while (at !== empty && !this.isVacant(at)) at = this.#next(at);
    if (at === empty) {
      if (this.#used >= this.#usedMax) {
        this.#rebuild();
        at = this.#probe(block);
      }
      this.#used += 1;
    }
    this.words[at] = block + 1;
    this.words[at + 1 + word] = bit;
    this.size += 1;
    return true;
  }

  /** The next slot of the ring. */
  #next(at: number): number {
    const { length } = this.words;
    const next = at + GROUP * this.stride;
    if (next < length) return next;
    const place = next - length + this.stride;
    return place === GROUP * this.stride ? 0 : place;
  }

  /** Takes all vacant slots out, into a larger table when there are few of them. */
  #rebuild(): void {
    const { words: old, stride } = this;
    const slots = old.length / stride;
    const growth = this.size >= this.#usedMax * USED_TO_GROW ? GROWTH : 1;
    const groups = Math.ceil((slots * growth) / GROUP);
    this.words = new Uint32Array(groups * GROUP * stride);
    this.#usedMax = Math.floor(groups * GROUP * LOAD_MAX);
    this.#groupsPerHash = groups / 2 ** 32;
    this.#used = this.size;
    for (let from = 0; from < old.length; from += stride) {
      const key = old[from] as number;
      if (key === 0 || isBare(old, from, stride)) continue;
      const to = this.#probe(key - 1);
      for (let word = 0; word < stride; word += 1)
        this.words[to + word] = old[from + word] as number;
    }
  }
}

const isBare = (words: Uint32Array, at: number, stride: number): boolean => {
  for (let place = at + 1; place < at + stride; place += 1) if (words[place] !== 0) return false;
  return true;
};
