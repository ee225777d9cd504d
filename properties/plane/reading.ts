/** Reads the replies of a plane, of which a property knows what it asked. */
import type { PlaneListing, PlaneReply } from "#rack";
import { momentsOf, type PlaneCase } from "./histories.ts";

/** What is listed of each place, ascending. */
export const listedBy = (
  reply: PlaneReply | undefined,
  places: number,
): readonly (readonly number[])[] => {
  const listings = (reply ?? []) as readonly PlaneListing[];
  return Array.from({ length: places }, (_, place) =>
    listings.filter(({ worker }) => worker === place).map(({ block }) => block),
  );
};

/** The answers to the questions asked after each event of a life, and which reply the first of them was. */
export const answersOf = (
  given: PlaneCase,
  replies: readonly PlaneReply[],
  questions: number,
): readonly { readonly at: number; readonly answers: readonly PlaneReply[] }[] =>
  momentsOf(given).map((_, index) => {
    const at = 2 + index * (questions + 1);
    return { at, answers: replies.slice(at, at + questions) };
  });

/** Whether a life has an event of a kind with one of another kind after it. */
export const comesBefore = (given: PlaneCase, first: string, second: string): boolean => {
  const kinds = momentsOf(given).map(({ event }) =>
    event.kind === "fault" ? event.how : event.kind,
  );
  const from = kinds.indexOf(first as (typeof kinds)[number]);
  return from >= 0 && kinds.lastIndexOf(second as (typeof kinds)[number]) > from;
};
