import fc from "fast-check";
import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  type DirectoryReply,
  type DirectoryRun,
  directorySubject,
} from "#rack";
import { differs, firstDifference, oneOfValues, property, values } from "#verify";
import { BLOCKS, EVERYTHING, SHAPE } from "./histories.ts";
import { isApplied } from "./replies.ts";
import { RUN_MUTANTS } from "./run-mutants.ts";

const subject = directorySubject(() => createBlockDirectory(SHAPE));

/** A run whose id lies so far above the worker's last: 1 is the next one, less overlaps what was told before, more is a gap. */
type Step = Omit<DirectoryRun, "id"> & { readonly ahead: number };

const numbered = (steps: readonly Step[]): readonly DirectoryRun[] => {
  const last = new Map<number, number>();
  return steps.map(({ ahead, ...run }) => {
    const before = last.get(run.worker) ?? -1;
    const id = Math.max(0, before + ahead);
    last.set(run.worker, Math.max(before, id + run.blocks.length - 1));
    return { ...run, id };
  });
};

const oneByOne = ({ kind, worker, tier, blocks, id }: DirectoryRun): readonly DirectoryEvent[] =>
  blocks.map((block, index) => ({
    kind: kind === "storedRun" ? "stored" : "removed",
    worker,
    tier,
    block,
    id: id + index,
  }));

const step = fc.record({
  kind: oneOfValues("storedRun" as const, "storedRun" as const, "removedRun" as const),
  worker: oneOfValues(0, 1, 33),
  tier: fc.nat({ max: 1 }),
  blocks: fc.array(oneOfValues<number>(...BLOCKS), { maxLength: 5 }),
  ahead: oneOfValues(1, 1, 1, 1, 0, -1, -3, 4),
});

export default property<readonly Step[], DirectoryCall, DirectoryReply>({
  id: "DIR-18",
  part: "directory",
  statement:
    "a run of events told at once leaves what the same events told one by one leave, and says how many of them were new",
  given: values(fc.array(step, { maxLength: 12, size: "max" })),
  subject,
  scripts: (steps) => {
    const runs = numbered(steps);
    return [
      [...runs, ...EVERYTHING],
      [...runs.flatMap(oneByOne), ...EVERYTHING],
    ];
  },
  holds(steps, [atOnce = [], alone = []]) {
    const runs = numbered(steps);
    let from = 0;
    for (const [at, { blocks }] of runs.entries()) {
      const taken = alone.slice(from, from + blocks.length).filter(isApplied).length;
      const difference = differs(taken, atOnce[at]);
      if (difference) return { at, ...difference };
      from += blocks.length;
    }
    return firstDifference(alone.slice(from), atOnce.slice(runs.length));
  },
  witnesses: {
    "a run of which a part is stale": (steps, [atOnce = []]) =>
      steps.some(({ blocks }, at) => {
        const taken = Number(atOnce[at]);
        return taken > 0 && taken < blocks.length;
      }),
    "a run behind a gap": (steps) =>
      steps.some(
        ({ ahead, blocks, worker }, at) =>
          ahead > 1 &&
          blocks.length > 0 &&
          steps.slice(0, at).some((one) => one.worker === worker && one.blocks.length > 0),
      ),
    "a block twice in one run": (steps) =>
      steps.some(({ blocks }) => new Set(blocks).size < blocks.length),
  },
  mutants: RUN_MUTANTS,
});
