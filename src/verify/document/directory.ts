import { ascending, byEach } from "#base";
import type { DirectoryCall, DirectoryReply, Listing } from "#rack";
import { answers, toPart } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

/** Each GPU's score for a prompt: how many of its blocks, anywhere in it, lie there. */
export const scores = (
  directory: ReadonlyMap<number, number>,
  blocks: readonly number[],
  gpus: number,
): readonly number[] => {
  const byGpu = Array<number>(gpus).fill(0);
  for (let gpu = 0; gpu < gpus; gpu += 1)
    for (const block of blocks)
      if (directory.get(block) === gpu) byGpu[gpu] = (byGpu[gpu] as number) + 1;
  return byGpu;
};

/** The number of the first GPU with the highest score. */
export const firstBest = (byGpu: readonly number[]): number => byGpu.indexOf(Math.max(...byGpu));

const GPUS = 72;

/**
 * The directory as the document's block manager has it: one place for each block, and a score for each GPU.
 *
 * Stand-ins: a block that is stored is written down as a transfer writes it, without the number of its place on the GPU; everything else is
 * read from the table, and runs are the scores by which requests are routed.
 */
const manager = (): ((call: DirectoryCall) => DirectoryReply) => {
  const directory = new Map<number, number>();
  const contents = (): readonly Listing[] =>
    [...directory]
      .map(([block, worker]) => ({ worker, tier: 0, block }))
      .toSorted(
        byEach(
          ascending(({ block }: Listing) => block),
          ascending(({ worker }: Listing) => worker),
        ),
      );
  const holders = (block: number) => contents().filter((listing) => listing.block === block);
  return (call) => {
    switch (call.kind) {
      case "stored":
        directory.set(call.block, call.worker);
        return { kind: "applied" };
      case "holders":
        return holders(call.block).map(({ worker, tier }) => ({ worker, tier }));
      case "leadingRuns":
        return scores(directory, call.blocks, GPUS)
          .map((run, worker) => ({ worker, run }))
          .filter(({ run }) => run > 0);
      case "longest":
        return Math.max(...scores(directory, call.blocks, GPUS));
      case "longestRun": {
        const byGpu = scores(directory, call.blocks, GPUS);
        const run = Math.max(...byGpu);
        return { run, holders: run === 0 ? [] : [firstBest(byGpu)] };
      }
      case "heldBy":
        return contents().filter(({ worker }) => worker === call.worker).length;
      case "size":
        return directory.size;
      default:
        return contents();
    }
  };
};

const lacks = (call: DirectoryCall): string | undefined => {
  switch (call.kind) {
    case "removed":
      return "removing a block";
    case "cleared":
      return "clearing a worker";
    case "drop":
      return "losing a worker";
    case "lastId":
    case "missed":
      return "numbers of events";
    case "stored":
      return call.tier === 0 ? undefined : "tiers";
    default:
      return undefined;
  }
};

const stored = (worker: number, block: number, id: number) => ({
  kind: "stored",
  worker,
  tier: 0,
  block,
  id,
});

/** The document's block directory on trial. */
export const directory: DocumentSubject = {
  name: "document/directory",
  part: "directory",
  about: "the KV-block manager's directory: one place a block, and scores a GPU",
  answersFor: toPart("directory", answers(manager, lacks)),
  defects: [
    {
      does: "knows one place of each block, so that a second copy overwrites the first",
      consequence:
        "A system prompt that nine replicas hold is known at one of them; the others compute or fetch what they have.",
      property: "DIR-2",
    },
    {
      does: "scores a GPU by all the blocks that it holds of a prompt, also behind a gap",
      consequence:
        "A request goes to blocks that cannot be used, past a GPU with a shorter but whole prefix.",
      property: "DIR-3",
    },
    {
      does: "takes an event again, or late",
      consequence:
        "An event that is delivered twice, or after the one that undoes it, brings back a block that is gone.",
      property: "DIR-4",
    },
    {
      does: "gives a GPU that holds only the end of a prompt a run of it, and more of one to a longer prompt",
      consequence:
        "The first of a prompt's blocks, without which the others are of no use, counts as any other.",
      property: "DIR-9",
    },
    {
      does: "names the smallest number of those with the highest score, whatever they hold of the prompt's beginning",
      consequence: "Load, distance and the current GPU have nothing left to choose among.",
      property: "DIR-16",
      case: [stored(0, 1, 0), stored(1, 0, 0)],
    },
  ],
  absences: [
    {
      what: "removing a block",
      consequence: "Evicted blocks stay listed, and requests are sent to them.",
    },
    {
      what: "clearing a worker",
      consequence: "A worker that starts anew is taken to hold what it had.",
    },
    { what: "losing a worker", consequence: "So is one that is gone." },
    { what: "numbers of events", consequence: "A message that was lost is never noticed." },
    { what: "tiers", consequence: "A block in switch memory cannot be listed." },
  ],
  remarks: [
    "How the names of a prompt's blocks are made is not defined; names of single blocks, not chained, would hit where the prefix differs.",
    "Each request looks up every block once for each of the 72 GPUs; a run of its length would do.",
  ],
};
