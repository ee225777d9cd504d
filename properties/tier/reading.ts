/** Reads the replies of a tier that was looked at after every event. */
import type { TierBlock, TierCall, TierCandidate, TierEvent, TierReply } from "#rack";
import { type Script, stepwise } from "#verify";
import { create, type TierCase } from "./cases.ts";

/** What can be seen of a tier between two events. */
export type Sight = {
  readonly contents: readonly TierBlock[];
  readonly candidates: readonly TierCandidate[];
  readonly usedBytes: number;
};

/** One event: what was answered, and what was to be seen before and after. */
export type Step = {
  readonly at: number;
  readonly event: TierEvent;
  readonly reply: Exclude<TierReply, number | readonly unknown[]>;
  readonly before: Sight;
  readonly after: Sight;
  readonly capacityBytes: number;
};

const SEE: readonly TierCall[] = [
  { kind: "contents" },
  { kind: "candidates" },
  { kind: "usedBytes" },
];

/** The history on a fresh tier, and after every event what is to be seen. */
export const watched = (given: TierCase): readonly Script<TierCall>[] => [
  [create(given), ...SEE, ...given.history.flatMap((event) => [event, ...SEE])],
];

const sightAt = (replies: readonly TierReply[], at: number): Sight => ({
  contents: replies[at] as readonly TierBlock[],
  candidates: replies[at + 1] as readonly TierCandidate[],
  usedBytes: replies[at + 2] as number,
});

const read = (given: TierCase, replies: readonly TierReply[]): readonly Step[] =>
  given.history.map((event, index) => {
    const at = 4 * (index + 1);
    return {
      at,
      event,
      reply: replies[at] as Step["reply"],
      before: sightAt(replies, at - 3),
      after: sightAt(replies, at + 1),
      capacityBytes: given.capacityBytes,
    };
  });

/** Obligation and witness of the steps of a case. */
export const { fromTheFirstStep, someStep } = stepwise(read);

/** The bytes of blocks, added up. */
export const bytesOf = (blocks: readonly TierBlock[]): number =>
  blocks.reduce((sum, { bytes }) => sum + bytes, 0);

/** What went at a step: nothing unless it promoted. */
export const evictedIn = ({ reply }: Step): readonly number[] =>
  reply.kind === "promoted" ? reply.evicted : [];

/** Whether a step was refused, for a reason if one is given. */
export const isRefusedIn = ({ reply }: Step, because?: string): boolean =>
  reply.kind === "refused" && (because === undefined || reply.because === because);
