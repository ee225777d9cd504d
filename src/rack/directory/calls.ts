import type { Directory, Holder, Listing, LongestRun, Told } from "./contract.ts";

/** What may happen to a directory, as plain data: the vocabulary of histories, logs and saved cases. */
export type DirectoryEvent =
  | {
      readonly kind: "stored" | "removed";
      readonly worker: number;
      readonly tier: number;
      readonly block: number;
      readonly id: number;
    }
  | { readonly kind: "cleared"; readonly worker: number; readonly id: number }
  | { readonly kind: "drop"; readonly worker: number };

/** Several events of one worker at once, with ids that count up from the first one's. */
export type DirectoryRun = {
  readonly kind: "storedRun" | "removedRun";
  readonly worker: number;
  readonly tier: number;
  readonly blocks: readonly number[];
  readonly id: number;
};

/** What may be asked of a directory. */
export type DirectoryQuestion =
  | { readonly kind: "holders"; readonly block: number }
  | { readonly kind: "leadingRuns" | "longest" | "longestRun"; readonly blocks: readonly number[] }
  | { readonly kind: "heldBy" | "lastId" | "missed"; readonly worker: number }
  | { readonly kind: "size" | "contents" };

/** Anything that can be put to a directory. */
export type DirectoryCall = DirectoryEvent | DirectoryRun | DirectoryQuestion;

/** One worker's run; runs of 0 are not listed. */
export type Run = { readonly worker: number; readonly run: number };

/** The answers, each to its kind of call; a drop is answered by null, a run by how many of its events were taken in. */
export type DirectoryReply =
  | null
  | number
  | Told
  | LongestRun
  | readonly Holder[]
  | readonly Listing[]
  | readonly Run[];

/** Puts one call to a directory. */
const answerDirectory = (directory: Directory, call: DirectoryCall): DirectoryReply => {
  switch (call.kind) {
    case "stored":
    case "removed":
      return directory[call.kind](call.worker, call.tier, call.block, call.id);
    case "storedRun":
    case "removedRun": {
      const { worker, tier, blocks, id } = call;
      return directory[call.kind](worker, tier, Uint32Array.from(blocks), blocks.length, id);
    }
    case "cleared":
      return directory.cleared(call.worker, call.id);
    case "drop":
      directory.drop(call.worker);
      return null;
    case "holders":
      return directory.holders(call.block);
    case "leadingRuns":
      return runsOf(directory, call.blocks);
    case "longest":
    case "longestRun":
      return directory[call.kind](call.blocks);
    case "heldBy":
    case "lastId":
    case "missed":
      return directory[call.kind](call.worker);
    case "size":
    case "contents":
      return directory[call.kind]();
  }
};

const runsOf = (directory: Directory, blocks: readonly number[]): readonly Run[] => {
  const into = new Uint32Array(directory.shape.workers);
  directory.leadingRuns(blocks, into);
  const runs: Run[] = [];
  for (let worker = 0; worker < into.length; worker += 1) {
    const run = into[worker] as number;
    if (run > 0) runs.push({ worker, run });
  }
  return runs;
};

/** A directory as a subject: a fresh one each time, which takes calls and gives replies, both plain data. */
export const directorySubject =
  (create: () => Directory): (() => (call: DirectoryCall) => DirectoryReply) =>
  () => {
    const directory = create();
    return (call) => answerDirectory(directory, call);
  };
