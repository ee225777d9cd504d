/**
 * What losses have left wrong about one place: blocks that it holds and the directory will not list, and blocks that the directory will
 * go on listing though the place holds them no more. "Will": once everything under way has arrived.
 */
export class Divergence {
  /** How many events were lost. */
  lost = 0;
  readonly #unlisted = new Set<number>();
  readonly #wrong = new Set<number>();

  /** How many listings the place has more than the directory will have. */
  get net(): number {
    return this.#unlisted.size - this.#wrong.size;
  }

  /** Stores are lost. */
  loseStored(names: Uint32Array, count: number): void {
    this.lost += count;
    for (let index = 0; index < count; index += 1) {
      const name = names[index] as number;
      if (!this.#wrong.delete(name)) this.#unlisted.add(name);
    }
  }

  /** Removals are lost. */
  loseRemoved(names: Uint32Array, count: number): void {
    this.lost += count;
    for (let index = 0; index < count; index += 1) {
      const name = names[index] as number;
      if (!this.#unlisted.delete(name)) this.#wrong.add(name);
    }
  }

  /** The clear of everything that the place held is lost. */
  loseCleared(names: Uint32Array, count: number): void {
    this.loseRemoved(names, count);
    this.lost += 1 - count;
  }

  /** Stores will arrive; how many listings the directory gains by them. */
  stored(names: Uint32Array, count: number): number {
    return count - taken(this.#wrong, names, count);
  }

  /** Removals will arrive; how many listings the directory gains by them: less than 0. */
  removed(names: Uint32Array, count: number): number {
    return taken(this.#unlisted, names, count) - count;
  }

  /** A clear will arrive, of so many that the place held; how many listings the directory gains by it: less than 0. */
  cleared(count: number): number {
    const gained = this.net - count;
    this.#unlisted.clear();
    this.#wrong.clear();
    return gained;
  }

  /** Nothing is wrong any more. */
  forget(): void {
    this.lost = 0;
    this.#unlisted.clear();
    this.#wrong.clear();
  }
}

/** Takes the first names out of a set; how many it had. */
const taken = (set: Set<number>, names: Uint32Array, count: number): number => {
  let found = 0;
  for (let index = 0; index < count && set.size > 0; index += 1) {
    if (set.delete(names[index] as number)) found += 1;
  }
  return found;
};
