import type { FabricCall, FabricEvent, FabricReply, FlowSight, LinkName } from "#rack";
import { type Finding, finding, property } from "#verify";
import { create, eventsOf, type FabricCase, fabricCases, shapeOf } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

type Begin = Extract<FabricEvent, { kind: "begin" }>;

/** Shares are whole multiples of this, rounded down. */
const STEP = 100_000;

const LINKS = ["superchip", "domain", "rack"] as const;

/** What a flow goes through, by name, and its rate in steps. */
const throughs = (
  given: FabricCase,
  factors: ReadonlyMap<LinkName, number>,
  { source, target, distance }: Begin,
): ReadonlyMap<string, number> => {
  const { egress, ingress, ways } = shapeOf(given);
  const link = source === "switch" ? "domain" : (LINKS[distance - 1] as LinkName);
  const own = ways[source === "switch" ? "switch" : link].bytesPerSecond;
  return new Map([
    ...(source === "switch" ? [] : [[`from ${source}`, Math.floor(egress / STEP)] as const]),
    [`to ${target}`, Math.floor(ingress / STEP)],
    [
      `${source} to ${target}`,
      Math.floor((Math.floor(own / STEP) * STEP * (factors.get(link) ?? 1)) / STEP),
    ],
  ]);
};

/** A flow that could have a step more, with nobody losing one who has no more than it. */
const heldBackByNothing = (
  flowing: readonly FlowSight[],
  uses: ReadonlyMap<number, ReadonlyMap<string, number>>,
): FlowSight | undefined =>
  flowing.find((one) => {
    const own = uses.get(one.flow) ?? new Map<string, number>();
    return ![...own].some(([name, most]) => {
      const users = flowing.filter(({ flow }) => uses.get(flow)?.has(name));
      const steps = users.map(({ bytesPerSecond }) => bytesPerSecond / STEP);
      const isFull = steps.reduce((sum, share) => sum + share, 0) > most - users.length;
      return isFull && Math.max(...steps) === one.bytesPerSecond / STEP;
    });
  });

/** The sights of a case, one after each event, and what everybody went through then. */
const judge = (given: FabricCase, replies: readonly FabricReply[]): Finding | undefined => {
  const factors = new Map<LinkName, number>();
  const begun = new Map<number, Begin>();
  for (const [index, event] of eventsOf(given).entries()) {
    if (event.kind === "slow") factors.set(event.link, event.factor);
    if (event.kind === "begin") begun.set(event.flow, event);
    const at = 2 * index + 2;
    const sight = replies[at] as readonly FlowSight[];
    const flowing = sight.filter(({ firstByteNs }) => firstByteNs <= event.nowNs);
    const early = sight.find(
      ({ firstByteNs, bytesPerSecond }) => firstByteNs > event.nowNs && bytesPerSecond > 0,
    );
    if (early) return finding(at, 0, early.bytesPerSecond, "a rate before the first byte");
    const uses = new Map(
      flowing.map(({ flow }) => [flow, throughs(given, factors, begun.get(flow) as Begin)]),
    );
    const free = heldBackByNothing(flowing, uses);
    if (free)
      return finding(at, "held back by something", free.bytesPerSecond, `flow ${free.flow}`);
  }
  return undefined;
};

const someSight =
  (isIt: (rates: readonly number[]) => boolean) =>
  (_: FabricCase, [replies = []]: readonly (readonly FabricReply[])[]): boolean =>
    replies.some(
      (reply) =>
        Array.isArray(reply) &&
        isIt((reply as FlowSight[]).map((one) => one.bytesPerSecond).filter((rate) => rate > 0)),
    );

export default property<FabricCase, FabricCall, FabricReply>({
  id: "FAB-4",
  part: "fabric",
  statement:
    "shares are max-min fair at every instant: whoever flows goes through something that has not 100 kB/s more for each of its flows, and in which nobody has more; whoever waits for his first byte takes nothing",
  given: fabricCases,
  subject: reference,
  scripts: (given) => [
    [
      create(shapeOf(given)),
      ...eventsOf(given).flatMap((event): readonly FabricCall[] => [event, { kind: "flows" }]),
    ],
  ],
  holds: (given, [replies = []]) => judge(given, replies),
  witnesses: {
    "shares that differ": someSight((rates) => new Set(rates).size > 1),
    "three who flow at once": someSight((rates) => rates.length > 2),
  },
  mutants: mutants(
    "gives each an equal part and leaves the rest",
    "serves first who comes first",
    "leaves shares as they were when one ends",
    "lets flows take shares before their first byte",
    "does not undo a slow link",
    "has one link for a distance",
  ),
});
