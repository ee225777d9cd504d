import { assert } from "./assert.ts";
import { mixed } from "./mixed.ts";

/** So many rows lie together in a page: names that are numbered in a row share it, and one that stands alone takes all of it. */
const PAGE = 16;
const PAGE_BITS = 4;
/** So many neighbouring pages have their entries side by side in the index. */
const BUNDLE = 8;
const BUNDLE_BITS = 3;
const PAGES_AT_FIRST = 4;
/** How many entries of the index there are at least for each page. */
const ENTRIES_A_PAGE = 2;
/** Half as much again rather than twice: memory stays near what is in use. */
const GROWTH = 1.5;

/**
 * A row of 32-bit words for each whole number of 0 … 2^32 − 1, of which few rows are other than 0: for names that were given out in
 * order and are used in runs. A page of 16 rows is there for as long as one of them is in use; an index says where it lies. Whoever goes
 * along a run of names looks into the index once for sixteen.
 *
 * A row of dense names takes its words and 2 bytes more, before there is room to grow; one that has its page to itself takes sixteen
 * rows and 21 to 37 bytes.
 *
 * Rows are addressed by their offset in `words`, which `make` may replace: take the offset first. An offset is good until the next `make`
 * or `left`.
 */
export class SparseRows {
  /** Replaced when there are more pages than fit. */
  words: Uint32Array;
  /** How many rows are in use: not 0. */
  size = 0;
  readonly #rowWords: number;
  readonly #pageWords: number;
  /** Of each page, its number plus one, and 0 when it is free. */
  #owners: Uint32Array;
  /** Of each page, how many of its rows are in use. */
  #counts: Uint8Array;
  /** Pairs: a page's number plus one, and where it lies. 0 and 0 for nothing. */
  #index: Uint32Array;
  #mask: number;
  /** Pages that lie somewhere, and pages that have ever lain there. */
  #pages = 0;
  #opened = 0;
  /** The first free page, plus one; its first word leads to the next. */
  #free = 0;
  /** The page that was looked for last, where it lies, and the offset of its rows; −1 when it is not there. */
  #page = -1;
  #place = 0;
  #offset = -1;

