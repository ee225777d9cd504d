import { ascending, byEach } from "#base";
import type { Links, MoveRequest, Piece, Plan } from "./contract.ts";
import { shards } from "./intervals.ts";

/** What the model knows of a plan: how it goes about it, when it is over, and how far its bytes go, byte by byte and round by round. */
export type ModelPlan = Pick<Plan, "kind" | "strategy" | "finishNs"> & {
  readonly byteDistance: number;
};

/** Byte by byte, who has it or wants it. */
type Bytes = readonly ReadonlySet<number>[];

/** Bytes that one GPU sends to another. */
type Sent = { readonly src: number; readonly dst: number; readonly size: number };

/** Bytes that one GPU lacks and the same others have. */
type Lot = { readonly dst: number; readonly holders: readonly number[]; size: number };

type Choice = {
  readonly sendNs: number;
  readonly latencyNs: number;
  readonly byteDistance: number;
};

const bytesOf = (bytes: number, pieces: readonly Piece[]): Bytes =>
  Array.from({ length: bytes }, (_, at) => {
    const covering = pieces.filter(({ from, to }) => from <= at && at < to);
    return new Set(covering.map(({ gpu }) => gpu).toSorted((left, right) => left - right));
  });

const lotsOf = (wants: Bytes, has: Bytes): readonly Lot[] => {
  const lots = new Map<string, Lot>();
  for (const [at, wanting] of wants.entries()) {
    for (const dst of wanting) {
      const holders = [...(has[at] ?? [])];
      if (holders.includes(dst)) continue;
      const lot = lots.get(`${dst}: ${holders}`) ?? { dst, holders, size: 0 };
      lots.set(`${dst}: ${holders}`, { ...lot, size: lot.size + 1 });
    }
  }
  return [...lots.values()];
};

/** Every way of splitting a number of bytes among so many senders. */
function* splits(size: number, senders: number): Generator<readonly number[]> {
  if (senders === 1) yield [size];
  for (let first = 0; senders > 1 && first <= size; first += 1) {
    for (const rest of splits(size - first, senders - 1)) yield [first, ...rest];
  }
}

/** The whole nanoseconds that bytes take at a whole rate in bytes a second. */
const nanosFor = (size: number, rate: number): number =>
  Number((BigInt(size) * 1_000_000_000n + BigInt(rate) - 1n) / BigInt(rate));

/** Every way of sending every lot. */
function* choices(lots: readonly Lot[], index = 0): Generator<readonly Sent[]> {
  const lot = lots[index];
  if (lot === undefined) {
    yield [];
    return;
  }
  for (const split of splits(lot.size, lot.holders.length)) {
    const sent = lot.holders
      .map((src, place) => ({ src, dst: lot.dst, size: split[place] ?? 0 }))
      .filter(({ size }) => size > 0);
    for (const rest of choices(lots, index + 1)) yield [...sent, ...rest];
  }
}

/** How long a choice takes: whoever or whatever carries the most for its rate, and the longest latency. */
const judged = (sent: readonly Sent[], links: Links): Choice => {
  let [sendNs, latencyNs, byteDistance] = [0, 0, 0];
  const loads = new Map<string, number>();
  const load = (name: string, size: number, rate: number): void => {
    const all = (loads.get(name) ?? 0) + size;
    loads.set(name, all);
    sendNs = Math.max(sendNs, nanosFor(all, rate));
  };
  for (const { src, dst, size } of sent) {
    const far = links.distances[src]?.[dst] as number;
    load(`from ${src}`, size, links.egress);
    load(`to ${dst}`, size, links.ingress);
    load(`${src} to ${dst}`, size, links.rates[far] as number);
    latencyNs = Math.max(latencyNs, links.latenciesNs[far] as number);
    byteDistance += size * far;
  }
  return { sendNs, latencyNs, byteDistance };
};

const bySoonest = byEach<Choice>(
  ascending(({ sendNs, latencyNs }) => sendNs + latencyNs),
  ascending(({ latencyNs }) => latencyNs),
  ascending(({ byteDistance }) => byteDistance),
);

/** Tries every choice and keeps the best: soonest, then the shortest latency, then the least distance. */
const bestRound = (lots: readonly Lot[], links: Links): Choice => {
  let best: Choice | undefined;
  for (const sent of choices(lots)) {
    const choice = judged(sent, links);
    if (best === undefined || bySoonest(choice, best) < 0) best = choice;
  }
  return best ?? { sendNs: 0, latencyNs: 0, byteDistance: 0 };
};

/** Cuts each run of bytes that the same GPUs want into a part for each of them. */
const partsOf = (wants: Bytes): Bytes => {
  const parts: Piece[] = [];
  const names = wants.map((wanting) => [...wanting].join());
  let from = 0;
  for (let to = 1; to <= wants.length; to += 1) {
    if (to < wants.length && names[to] === names[from]) continue;
    for (const part of shards(to - from, [...(wants[from] ?? [])])) {
      parts.push({ gpu: part.gpu, from: from + part.from, to: from + part.to });
    }
    from = to;
  }
  return bytesOf(wants.length, parts);
};

const together = (left: Bytes, right: Bytes): Bytes =>
  left.map((gpus, at) => new Set([...gpus, ...(right[at] ?? [])].toSorted((a, b) => a - b)));

/**
 * The plan that is obviously right: every way of splitting every run of bytes among its holders is tried. For a handful of bytes. The request must
 * be one that can be planned, and rates whole.
 */
export const planModel = (
  { bytes, sources, targets }: MoveRequest,
  links: Links,
  relays = true,
): ModelPlan => {
  const [wants, has] = [bytesOf(bytes, targets), bytesOf(bytes, sources)];
  const planned = (strategy: Plan["strategy"], rounds: readonly Choice[]): ModelPlan => ({
    kind: "planned",
    strategy,
    finishNs: rounds.reduce((sum, one) => sum + one.sendNs + one.latencyNs, 0),
    byteDistance: rounds.reduce((sum, one) => sum + one.byteDistance, 0),
  });
  const direct = planned("direct", [bestRound(lotsOf(wants, has), links)]);
  if (!relays) return direct;
  const parts = partsOf(wants);
  const then = together(has, parts);
  const relayed = planned("relayed", [
    bestRound(lotsOf(parts, has), links),
    bestRound(lotsOf(wants, then), links),
  ]);
  return relayed.finishNs < direct.finishNs ? relayed : direct;
};
