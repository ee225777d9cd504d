import { ascending, byEach } from "#base";
import type { Interval, Links, Transfer } from "./contract.ts";
import { FlowNetwork, UNLIMITED } from "./flow-network.ts";
import { cutByHolder, type Held, type Holdings, sizeOf } from "./intervals.ts";
import { farApart, latencyBetween, linkPerNano, nanosFor } from "./links.ts";

/** A transfer before it has a number and a round. */
export type Shipment = Omit<Transfer, "id" | "round">;

/** Shipments that run together: how long they send, and the longest latency among those that were allowed. */
export type Round = {
  readonly sendNs: number;
  readonly latencyNs: number;
  readonly shipments: readonly Shipment[];
};

/** A run of bytes that one GPU lacks, and who has it. */
type Need = Held & { readonly dst: number };

/** What a round is to bring: what is lacking, by need; the least time in which receivers can take it in; and the latencies to choose from. */
export type Task = {
  readonly needs: readonly Need[];
  readonly leastNs: number;
  /** Ascending: the one without which some need could not be met, and those above it that could make the round shorter. */
  readonly latenciesNs: readonly number[];
};

/** Those of the runs, which are in order, that overlap an interval. */
const overlapping = (held: readonly Held[], { from, to }: Interval): readonly Held[] => {
  let [low, high] = [0, held.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((held[middle] as Held).to <= from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < held.length && (held[end] as Held).from < to) end += 1;
  return held.slice(low, end);
};

/** Cuts what is lacking wherever its holders change, first receiver and first byte first. */
const needsOf = (lacking: Holdings, has: Holdings): readonly Need[] => {
  const held = cutByHolder(has);
  const needs: Need[] = [];
  for (const [dst, intervals] of lacking) {
    for (const interval of intervals) {
      for (const { from, to, holders } of overlapping(held, interval)) {
        const cut = { from: Math.max(from, interval.from), to: Math.min(to, interval.to) };
        needs.push({ dst, from: cut.from, to: cut.to, holders });
      }
    }
  }
  return needs;
};

const latenciesOf = (needs: readonly Need[], links: Links): readonly number[] => {
  let least = 0;
  const seen = new Set<number>();
  for (const { dst, holders } of needs) {
    let nearest = Number.POSITIVE_INFINITY;
    for (const src of holders) {
      const latency = latencyBetween(links, src, dst);
      seen.add(latency);
      nearest = Math.min(nearest, latency);
    }
    least = Math.max(least, nearest);
  }
  return [...seen].filter((latency) => latency >= least).toSorted(ascending((latency) => latency));
};

/** Prepares a round. Every byte that is lacking must have a holder. */
export const taskOf = (lacking: Holdings, has: Holdings, links: Links): Task => {
  const needs = needsOf(lacking, has);
  const sizes = [...lacking.values()].map(sizeOf);
  return {
    needs,
    leastNs: Math.max(0, ...sizes.map((size) => nanosFor(size, links.ingress / 1e9))),
    latenciesNs: latenciesOf(needs, links),
  };
};

/** No round can be over sooner: the slowest receiver, and the farthest of the nearest holders. */
export const roundBound = ({ leastNs, latenciesNs }: Task): number =>
  leastNs + (latenciesNs[0] ?? 0);

/** A network from holders over links to needs; and, need by need and holder by holder, the edge over which he sends, −1 for one too far. */
type Supply = { readonly network: FlowNetwork; readonly edges: Int32Array };

/** Numbers the links over which needs can be met at a latency or less, from 1 on, by sender and receiver; 0 for every other pair. */
const numberLinks = (
  needs: readonly Need[],
  links: Links,
  latencyNs: number,
): { readonly numbers: Int32Array; readonly count: number } => {
  const gpus = links.distances.length;
  const numbers = new Int32Array(gpus * gpus);
  let count = 0;
  for (const { dst, holders } of needs) {
    for (const src of holders) {
      const pair = src * gpus + dst;
      if (numbers[pair] !== 0 || latencyBetween(links, src, dst) > latencyNs) continue;
      count += 1;
      numbers[pair] = count;
    }
  }
  return { numbers, count };
};

/** Every way by which needs can be met at a latency or less; a byte costs its distance. */
const supplyOf = (needs: readonly Need[], links: Links, latencyNs: number): Supply => {
  const gpus = links.distances.length;
  const ways = needs.reduce((sum, { holders }) => sum + holders.length, 0);
  const { numbers, count } = numberLinks(needs, links, latencyNs);
  // The nodes: beginning and end, then GPUs, needs and links.
  const firstNeed = 2 + gpus;
  const beforeLinks = firstNeed + needs.length - 1;
  const network = new FlowNetwork(beforeLinks + count + 1, gpus + count + needs.length + ways);
  for (let src = 0; src < gpus; src += 1) network.edge(0, 2 + src, 0, links.egress / 1e9);
  for (const [pair, number] of numbers.entries()) {
    if (number === 0) continue;
    const [src, dst] = [Math.floor(pair / gpus), pair % gpus];
    network.edge(
      2 + src,
      beforeLinks + number,
      0,
      linkPerNano(links, src, dst),
      farApart(links, src, dst),
    );
  }
  const edges = new Int32Array(ways).fill(-1);
  let way = 0;
  for (const [index, { dst, from, to, holders }] of needs.entries()) {
    network.edge(firstNeed + index, 1, to - from);
    for (const src of holders) {
      const link = numbers[src * gpus + dst] as number;
      if (link !== 0) edges[way] = network.edge(beforeLinks + link, firstNeed + index, UNLIMITED);
      way += 1;
    }
  }
  return { network, edges };
};

/**
 * Lets everything flow that is wanted, in the fewest whole nanoseconds from `startNs` on, at the least price; returns how many those are. While too
 * little flows, the edges that hold it back say how much longer it takes at least (Newton's method on cuts), so that few tries are needed.
 */
const flowSoonest = (network: FlowNetwork, wanted: number, startNs: number): number => {
  let spanNs = startNs;
  network.widen(spanNs);
  let flowing = network.push(true);
  if (flowing === wanted) return spanNs;
  flowing += network.push(false);
  while (flowing < wanted) {
    const { bytes, perNano } = network.narrowest();
    spanNs = Math.max(spanNs + 1, nanosFor(wanted - bytes, perNano));
    network.widen(spanNs);
    flowing += network.push(false);
  }
  network.drain();
  network.push(true);
  return spanNs;
};

/** Cuts each need among those who send it, nearest first; what one GPU sends to another without a gap is one shipment. */
const shipmentsOf = (
  needs: readonly Need[],
  { network, edges }: Supply,
  links: Links,
): readonly Shipment[] => {
  const shipments: { src: number; dst: number; from: number; to: number }[] = [];
  const send = (src: number, dst: number, from: number, to: number): void => {
    const last = shipments.at(-1);
    if (last?.src === src && last.dst === dst && last.to === from) last.to = to;
    else shipments.push({ src, dst, from, to });
  };
  let way = 0;
  for (const { dst, from, holders } of needs) {
    const parts: { readonly src: number; readonly size: number }[] = [];
    for (const src of holders) {
      const edge = edges[way] as number;
      const size = edge === -1 ? 0 : network.flowOn(edge);
      if (size > 0) parts.push({ src, size });
      way += 1;
    }
    const nearestFirst = byEach<(typeof parts)[number]>(
      ascending(({ src }) => farApart(links, src, dst)),
      ascending(({ src }) => src),
    );
    let at = from;
    for (const { src, size } of parts.length > 1 ? parts.toSorted(nearestFirst) : parts) {
      send(src, dst, at, at + size);
      at += size;
    }
  }
  return shipments;
};

/**
 * The round that meets every need soonest: no way of choosing who sends which bytes is over in fewer nanoseconds of sending and longest latency; and of
 * those that send as briefly at that latency, one whose bytes cross the least distance.
 */
export const soonestRound = ({ needs, leastNs, latenciesNs }: Task, links: Links): Round => {
  const wanted = sizeOf(needs);
  let best: Round = { sendNs: 0, latencyNs: 0, shipments: [] };
  let bestNs = Number.POSITIVE_INFINITY;
  for (const latencyNs of latenciesNs) {
    // Sending cannot take less than `leastNs`, so that a longer latency cannot pay for itself any more.
    if (bestNs <= leastNs + latencyNs) break;
    const supply = supplyOf(needs, links, latencyNs);
    const sendNs = flowSoonest(supply.network, wanted, leastNs);
    if (sendNs + latencyNs >= bestNs) continue;
    bestNs = sendNs + latencyNs;
    best = { sendNs, latencyNs, shipments: shipmentsOf(needs, supply, links) };
  }
  return best;
};
