/** Directories that count stores wrongly where a removal takes off one of them. Named after what they do. */
import { DirectoryModel } from "#rack";
import { brokenCounted } from "./broken.ts";

export const COUNTED_MUTANTS = {
  "ends a listing at the first removal": brokenCounted(
    class extends DirectoryModel {
      protected override repeatsOf(): number {
        return 0;
      }
    },
  ),

  "counts no further than two": brokenCounted(
    class extends DirectoryModel {
      protected override repeat(block: number, place: number, change: number): void {
        if (change < 0 || this.repeatsOf(block, place) === 0) super.repeat(block, place, change);
      }
    },
  ),

  "keeps the count over a clear": brokenCounted(
    class extends DirectoryModel {
      protected override end(block: number, place: number): void {
        const kept = this.repeatsOf(block, place);
        super.end(block, place);
        if (kept > 0) this.repeat(block, place, kept);
      }
    },
  ),

  "counts a removal of what is not listed against the next store": brokenCounted(
    class extends DirectoryModel {
      readonly #owed = new Set<string>();
      protected override list(block: number, place: number): void {
        if (!this.#owed.delete(`${block}/${place}`)) super.list(block, place);
      }
      protected override unlist(block: number, place: number): void {
        if (!this.places.get(block)?.has(place)) this.#owed.add(`${block}/${place}`);
        super.unlist(block, place);
      }
    },
  ),

  "counts the stores of all tiers together": brokenCounted(
    class extends DirectoryModel {
      protected override repeatsOf(block: number, place: number): number {
        return super.repeatsOf(block, place & ~1);
      }
      protected override repeat(block: number, place: number, change: number): void {
        super.repeat(block, place & ~1, change);
      }
    },
  ),
} as const;