  /** No rows, each of so many words, and room for so many neighbours before anything has to grow. */
  constructor(rowWords: number, rowsExpected = 0) {
    assert(Number.isInteger(rowWords) && rowWords >= 1, "a row has 1 word or more", rowWords);
    const pages = Math.max(PAGES_AT_FIRST, Math.ceil(rowsExpected / PAGE));
    this.#rowWords = rowWords;
    this.#pageWords = PAGE * rowWords;
    this.words = new Uint32Array(pages * this.#pageWords);
    this.#owners = new Uint32Array(pages);
    this.#counts = new Uint8Array(pages);
    this.#mask = 2 ** Math.ceil(Math.log2(pages * ENTRIES_A_PAGE)) - 1;
    this.#index = new Uint32Array(2 * (this.#mask + 1));
  }

  /** How many bytes it takes. */
  get byteLength(): number {
    const arrays = [this.words, this.#owners, this.#counts, this.#index];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  /** The offset of a name's row, or −1 when it is surely 0. */
  find(name: number): number {
    const page = name >>> PAGE_BITS;
    if (page !== this.#page) this.#turnTo(page);
    return this.#offset < 0 ? -1 : this.#offset + (name & (PAGE - 1)) * this.#rowWords;
  }

  /** The offset of a name's row, whose page is there from now on. A row that was 0 must not stay so: see `entered`. */
  make(name: number): number {
    const page = name >>> PAGE_BITS;
    if (page !== this.#page) this.#turnTo(page);
    if (this.#offset < 0) this.#open(page);
    return this.#offset + (name & (PAGE - 1)) * this.#rowWords;
  }

  /** Has to be told when a name's row, just made, is no longer 0. */
  entered(name: number): void {
    const place = this.#placeOf(name);
    this.#counts[place] = (this.#counts[place] as number) + 1;
    this.size += 1;
  }

  /** Has to be told when a name's row has become 0. */
  left(name: number): void {
    const place = this.#placeOf(name);
    const count = (this.#counts[place] as number) - 1;
    this.#counts[place] = count;
    this.size -= 1;
    if (count === 0) this.#close(place);
  }

  /** Shows each name of a page that is there, and the offset of its row, which may be 0; page by page, in no order that means anything. */
  each(visit: (name: number, at: number) => void): void {
    for (let place = 0; place < this.#opened; place += 1) {
      for (let row = 0; row < PAGE && this.#owners[place] !== 0; row += 1) {
        const name = ((this.#owners[place] as number) - 1) * PAGE + row;
        visit(name, place * this.#pageWords + row * this.#rowWords);
      }
    }
  }

  #placeOf(name: number): number {
    const page = name >>> PAGE_BITS;
    if (page !== this.#page) this.#turnTo(page);
    return this.#place;
  }

  /** Looks a page up in the index. */
  #turnTo(page: number): void {
    const entry = this.#probe(page);
    this.#page = page;
    this.#place = this.#index[2 * entry + 1] as number;
    this.#offset = this.#index[2 * entry] === 0 ? -1 : this.#place * this.#pageWords;
  }

  /** Finds room for the page that was looked for last, and did not lie anywhere. */
  #open(page: number): void {
    let place = this.#free - 1;
    if (place < 0) {
      place = this.#opened;
      this.#opened += 1;
      if (place === this.#owners.length) this.#growPages();
    } else {
      this.#free = this.words[place * this.#pageWords] as number;
      this.words[place * this.#pageWords] = 0;
    }
    this.#owners[place] = page + 1;
    this.#pages += 1;
    if (this.#pages * ENTRIES_A_PAGE > this.#mask + 1) this.#growIndex();
    this.#enter(page, place);
    this.#place = place;
    this.#offset = place * this.#pageWords;
  }

  /** Frees the page that was looked for last, all of whose rows are 0. */
  #close(place: number): void {
    this.#remove(this.#probe(this.#page));
    this.#owners[place] = 0;
    this.words[place * this.#pageWords] = this.#free;
    this.#free = place + 1;
    this.#pages -= 1;
    this.#offset = -1;
  }

  #growPages(): void {
    const pages = Math.ceil(this.#owners.length * GROWTH);
    this.words = grown(this.words, new Uint32Array(pages * this.#pageWords));
    this.#owners = grown(this.#owners, new Uint32Array(pages));
    this.#counts = grown(this.#counts, new Uint8Array(pages));
  }

  #growIndex(): void {
    this.#mask = 2 * this.#mask + 1;
    this.#index = new Uint32Array(2 * (this.#mask + 1));
    for (let place = 0; place < this.#opened; place += 1) {
      const owner = this.#owners[place] as number;
      if (owner !== 0) this.#enter(owner - 1, place);
    }
  }

  #enter(page: number, place: number): void {
    const entry = this.#probe(page);
    this.#index[2 * entry] = page + 1;
    this.#index[2 * entry + 1] = place;
  }

  /** Empties an entry of the index, and moves up those that had given way to it. */
  #remove(entry: number): void {
    const index = this.#index;
    let hole = entry;
    for (let at = this.#next(hole); index[2 * at] !== 0; at = this.#next(at)) {
      const home = this.#home((index[2 * at] as number) - 1);
      if (this.#steps(home, at) < this.#steps(hole, at)) continue;
      index[2 * hole] = index[2 * at] as number;
      index[2 * hole + 1] = index[2 * at + 1] as number;
      hole = at;
    }
    index[2 * hole] = 0;
    index[2 * hole + 1] = 0;
  }

  /** The entry that has the page, or the empty one where it would go. There always is one. */
  #probe(page: number): number {
    const index = this.#index;
    let entry = this.#home(page);
    for (;;) {
      const found = index[2 * entry] as number;
      if (found === page + 1 || found === 0) return entry;
      entry = this.#next(entry);
    }
  }

  /** Where a page's entry is if nobody had to give way. Pages that are alike within their bundles must not all want the same place. */
  #home(page: number): number {
    const hash = mixed(page >>> BUNDLE_BITS);
    return ((hash << BUNDLE_BITS) & this.#mask) + ((page + (hash >>> 29)) & (BUNDLE - 1));
  }

  /** The next entry: at the same place of the next bundle, and behind the last bundle at the next place of the first. */
  #next(entry: number): number {
    const next = entry + BUNDLE;
    return next <= this.#mask ? next : (next + 1) & (BUNDLE - 1);
  }

  /** How many entries further it is from one to another. */
  #steps(from: number, to: number): number {
    return (this.#order(to) - this.#order(from)) & this.#mask;
  }

  #order(entry: number): number {
    const bundles = (this.#mask + 1) >>> BUNDLE_BITS;
    return (entry & (BUNDLE - 1)) * bundles + (entry >>> BUNDLE_BITS);
  }
}

/** Copies an array into a longer one. */
const grown = <Words extends Uint32Array | Uint8Array>(from: Words, into: Words): Words => {
  into.set(from);
  return into;
};
