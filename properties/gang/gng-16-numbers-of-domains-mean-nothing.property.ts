import fc from "fast-check";
import type { Json } from "#base";
import type { GangCall, GangReply, GangRequest, GangShape, GangWish } from "#rack";
import { differs, oneOfValues, property } from "#verify";
import { worth } from "./brute-force.ts";
import { SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { placedIn, refusalIn } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** GPUs that are taken or lost, and a gang that comes then. */
type Case = {
  readonly shape: GangShape;
  readonly taken: readonly { readonly gpu: number; readonly priority: number }[];
  readonly lost: readonly number[];
  readonly request: Pick<GangRequest, "groups" | "priority" | "topology">;
};

/** Turns the domains round by one: the last becomes the first. */
const renamed =
  ({ gpus, gpusPerDomain }: GangShape) =>
  (gpu: number): number =>
    (gpu + gpusPerDomain) % gpus;

const atHome = (gpu: number): number => gpu;

const renameWish = (wish: GangWish | undefined, rename: (gpu: number) => number) =>
  typeof wish === "object" ? { near: rename(wish.near) } : wish;

/** A single GPU is near itself: so a state is made GPU by GPU, whatever else a scheduler prefers. */
const calls = (
  { shape, taken, lost, request }: Case,
  rename: (gpu: number) => number,
): readonly GangCall[] => {
  const { required, preferred } = request.topology ?? {};
  return [
    { kind: "create", shape },
    ...taken.map(
      ({ gpu, priority }, owner): GangCall => ({
        kind: "place",
        owner,
        groups: [1],
        priority,
        topology: { required: { near: rename(gpu % shape.gpus) } },
      }),
    ),
    ...lost.map((gpu): GangCall => ({ kind: "lose", gpu: rename(gpu % shape.gpus) })),
    {
      kind: "place",
      owner: 99,
      ...request,
      topology: {
        required: renameWish(required, rename),
        preferred: renameWish(preferred, rename),
      },
    },
    { kind: "freeGpus" },
    { kind: "wholeDomainsFree" },
  ];
};

const wish = oneOfValues<GangWish | undefined>("same-domain", "different-domains", { near: 1 });
const gpu = fc.nat({ max: 15 });

const cases = fc.record({
  shape: oneOfValues(...SMALL_RACKS),
  taken: fc.array(fc.record({ gpu, priority: oneOfValues(0, 0, 1) }), { maxLength: 14 }),
  lost: fc.array(gpu, { maxLength: 2 }),
  request: fc.record({
    groups: oneOfValues<readonly number[]>([1], [2], [4], [8], [1, 2], [2, 2], [4, 1, 2]),
    priority: oneOfValues(0, 1, 2),
    topology: fc.record({ required: wish, preferred: wish }, { requiredKeys: [] }),
  }),
});

/** What of an answer does not hang on how ties are broken. */
const essence = (given: Case, replies: readonly GangReply[]): Json => {
  const [reply, free, whole] = replies.slice(-3);
  const { groups, topology } = given.request;
  const placed = placedIn(reply);
  if (placed === undefined) return { refused: refusalIn(reply) ?? null };
  const { weakened, preempted } = placed;
  const isAlone = groups.length === 1;
  // Which of several slots is cleared, or broken, may hang on a number, and what comes after it on that.
  const isPeaceful = preempted.length === 0;
  const isApart =
    topology?.required === "different-domains" || topology?.preferred === "different-domains";
  return {
    weakened,
    preempted: isAlone ? preempted : isPeaceful,
    whole: isAlone || isPeaceful ? (whole as number) : null,
    room:
      isAlone || (isPeaceful && !isApart) ? worth(given.shape, free as readonly number[]) : null,
  };
};

/** Of a case, the final answer. */
const final = (replies: readonly GangReply[] = []) => placedIn(replies.at(-3));

export default property<Case, GangCall, GangReply>({
  id: "GNG-16",
  part: "gang",
  statement:
    "numbers of domains break ties and mean nothing else: with the domains turned round, a gang gets the same answer, ends the same others if it is one group, and leaves as many whole domains, and unless its groups are kept apart as much room of each size",
  given: { arbitrary: cases, plain: cases },
  subject: fastGangs,
  scripts: (given) => [calls(given, atHome), calls(given, renamed(given.shape))],
  holds(given, [here = [], there = []]) {
    const difference = differs(essence(given, here), essence(given, there));
    return difference && { at: here.length - 3, ...difference };
  },
  witnesses: {
    "a gang that lies elsewhere, not just turned round": ({ shape }, [here, there]) => {
      const [one, other] = [final(here)?.groups, final(there)?.groups];
      return one !== undefined && renamed(shape)(one[0]?.[0] ?? 0) !== other?.[0]?.[0];
    },
    "a gang that ends another": (_, [here]) => (final(here)?.preempted.length ?? 0) > 0,
    "a gang that is refused": (_, [here]) => final(here) === undefined,
    "several groups on a rack in use": ({ taken }, [here]) =>
      taken.length > 2 && (final(here)?.groups.length ?? 0) > 1,
  },
  mutants: mutants(
    "takes the lowest slot",
    "takes the highest slot",
    "looks into one domain only, the one with the most free GPUs (document)",
  ),
});
