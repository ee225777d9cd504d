import { SparseRows } from "#base";

/** From a block's name to its slot. Names that are numbered in a row lie in a row, so that a chain of them touches little memory. */
export class BlockTable {
  /** Slot + 1, or 0 for nothing. */
  readonly #slots = new SparseRows(1);

  get byteLength(): number {
    return this.#slots.byteLength;
  }

  /** The slot of a name, or −1. */
  find(name: number): number {
    const at = this.#slots.find(name);
    return at < 0 ? -1 : (this.#slots.words[at] as number) - 1;
  }

  /** Enters the slot of a name that is not in the table. */
  insert(name: number, slot: number): void {
    const at = this.#slots.make(name);
    this.#slots.words[at] = slot + 1;
    this.#slots.entered(name);
  }

  /** Takes out a name that is in the table. */
  remove(name: number): void {
    const at = this.#slots.find(name);
    this.#slots.words[at] = 0;
    this.#slots.left(name);
  }

  /** Every slot that is in the table, by no order that means anything. */
  slots(): Uint32Array {
    const found = new Uint32Array(this.#slots.size);
    let count = 0;
    this.#slots.each((_, at) => {
      const entry = this.#slots.words[at] as number;
      if (entry === 0) return;
      found[count] = entry - 1;
      count += 1;
    });
    return found;
  }
}
