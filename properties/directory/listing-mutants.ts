/** Directories that list or find wrongly, as real indexes have done. Named after what they do. */
import { DirectoryModel, type Listing } from "#rack";
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
