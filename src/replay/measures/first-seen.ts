import type { InfiniteCache } from "./result.ts";

/** Names to a page of the bitmap, one bit each. */
const PAGE_BITS = 20;
const WORD_BITS = 5;
const WORD = 2 ** WORD_BITS;
const PAGE_WORDS = 2 ** (PAGE_BITS - WORD_BITS);
const ALL = 0xff_ff_ff_ff;

/** How many bits of a word are set: sums of two, of four, of eight, and then all four bytes at once. */
const ones = (word: number): number => {
  const twos = word - ((word >>> 1) & 0x55_55_55_55);
  const fours = (twos & 0x33_33_33_33) + ((twos >>> 2) & 0x33_33_33_33);
  return Math.imul((fours + (fours >>> 4)) & 0x0f_0f_0f_0f, 0x01_01_01_01) >>> 24;
};

/** Which names have come up. Names that were given out in order share pages; one page is 128 KB for a million of them. */
class Seen {
  readonly #pages: (Uint32Array | undefined)[] = [];
  distinct = 0;

  /** How many of a prompt's blocks, from the first on, have come up before. From now on all of them have. */
  prompt(blocks: Uint32Array): number {
    const count = blocks.length;
    let run = -1;
    let at = 0;
    while (at < count) {
      // Names that follow each other within a word are looked up together: blocks that were cut from larger ones do.
      const name = blocks[at] as number;
      const most = Math.min(count, at + WORD - (name & (WORD - 1)));
      let end = at + 1;
      while (end < most && blocks[end] === name + end - at) end += 1;
      const mask = (ALL >>> (WORD - (end - at))) << (name & (WORD - 1));
      const words = this.#pages[name >>> PAGE_BITS] ?? this.#open(name >>> PAGE_BITS);
      const word = (name >>> WORD_BITS) & (PAGE_WORDS - 1);
      const fresh = mask & ~(words[word] as number);
      if (fresh !== 0) {
        words[word] = (words[word] as number) | mask;
        this.distinct += ones(fresh);
        // The lowest bit that is new is that of the first block that is.
        if (run < 0) run = at + ones((fresh & -fresh) - 1) - (name & (WORD - 1));
      }
      at = end;
    }
    return run < 0 ? count : run;
  }

  #open(page: number): Uint32Array {
    const words = new Uint32Array(PAGE_WORDS);
    this.#pages[page] = words;
    return words;
  }
}

/**
 * What one cache would find of a run's prompts that holds all blocks from the moment they are asked for and forgets none: no cache that there can be finds
 * more. One for each kind of KV, because kinds share no blocks. A hit is a block of the leading run that has come up before.
 */
export class FirstSeen {
  readonly #kinds: Seen[] = [];
  #references = 0;
  #hits = 0;
  #ratios = 0;
  #prompts = 0;

  /** A prompt has arrived, whose blocks are of a kind: a small whole number. */
  prompt(kind: number, blocks: Uint32Array): void {
    if (blocks.length === 0) return;
    while (this.#kinds.length <= kind) this.#kinds.push(new Seen());
    const hits = (this.#kinds[kind] as Seen).prompt(blocks);
    this.#references += blocks.length;
    this.#hits += hits;
    this.#ratios += hits / blocks.length;
    this.#prompts += 1;
  }

  found(): InfiniteCache {
    const some = this.#prompts > 0;
    return {
      block_refs: this.#references,
      hit_blocks: this.#hits,
      ratio_of_sums: some ? this.#hits / this.#references : null,
      mean_of_ratios: some ? this.#ratios / this.#prompts : null,
      distinct_blocks: this.#kinds.reduce((sum, { distinct }) => sum + distinct, 0),
    };
  }
}
