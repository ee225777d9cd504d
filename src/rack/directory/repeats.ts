/** How often listings were stored beyond the first time: what a counted removal takes off before a listing ends. */
export class Repeats {
  /** By place, `worker · tiers + tier`, and then by block. Only what is above 0. */
  readonly #more = new Map<number, Map<number, number>>();

  /** The block was stored once more in a place where it was listed already. */
  add(place: number, block: number): void {
    const own = this.#more.get(place) ?? new Map<number, number>();
    this.#more.set(place, own);
    own.set(block, (own.get(block) ?? 0) + 1);
  }

  /** Takes one off; false when there is none, so that the listing itself ends. */
  take(place: number, block: number): boolean {
    const own = this.#more.get(place);
    const more = own?.get(block);
    if (own === undefined || more === undefined) return false;
    if (more > 1) own.set(block, more - 1);
    else own.delete(block);
    return true;
  }

  /** Forgets everything about a place. */
  forget(place: number): void {
    this.#more.delete(place);
  }
}
