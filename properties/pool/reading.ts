import type { Json } from "#base";
import type { Announcement, BlockEntry, PoolCall, PoolCounts, PoolReply } from "#rack";
import { type Finding, finding, type Script } from "#verify";
import type { PoolCase } from "./arbitraries.ts";

/** What can be seen of a pool between two calls. */
export type Sight = {
  readonly counts: PoolCounts;
  readonly blocks: ReadonlyMap<number, BlockEntry>;
};

/** What a request holds, as far as the replies tell. */
type Held = { readonly chain: readonly number[]; readonly unnamed: number };

/** One call of a history: what was answered and announced, and what was to be seen before and after. */
export type Step = {
  readonly at: number;
  readonly call: PoolCall;
  readonly reply: PoolReply;
  readonly events: readonly Announcement[];
  readonly before: Sight;
  readonly after: Sight;
  readonly heldBefore: ReadonlyMap<number, Held>;
  readonly heldAfter: ReadonlyMap<number, Held>;
};

type Replies = readonly (readonly PoolReply[])[];

const QUESTIONS: readonly PoolCall[] = [
  { kind: "announcements" },
  { kind: "counts" },
  { kind: "contents" },
];

/** The history on a fresh pool, and after every call what was announced and what is there. */
export const watched = ({ capacity, history }: PoolCase): readonly Script<PoolCall>[] => [
  [{ kind: "create", capacity } as const, ...history].flatMap((call) => [call, ...QUESTIONS]),
];

/** The steps of a watched history, or the first answer that is not one. */
const read = (given: PoolCase, replies: readonly PoolReply[]): readonly Step[] | Finding => {
  const steps: Step[] = [];
  let before: Sight | undefined;
  let held: ReadonlyMap<number, Held> = new Map();
  for (let at = 0; at < replies.length; at += 4) {
    const [reply, told, counts, contents] = replies.slice(at, at + 4);
    if (reply === undefined || told?.kind !== "announcements") return misread(at + 1, told);
    if (counts?.kind !== "counts") return misread(at + 2, counts);
    if (contents?.kind !== "contents") return misread(at + 3, contents);
    const blocks = new Map(contents.blocks.map((entry) => [entry[0], entry]));
    const after = { counts, blocks };
    const call = given.history[at / 4 - 1];
    if (before && call) {
      const heldAfter = holdings(held, call, reply);
      const heldBefore = held;
      steps.push({ at, call, reply, events: told.events, before, after, heldBefore, heldAfter });
      held = heldAfter;
    }
    before = after;
  }
  return steps;
};

const misread = (at: number, found: PoolReply | undefined): Finding =>
  finding(at, "an answer of the kind that was asked for", json(found ?? null));

/** Who holds what after a call. */
const holdings = (
  held: ReadonlyMap<number, Held>,
  call: PoolCall,
  reply: PoolReply,
): ReadonlyMap<number, Held> => {
  const next = new Map(held);
  if (call.kind === "admit" && reply.kind === "admitted") {
    next.set(call.request, { chain: call.blocks, unnamed: call.unnamed });
  } else if (call.kind === "grow" && reply.kind === "grown") {
    const was = held.get(call.request);
    if (was) next.set(call.request, { ...was, unnamed: was.unnamed + call.count });
  } else if (call.kind === "release" && reply.kind === "released") {
    next.delete(call.request);
  } else {
    return held;
  }
  return next;
};

/** One case is judged and witnessed several times: read once. */
const alreadyRead = new WeakMap<readonly PoolReply[], readonly Step[] | Finding>();

const readOnce = (given: PoolCase, [replies = []]: Replies): readonly Step[] | Finding => {
  const known = alreadyRead.get(replies) ?? read(given, replies);
  alreadyRead.set(replies, known);
  return known;
};

const isSteps = (read: readonly Step[] | Finding): read is readonly Step[] => Array.isArray(read);

/** The obligation of a property that speaks of each step: `start` makes a fresh judge for each case. */
export const atEveryStep =
  (start: () => (step: Step) => Finding | undefined) =>
  (given: PoolCase, replies: Replies): Finding | undefined => {
    const steps = readOnce(given, replies);
    if (!isSteps(steps)) return steps;
    const judge = start();
    for (const step of steps) {
      const found = judge(step);
      if (found) return found;
    }
    return undefined;
  };

/** The witness that some step of the case is like this. */
export const someStep =
  (isIt: (step: Step) => boolean) =>
  (given: PoolCase, replies: Replies): boolean => {
    const steps = readOnce(given, replies);
    return isSteps(steps) && steps.some(isIt);
  };

/** What is known to be plain data, as the type for it. */
const json = (value: unknown): Json => value as Json;

/** A sight as plain data. */
export const plainSight = ({ counts, blocks }: Sight): Json =>
  json({ counts, blocks: [...blocks.values()] });

/** The blocks removed in a step, in order. */
export const removedIn = ({ events }: Step): readonly number[] =>
  events.filter(([event]) => event === "removed").map(([, block]) => block);

/** Whether a block is there to be read. */
export const isReadable = ({ blocks }: Sight, name: number): boolean => {
  const state = blocks.get(name)?.[1];
  return state === "active" || state === "cached";
};

/** How many leading blocks of a chain can be read. */
export const readableRun = (sight: Sight, chain: readonly number[]): number => {
  const end = chain.findIndex((name) => !isReadable(sight, name));
  return end < 0 ? chain.length : end;
};

/** How many blocks a call must find room for, and how many it may use: the free, and the cached that it does not hit itself. */
export const roomFor = (
  call: PoolCall,
  { counts, blocks }: Sight,
): { readonly needed: number; readonly available: number } | undefined => {
  if (call.kind === "grow") return { needed: call.count, available: counts.free + counts.cached };
  if (call.kind !== "admit") return undefined;
  const own = call.blocks.filter((name) => blocks.get(name)?.[1] === "cached").length;
  const missing = call.blocks.filter((name) => !blocks.has(name)).length;
  return { needed: missing + call.unnamed, available: counts.free + counts.cached - own };
};
