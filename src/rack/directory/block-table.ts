import { SparseRows } from "#base";

/**
 * From block to a row of bits. Blocks that are numbered in a row lie in a row, so that a run of them touches little memory. Rows are
 * addressed by their offset in `words`; an offset is good until the next change. The caller has made sure that a block is a whole
 * number of 0 … 2^32 − 2.
 */
export class BlockTable {
  readonly #rows: SparseRows;
  readonly #rowWords: number;

  /** An empty table whose rows have so many words, with room for so many blocks before it grows. */
  constructor(rowWords: number, blocksExpected = 0) {
    this.#rows = new SparseRows(rowWords, blocksExpected);
    this.#rowWords = rowWords;
  }

  /** Replaced when the table grows. */
  get words(): Uint32Array {
    return this.#rows.words;
  }

  /** How many blocks have a bit. */
  get size(): number {
    return this.#rows.size;
  }

  get byteLength(): number {
    return this.#rows.byteLength;
  }

  /** The offset of the block's row, or −1. The row may have no bit. */
  find(block: number): number {
    return this.#rows.find(block);
  }

  /** Sets some bit of a word of the block's row; whether it was not set before. */
  set(block: number, word: number, bit: number): boolean {
    const at = this.#rows.make(block);
    const { words } = this.#rows;
    const before = words[at + word] as number;
    if ((before & bit) !== 0) return false;
    if (before === 0 && this.#isBare(at)) this.#rows.entered(block);
    words[at + word] = before | bit;
    return true;
  }

  /** Takes some bit out of a word of the block's row; whether it was set before. */
  unset(block: number, word: number, bit: number): boolean {
    const at = this.#rows.find(block);
    return at >= 0 && this.#unsetAt(block, at, word, bit);
  }

  /** Takes some bit out of a word of every row; from how many. */
  forget(word: number, bit: number): number {
    let ended = 0;
    this.#rows.each((block, at) => {
      if (this.#unsetAt(block, at, word, bit)) ended += 1;
    });
    return ended;
  }

  /** Every block that has a bit, ascending. */
  blocks(): Uint32Array {
    const found = new Uint32Array(this.size);
    let count = 0;
    this.#rows.each((block, at) => {
      if (this.#isBare(at)) return;
      found[count] = block;
      count += 1;
    });
    return found.toSorted();
  }

  #unsetAt(block: number, at: number, word: number, bit: number): boolean {
    const { words } = this.#rows;
    const before = words[at + word] as number;
    if ((before & bit) === 0) return false;
    const after = before & ~bit;
    words[at + word] = after;
    if (after === 0 && this.#isBare(at)) this.#rows.left(block);
    return true;
  }

  /** Whether a row has no bit. */
  #isBare(at: number): boolean {
    const { words } = this.#rows;
    for (let place = at; place < at + this.#rowWords; place += 1) {
      if (words[place] !== 0) return false;
    }
    return true;
  }
}
