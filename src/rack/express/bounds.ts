import type { Links, LowerBounds, Plan } from "./contract.ts";
import { cutByHolder, type Holdings, sizeOf, union, without } from "./intervals.ts";
import { latencyBetween, linkPerNano, nanosFor } from "./links.ts";
import type { Shipment } from "./round.ts";

/** Of the bytes that somebody lacks: how many, who has some of them, and how many each has alone. */
type Origin = {
  readonly size: number;
  readonly senders: ReadonlySet<number>;
  readonly alone: ReadonlyMap<number, number>;
};

const originOf = (lacking: Holdings, has: Holdings): Origin => {
  const anywhere = union([...lacking.values()].flat());
  const senders = new Set<number>();
  const alone = new Map<number, number>();
  for (const { from, to, holders } of cutByHolder(has)) {
    const lacked = to - from - sizeOf(without([{ from, to }], anywhere));
    if (lacked === 0) continue;
    for (const gpu of holders) senders.add(gpu);
    const [only, another] = holders;
    if (only !== undefined && another === undefined) {
      alone.set(only, (alone.get(only) ?? 0) + lacked);
    }
  }
  return { size: sizeOf(anywhere), senders, alone };
};

/** The most that one link carries, in time. */
const busiestLink = (shipments: readonly Shipment[], links: Links): number => {
  const loads = new Map<number, number>();
  const gpus = links.distances.length;
  for (const { src, dst, from, to } of shipments) {
    const pair = src * gpus + dst;
    loads.set(pair, (loads.get(pair) ?? 0) + to - from);
  }
  const times = [...loads].map(([pair, load]) =>
    nanosFor(load, linkPerNano(links, Math.floor(pair / gpus), pair % gpus)),
  );
  return Math.max(0, ...times);
};

/** The shortest latency from anybody who has something or gets something to somebody else who gets something. */
const shortestLatency = (lacking: Holdings, has: Holdings, links: Links): number => {
  const holders = [...has].filter(([, own]) => own.length > 0).map(([gpu]) => gpu);
  const senders = new Set([...holders, ...lacking.keys()]);
  let shortest = Number.POSITIVE_INFINITY;
  for (const dst of lacking.keys()) {
    for (const src of senders) {
      if (src !== dst) shortest = Math.min(shortest, latencyBetween(links, src, dst));
    }
  }
  return shortest;
};

/** What no plan can beat; `linkNs` speaks of these shipments alone. Something must be lacking, and all of it be held. */
export const lowerBounds = (
  lacking: Holdings,
  has: Holdings,
  shipments: readonly Shipment[],
  links: Links,
): LowerBounds => {
  const { size, senders, alone } = originOf(lacking, has);
  const [egress, ingress] = [links.egress / 1e9, links.ingress / 1e9];
  const longest = (sizes: readonly number[], perNano: number): number =>
    Math.max(0, ...sizes.map((one) => nanosFor(one, perNano)));
  return {
    ingressNs: longest([...lacking.values()].map(sizeOf), ingress),
    egressNs: longest([...alone.values()], egress),
    totalNs: nanosFor(size, egress * senders.size),
    linkNs: busiestLink(shipments, links),
    latencyNs: shortestLatency(lacking, has, links),
  };
};

/** The longest of the bounds by its name; the first named in a tie. */
export const boundBy = (bounds: LowerBounds): Plan["boundBy"] => {
  const { ingressNs, egressNs, totalNs, linkNs } = bounds;
  const longest = Math.max(ingressNs, egressNs, totalNs, linkNs);
  if (ingressNs === longest) return "ingress";
  if (egressNs === longest) return "egress";
  return totalNs === longest ? "total" : "link";
};
