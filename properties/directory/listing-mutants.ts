/** Directories that list or find wrongly, as real indexes have done. Named after what they do. */
import { DirectoryModel, type Listing, type LongestRun } from "#rack";
import { broken } from "./broken.ts";
import { SHAPE } from "./histories.ts";

/** Places are numbered `worker · tiers + tier`. */
const workerOf = (place: number): number => Math.floor(place / SHAPE.tiers);

export const LISTING_MUTANTS = {
  "forgets evictions": broken(
    class extends DirectoryModel {
      protected override unlist(): void {}
    },
  ),

  "keeps only the first holder": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        if (!this.places.has(block)) super.list(block, place);
      }
    },
  ),

  "keeps only the last holder": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        this.places.set(block, new Set([place]));
      }
    },
  ),

  "leaks the entry when a removal cannot find what comes before it": broken(
    class extends DirectoryModel {
      protected override unlist(block: number, place: number): void {
        if (block === 0 || this.has(workerOf(place), block - 1)) super.unlist(block, place);
      }
    },
  ),

  "restores a removed entry when a lookup repairs the run": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        const [first, second] = blocks;
        if (first !== undefined && second !== undefined && this.has(worker, second)) {
          this.list(first, worker * SHAPE.tiers);
        }
        return super.run(worker, blocks);
      }
    },
  ),

  "takes one off its size for each removal, repeated ones too": broken(
    class extends DirectoryModel {
      #repeated = 0;
      protected override unlist(block: number, place: number): void {
        if (!this.places.get(block)?.has(place)) this.#repeated += 1;
        super.unlist(block, place);
      }
      override size(): number {
        return super.size() - this.#repeated;
      }
    },
  ),

  "counts a block stored twice as two, so that one removal is not enough": broken(
    class extends DirectoryModel {
      readonly #again = new Map<string, number>();
      protected override list(block: number, place: number): void {
        const key = `${block}/${place}`;
        if (this.places.get(block)?.has(place))
          this.#again.set(key, (this.#again.get(key) ?? 0) + 1);
        super.list(block, place);
      }
      protected override unlist(block: number, place: number): void {
        const key = `${block}/${place}`;
        const more = this.#again.get(key) ?? 0;
        if (more === 0) super.unlist(block, place);
        else this.#again.set(key, more - 1);
      }
    },
  ),

  "ends the listing in every tier when one of them removes the block": broken(
    class extends DirectoryModel {
      protected override unlist(block: number, place: number): void {
        const first = workerOf(place) * SHAPE.tiers;
        for (let tier = 0; tier < SHAPE.tiers; tier += 1) super.unlist(block, first + tier);
      }
    },
  ),

  "stores a second copy of a block whose parent was removed, and removes the copy": broken(
    class extends DirectoryModel {
      readonly #unreached = new Set<string>();
      readonly #copies = new Set<string>();
      protected override list(block: number, place: number): void {
        const key = `${block}/${place}`;
        if (this.places.get(block)?.has(place) && this.#unreached.delete(key))
          this.#copies.add(key);
        super.list(block, place);
      }
      protected override unlist(block: number, place: number): void {
        if (this.#copies.delete(`${block}/${place}`)) return;
        this.#unreached.add(`${block + 1}/${place}`);
        super.unlist(block, place);
      }
    },
  ),

  "looks blocks up under another hash than they were stored under": broken(
    class extends DirectoryModel {
      protected override has(worker: number, block: number): boolean {
        return super.has(worker, (block ^ 0x5555_0000) >>> 0);
      }
    },
  ),

  "names only the first holder of the longest run": broken(
    class extends DirectoryModel {
      override longestRun(blocks: ArrayLike<number>): LongestRun {
        const { run, holders } = super.longestRun(blocks);
        return { run, holders: holders.slice(0, 1) };
      }
    },
  ),

  "names everybody who holds the first block": broken(
    class extends DirectoryModel {
      override longestRun(blocks: ArrayLike<number>): LongestRun {
        const { run } = super.longestRun(blocks);
        const { holders } = super.longestRun(Array.from(blocks).slice(0, 1));
        return { run, holders };
      }
    },
  ),

  "looks for the longest run among the holders of the last block": broken(
    class extends DirectoryModel {
      override longestRun(blocks: ArrayLike<number>): LongestRun {
        const { run, holders } = super.longestRun(blocks);
        const last = Array.from(blocks).at(-1) ?? 0;
        return { run, holders: holders.filter((worker) => this.has(worker, last)) };
      }
    },
  ),

  "has room for a hundred blocks, and drops what does not fit": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        if (this.places.has(block) || this.places.size < 100) super.list(block, place);
      }
    },
  ),

  "loses a block each time that its table grows": broken(
    class extends DirectoryModel {
      #slots = 16;
      protected override list(block: number, place: number): void {
        super.list(block, place);
        if (this.places.size < 0.75 * this.#slots) return;
        this.#slots *= 1.5;
        this.places.delete(block);
      }
    },
  ),

  "loses the block behind one that is removed": broken(
    class extends DirectoryModel {
      protected override unlist(block: number, place: number): void {
        super.unlist(block, place);
        if (!this.places.has(block)) this.places.delete(block + 1);
      }
    },
  ),

  "cuts block ids to 16 bits": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        super.list(block & 0xffff, place);
      }
      protected override unlist(block: number, place: number): void {
        super.unlist(block & 0xffff, place);
      }
    },
  ),

  "reads a block's top bit as a sign": broken(
    class extends DirectoryModel {
      override contents(): readonly Listing[] {
        return super.contents().map((one) => ({ ...one, block: one.block | 0 }));
      }
    },
  ),

  "counts every block held, gaps or not, as the run": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        return blocks.filter((block) => this.has(worker, block)).length;
      }
    },
  ),

  "starts the run at the first block held": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        const start = blocks.findIndex((block) => this.has(worker, block));
        return start === -1 ? 0 : super.run(worker, blocks.slice(start));
      }
    },
  ),

  "looks for runs in the first tier only": broken(
    class extends DirectoryModel {
      protected override has(worker: number, block: number): boolean {
        return this.holds(worker, 0, block);
      }
    },
  ),

  "counts the last block of a prompt whether it is held or not": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        const run = super.run(worker, blocks);
        return run > 0 && run === blocks.length - 1 ? blocks.length : run;
      }
    },
  ),

  "joins the runs of several workers to one": broken(
    class extends DirectoryModel {
      override longest(blocks: ArrayLike<number>): number {
        const end = Array.from(blocks).findIndex((block) => !this.places.has(block));
        return end === -1 ? blocks.length : end;
      }
    },
  ),

  "reports only the worker with the longest run": broken(
    class extends DirectoryModel {
      override leadingRuns(blocks: ArrayLike<number>, into: Uint32Array): number {
        const longest = super.leadingRuns(blocks, into);
        for (const [worker, run] of into.entries()) if (run < longest) into[worker] = 0;
        return longest;
      }
    },
  ),
} as const;
