import type { BlockTable } from "./block-table.ts";
import { checkBlock } from "./contract.ts";

/** The place of a word's lowest set bit. */
export const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** Finds leading runs in a table whose rows have a bit for each worker, in `span` words a tier. */
export class LeadingRuns {
  readonly #table: BlockTable;
  readonly #span: number;
  readonly #tiers: number;
  /** The workers whose run still goes on; means something only during a walk. */
  readonly #alive: Uint32Array;

  constructor(table: BlockTable, span: number, tiers: number) {
    this.#table = table;
    this.#span = span;
    this.#tiers = tiers;
    this.#alive = new Uint32Array(span);
  }

  /** The workers of one word that hold the row's block in any tier. */
  holdersOf(row: number, word: number): number {
    const { words } = this.#table;
    let bits = 0;
    for (let tier = 0; tier < this.#tiers; tier += 1) {
      bits |= words[row + tier * this.#span + word] as number;
    }
    return bits;
  }

  /** Follows the blocks as long as any worker holds all of them; returns how many there were. */
  walk(blocks: ArrayLike<number>, into: Uint32Array | undefined): number {
    this.#alive.fill(0xffffffff);
    let run = 0;
    for (; run < blocks.length; run += 1) {
      const block = blocks[run] as number;
      checkBlock(block);
      const row = this.#table.find(block);
      if (row === -1 || !this.#narrow(row, run, into)) break;
    }
    // Where the last block left nobody, the runs are written already and there is nobody to write for.
    if (into !== undefined && run > 0) this.#settle(run, into);
    return run;
  }

  /** Keeps alive who holds this row's block too, and writes the run of those whose ends here. Whether anyone is left. */
  #narrow(row: number, run: number, into: Uint32Array | undefined): boolean {
    let anyone = 0;
    for (let word = 0; word < this.#span; word += 1) {
      const before = this.#alive[word] as number;
      const kept = before & this.holdersOf(row, word);
      if (into !== undefined && run > 0) write(word, before & ~kept, run, into);
      this.#alive[word] = kept;
      anyone |= kept;
    }
    return anyone !== 0;
  }

  #settle(run: number, into: Uint32Array): void {
    for (let word = 0; word < this.#span; word += 1) {
      write(word, this.#alive[word] as number, run, into);
    }
  }
}

/** Writes a run for each worker whose bit is set. */
const write = (word: number, bits: number, run: number, into: Uint32Array): void => {
  for (let left = bits; left !== 0; left &= left - 1) into[word * 32 + lowest(left)] = run;
};
