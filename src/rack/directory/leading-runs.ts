import type { BlockTable } from "./block-table.ts";
import { checkBlock } from "./contract.ts";

/** The place of a word's lowest set bit. */
export const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** What of a table is read. */
type Rows = Pick<BlockTable, "find" | "words">;

/**
 * Finds leading runs in a table whose rows have a bit for each worker, in `span` words a tier. One block is one look-up, however many
 * workers there are; a row's words are all read at the first block, and then only those in which some worker's run still goes on.
 */
export class LeadingRuns {
  readonly #table: Rows;
  readonly #span: number;
  readonly #tiers: number;
  /** Of the workers whose run still goes on, the words they are in, and their bits there. Mean something up to `#alive` only. */
  readonly #places: Uint32Array;
  readonly #bits: Uint32Array;
  readonly #kept: Uint32Array;
  #alive = 0;

  constructor(table: Rows, span: number, tiers: number) {
    this.#table = table;
    this.#span = span;
    this.#tiers = tiers;
    this.#places = new Uint32Array(span);
    this.#bits = new Uint32Array(span);
    this.#kept = new Uint32Array(span);
  }

  /** The workers of one word that hold the block of a slot in any tier. */
  holdersOf(at: number, word: number): number {
    const { words } = this.#table;
    let place = at + word;
    let bits = words[place] as number;
    for (let tier = 1; tier < this.#tiers; tier += 1) {
      place += this.#span;
      bits |= words[place] as number;
    }
    return bits;
  }

  /**
   * Follows the blocks as long as any worker holds all of them; returns how many there were, and writes into `into`, when there is
   * one, each run that is longer than 0.
   */
  walk(blocks: ArrayLike<number>, into: Uint32Array | undefined): number {
    let run = 0;
    while (run < blocks.length) {
      const block = blocks[run] as number;
      checkBlock(block);
      const at = this.#table.find(block);
      if (at === -1) break;
      if (!(run === 0 ? this.#begin(at) : this.#narrow(at, run, into))) break;
      run += 1;
    }
    if (into !== undefined && run > 0) {
      for (let index = 0; index < this.#alive; index += 1) {
        write(this.#places[index] as number, this.#bits[index] as number, run, into);
      }
    }
    return run;
  }

  /** Who has the run that `walk` has just found, by number. Means nothing where it found none. */
  longestHeldBy(): readonly number[] {
    const workers: number[] = [];
    for (let index = 0; index < this.#alive; index += 1) {
      const first = (this.#places[index] as number) * 32;
      for (let left = this.#bits[index] as number; left !== 0; left &= left - 1) {
        workers.push(first + lowest(left));
      }
    }
    return workers;
  }

  /** Takes the holders of the first block. Whether there is one. */
  #begin(at: number): boolean {
    let alive = 0;
    for (let word = 0; word < this.#span; word += 1) {
      const bits = this.holdersOf(at, word);
      this.#places[alive] = word;
      this.#bits[alive] = bits;
      if (bits !== 0) alive += 1;
    }
    this.#alive = alive;
    return alive > 0;
  }

  /**
   * Keeps those who hold this block too, and writes the run of those whose ends here. When nobody is left all stay, and the answer is no:
   * theirs is the longest run.
   */
  #narrow(at: number, run: number, into: Uint32Array | undefined): boolean {
    const bits = this.#bits;
    const kept = this.#kept;
    let anyone = 0;
    let ended = 0;
    for (let index = 0; index < this.#alive; index += 1) {
      const before = bits[index] as number;
      const after = before & this.holdersOf(at, this.#places[index] as number);
      kept[index] = after;
      anyone |= after;
      ended |= before ^ after;
    }
    if (anyone === 0) return false;
    if (ended !== 0) this.#drop(run, into);
    return true;
  }

  /** Leaves only what is kept. */
  #drop(run: number, into: Uint32Array | undefined): void {
    let alive = 0;
    for (let index = 0; index < this.#alive; index += 1) {
      const place = this.#places[index] as number;
      const after = this.#kept[index] as number;
      if (into !== undefined) write(place, (this.#bits[index] as number) & ~after, run, into);
      this.#places[alive] = place;
      this.#bits[alive] = after;
      if (after !== 0) alive += 1;
    }
    this.#alive = alive;
  }
}

/** Writes a run for each worker whose bit is set. */
const write = (word: number, bits: number, run: number, into: Uint32Array): void => {
  for (let left = bits; left !== 0; left &= left - 1) into[word * 32 + lowest(left)] = run;
};
