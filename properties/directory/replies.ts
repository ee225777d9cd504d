/** Reads the replies of a directory, of which a property knows what it asked. */
import type { DirectoryEvent, DirectoryReply, Listing, Run } from "#rack";

/** Whether an event was taken in. A drop always is. */
export const isApplied = (reply: DirectoryReply | undefined): boolean =>
  reply === null || (reply as { readonly kind?: unknown } | undefined)?.kind === "applied";

/** The reply to `contents`; none for a question that was not asked, after an empty history. */
export const listings = (reply: DirectoryReply | undefined): readonly Listing[] =>
  (reply ?? []) as readonly Listing[];

/** The reply to `leadingRuns`, likewise. */
export const runs = (reply: DirectoryReply | undefined): readonly Run[] =>
  (reply ?? []) as readonly Run[];

/** One event of a watched history, what was said to it, and the answers to the questions asked after it. */
export type Watched = {
  readonly event: DirectoryEvent;
  readonly told: DirectoryReply | undefined;
  readonly answers: readonly DirectoryReply[];
  /** Which call of the script the first question was. */
  readonly at: number;
};

/** Parts the replies to a history that was watched with some questions. */
export const watched = (
  history: readonly DirectoryEvent[],
  replies: readonly DirectoryReply[],
  questions: number,
): readonly Watched[] =>
  history.map((event, index) => {
    const at = index * (questions + 1) + 1;
    return { event, told: replies[at - 1], answers: replies.slice(at, at + questions), at };
  });

/** Whether some event meets a condition that looks at those before it. */
export const someEvent = (
  history: readonly DirectoryEvent[],
  condition: (event: DirectoryEvent, before: readonly DirectoryEvent[]) => boolean,
): boolean => history.some((event, index) => condition(event, history.slice(0, index)));

/** Whether two events speak of the same worker, and of the same block and tier if they speak of one. */
export const samePlace = (left: DirectoryEvent, right: DirectoryEvent): boolean =>
  "block" in left &&
  "block" in right &&
  left.worker === right.worker &&
  left.tier === right.tier &&
  left.block === right.block;

/** Whether a block is listed by more than one worker. */
export const isShared = (contents: readonly Listing[]): boolean =>
  contents.some((one) =>
    contents.some((other) => one.block === other.block && one.worker !== other.worker),
  );
