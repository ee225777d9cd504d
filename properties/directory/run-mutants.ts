/** Directories that are told several events at once and go wrong. Named after what they do. */
import { DirectoryModel, type Told } from "#rack";
import { broken } from "./broken.ts";

/** How the model tells the events of a run one by one. */
type Tell = (block: number, index: number) => Told;

export const RUN_MUTANTS = {
  "hears a run by its first id alone, so that the next event is a gap": broken(
    class extends DirectoryModel {
      override storedRun(...run: Parameters<DirectoryModel["storedRun"]>): number {
        const before = this.lastId(run[0]);
        const taken = super.storedRun(...run);
        if (taken > 0) this.lastIds.set(run[0], Math.max(before, run[4]));
        return taken;
      }
    },
  ),

  "refuses a whole run when its first event is stale": broken(
    class extends DirectoryModel {
      protected override taken(blocks: Uint32Array, count: number, tell: Tell): number {
        if (count === 0) return 0;
        const isFresh = tell(blocks[0] as number, 0).kind === "applied";
        return isFresh
          ? 1 + super.taken(blocks.subarray(1), count - 1, (block, index) => tell(block, index + 1))
          : 0;
      }
    },
  ),

  "takes in a whole run, however much of it is stale": broken(
    class extends DirectoryModel {
      override removedRun(...run: Parameters<DirectoryModel["removedRun"]>): number {
        const [worker, tier, blocks, count] = run;
        for (const block of blocks.subarray(0, count)) {
          this.unlist(block, worker * this.shape.tiers + tier);
        }
        super.removedRun(...run);
        return count;
      }
    },
  ),

  "leaves out the last event of a run": broken(
    class extends DirectoryModel {
      protected override taken(blocks: Uint32Array, count: number, tell: Tell): number {
        return super.taken(blocks, Math.max(count - 1, Math.min(count, 1)), tell);
      }
    },
  ),
} as const;
