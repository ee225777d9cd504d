import type {
  GangAnnouncement,
  GangCall,
  GangGroups,
  GangPlaced,
  GangReply,
  GangRequest,
  GangShape,
  GangWish,
} from "#rack";
import { type Script, stepwise } from "#verify";
import type { GangCase } from "./histories.ts";

/** A gang, as far as the replies tell. */
export type Known = {
  readonly owner: number;
  readonly priority: number;
  /** Which step placed it. */
  readonly age: number;
  readonly groups: GangGroups;
};

/** What can be seen of a rack between two calls; `gangs` is worked out from the replies, the rest was asked. */
export type Sight = {
  readonly owners: readonly number[];
  readonly free: readonly number[];
  readonly lost: readonly number[];
  readonly whole: number;
  readonly gangs: readonly Known[];
};

/** One call of a history: what was answered and announced, and what was to be seen before and after. */
export type Step = {
  readonly shape: GangShape;
  readonly at: number;
  readonly call: GangCall;
  readonly reply: GangReply;
  readonly told: readonly GangAnnouncement[];
  readonly before: Sight;
  readonly after: Sight;
};

/** What is asked after every call. */
export const QUESTIONS: readonly GangCall[] = [
  { kind: "announcements" },
  { kind: "owners" },
  { kind: "freeGpus" },
  { kind: "lostGpus" },
  { kind: "wholeDomainsFree" },
];

/** The history with its GPUs and domains brought into the rack. */
const inside = ({ shape, history }: GangCase): readonly GangCall[] => {
  const domains = shape.gpus / shape.gpusPerDomain;
  const brought = (wish: GangWish | undefined) =>
    typeof wish === "object" ? { near: wish.near % shape.gpus } : wish;
  return history.map((call) => {
    if ("domain" in call) return { ...call, domain: call.domain % domains };
    if ("gpu" in call) return { ...call, gpu: call.gpu % shape.gpus };
    if (call.kind === "fits") return { ...call, required: brought(call.required) };
    if (call.kind !== "place" || call.topology === undefined) return call;
    const { required, preferred } = call.topology;
    return { ...call, topology: { required: brought(required), preferred: brought(preferred) } };
  });
};

/** The history on an empty rack. */
export const played = (given: GangCase): readonly GangCall[] => [
  { kind: "create", shape: given.shape },
  ...inside(given),
];

/** The same, and after every call what was announced and what is there. */
export const watched = (given: GangCase): readonly Script<GangCall>[] => [
  played(given).flatMap((call) => [call, ...QUESTIONS]),
];

/** The request of a call that asks for a place. */
export const requestOf = (call: GangCall): GangRequest | undefined =>
  call.kind === "place" ? call : undefined;

/** The answer that gave a gang its place. */
export const placedIn = (reply: GangReply | undefined): GangPlaced | undefined =>
  isKind(reply, "placed") ? (reply as GangPlaced) : undefined;

/** Why something was refused. */
export const refusalIn = (reply: GangReply | undefined): string | undefined =>
  isKind(reply, "refused") ? (reply as { readonly because: string }).because : undefined;

/** Whether a reply is an object of this kind. */
export const isKind = (reply: GangReply | undefined, kind: string): boolean =>
  typeof reply === "object" && "kind" in reply && reply.kind === kind;

/** Who has a gang after a call. */
const knownAfter = (
  known: readonly Known[],
  call: GangCall,
  reply: GangReply,
  at: number,
): readonly Known[] => {
  const placed = placedIn(reply);
  if (placed && call.kind === "place") {
    const { owner, priority = 0 } = call;
    const staying = known.filter((gang) => !placed.preempted.includes(gang.owner));
    return [...staying, { owner, priority, age: at, groups: placed.groups }];
  }
  if (isKind(reply, "lost")) {
    const { ended } = reply as { readonly ended: readonly number[] };
    return known.filter((gang) => !ended.includes(gang.owner));
  }
  return call.kind === "release" && isKind(reply, "released")
    ? known.filter((gang) => gang.owner !== call.owner)
    : known;
};

const read = (given: GangCase, replies: readonly GangReply[]): readonly Step[] => {
  const calls = inside(given);
  const stride = QUESTIONS.length + 1;
  const steps: Step[] = [];
  let before: Sight | undefined;
  let gangs: readonly Known[] = [];
  for (let at = 0; at + stride <= replies.length; at += stride) {
    const [reply, told, owners, free, lost, whole] = replies.slice(at, at + stride);
    const call = calls[at / stride - 1];
    if (call !== undefined && reply !== undefined) gangs = knownAfter(gangs, call, reply, at);
    const after = { owners, free, lost, whole, gangs } as Sight;
    if (before !== undefined && call !== undefined && reply !== undefined) {
      const announced = told as readonly GangAnnouncement[];
      steps.push({ shape: given.shape, at, call, reply, told: announced, before, after });
    }
    before = after;
  }
  return steps;
};

/** Obligation and witness of the steps of a watched history. */
export const { atEveryStep, someStep } = stepwise(read);
