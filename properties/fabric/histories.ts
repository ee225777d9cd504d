/** The racks and histories that the fabric's properties range over: six workers, few sizes, much at one instant. */
import fc from "fast-check";
import type { FabricCall, FabricEvent, FabricShape, FlowEnd, LinkName } from "#rack";
import { type Given, histories, oneOfValues, sequences } from "#verify";

const way = (terabytes: number, latencyNs: number) => ({
  bytesPerSecond: Math.round(terabytes * 1e12),
  latencyNs,
});

const links = (superchip: number, domain: number, rack: number): FabricShape["ways"] => ({
  superchip: way(superchip, 500),
  domain: way(domain, 1000),
  rack: way(rack, 1500),
  switch: way(domain, 500),
});

/** Two superchips in one domain and one in another; links as the document has them, as the datasheet has them, and awkward ones without latency. */
const SHAPES = [
  { gpus: 6, egress: 1.8e12, ingress: 1.8e12, ways: links(1.8, 1.6, 1.2) },
  { gpus: 6, egress: 0.9e12, ingress: 0.9e12, ways: links(0.9, 0.9, 0.9) },
  {
    gpus: 6,
    egress: 1.3e12,
    ingress: 0.7e12 + 12_345,
    ways: { ...links(1.7, 1.1, 0.3333333), superchip: way(1.7, 0) },
  },
] as const satisfies readonly [FabricShape, ...FabricShape[]];

/** As the document has them. */
export const DOCUMENT_LIKE = SHAPES[0];

/** The rack of a case, made. */
export const create = (shape: FabricShape): FabricCall => ({ kind: "create", ...shape });

/** How far apart two workers of one GPU are. */
export const distanceOf = (source: number, target: number): 0 | 1 | 2 | 3 => {
  if (source === target) return 0;
  if (source >> 1 === target >> 1) return 1;
  return source >> 2 === target >> 2 ? 2 : 3;
};

/** One flow to be begun; its number is its place in the case. Source 6 is the switch. */
export type Send = {
  readonly source: number;
  readonly target: number;
  readonly bytes: number;
  readonly shards: number;
};

/** Begins a flow. */
export const begin = (
  flow: number,
  { source, target, bytes, shards }: Send,
  nowNs: number,
): Extract<FabricEvent, { kind: "begin" }> => ({
  kind: "begin",
  flow,
  source: source === 6 ? "switch" : source,
  target,
  distance: source === 6 ? 0 : distanceOf(source, target),
  bytes,
  shards,
  nowNs,
});

/** After everything is over. */
export const FAR_NS = 1e12;
/** Lets everything end. */
export const DRAIN: FabricCall = { kind: "advance", nowNs: FAR_NS };

/** The ends that replies tell, in order. */
export const endsIn = (replies: readonly unknown[]): readonly FlowEnd[] =>
  replies.flatMap((reply) => {
    const told = reply as { readonly kind?: string; readonly flows?: readonly FlowEnd[] } | null;
    return told?.kind === "ended" ? (told.flows ?? []) : [];
  });

/** Something that happens `waitNs` after what was before; a flow is named by its place in the history. */
export type Act = { readonly waitNs: number } & (
  | ({ readonly kind: "begin" } & Send)
  | { readonly kind: "cancel"; readonly flow: number }
  | { readonly kind: "cancelOf"; readonly worker: number }
  | { readonly kind: "slow"; readonly link: LinkName; readonly factor: number }
  | { readonly kind: "advance" }
);

/** A rack and what happens on it. */
export type FabricCase = { readonly shape: number; readonly acts: readonly Act[] };

/** The rack of a case. */
export const shapeOf = ({ shape }: FabricCase): FabricShape => SHAPES[shape] ?? DOCUMENT_LIKE;

/** A case's history at the instants that its waits add up to. */
export const eventsOf = ({ acts }: FabricCase): readonly FabricEvent[] => {
  let nowNs = 0;
  return acts.map((act, flow) => {
    nowNs += act.waitNs;
    if (act.kind === "begin") return begin(flow, act, nowNs);
    const { waitNs: _, ...rest } = act;
    return { ...rest, nowNs };
  });
};

const waitNs = oneOfValues<number>(0, 0, 0, 300, 777, 1500, 1, 4000);
const bytes = oneOfValues<number>(900, 1, 400_000, 3_000_001, 5_000_000, 9_000_000, 30_000_000);
const worker = fc.nat({ max: 5 });

/** A flow between two workers, or from a switch, of some size. */
export const someSend = fc.record({
  source: fc.nat({ max: 6 }),
  target: worker,
  bytes,
  shards: oneOfValues<number>(1, 2, 8),
});

const kind = <Kind extends string>(name: Kind) => fc.constant(name);
const OPERATIONS = {
  begin: fc.record({
    kind: kind("begin"),
    waitNs,
    source: fc.nat({ max: 6 }),
    target: worker,
    bytes: fc.oneof(
      oneOfValues<number>(900, 0, 1, 400_000, 3_000_001),
      fc.nat({ max: 30_000_000 }),
    ),
    shards: oneOfValues<number>(1, 2, 8),
  }),
  cancel: fc.record({ kind: kind("cancel"), waitNs, flow: fc.nat({ max: 30 }) }),
  cancelOf: fc.record({ kind: kind("cancelOf"), waitNs, worker }),
  slow: fc.record({
    kind: kind("slow"),
    waitNs,
    link: oneOfValues<LinkName>("superchip", "domain", "rack"),
    factor: oneOfValues<number>(1, 0.5, 0.1, 0.37),
  }),
  advance: fc.record({ kind: kind("advance"), waitNs }),
} as const;

const alone = (act: fc.Arbitrary<Act>) => act.map((one) => [one]);

/** Four large flows around one worker at one instant: two that it sends, two that it gets. */
const crowd = fc.tuple(worker, worker, waitNs).map(([one, other, first]): readonly Act[] => {
  const act = (wait: number, source: number, target: number): Act => ({
    kind: "begin",
    waitNs: wait,
    source,
    target: target % 6,
    bytes: 4_000_000 + 1_000_000 * target,
    shards: 1,
  });
  return [
    act(first, one, other + 1),
    act(0, one, other + 2),
    act(0, (other + 3) % 6, one),
    act(0, (other + 4) % 6, other + 1),
  ];
});

/** Single acts, and crowds, without which links are seldom shared by many. */
const drawn = histories<readonly Act[]>({
  operations: {
    begin: alone(OPERATIONS.begin),
    cancel: alone(OPERATIONS.cancel),
    cancelOf: alone(OPERATIONS.cancelOf),
    slow: alone(OPERATIONS.slow),
    advance: alone(OPERATIONS.advance),
    crowd,
  },
  small: { alphabet: [], depth: 0 },
  maxLength: 8,
});

/** Two that share an egress, a switch that shares an ingress with the second, a cut and a slow link. */
const ALPHABET: readonly Act[] = [
  { kind: "begin", waitNs: 0, source: 0, target: 4, bytes: 900_000, shards: 1 },
  { kind: "begin", waitNs: 0, source: 0, target: 5, bytes: 1_500_001, shards: 1 },
  { kind: "begin", waitNs: 700, source: 6, target: 5, bytes: 3_200_000, shards: 2 },
  { kind: "cancel", waitNs: 1700, flow: 0 },
  { kind: "slow", waitNs: 0, link: "rack", factor: 0.5 },
];

/** Histories on any of the racks. */
export const fabricCases: Given<FabricCase> = {
  arbitrary: fc.record({
    shape: fc.nat({ max: 2 }),
    acts: drawn.arbitrary.map((letters) => letters.flat()),
  }),
  plain: fc.record({
    shape: fc.nat({ max: 2 }),
    acts: fc.array(fc.oneof(...Object.values(OPERATIONS)), { maxLength: 100, size: "max" }),
  }),
};

/** The same, and every history of up to three of five acts (156) on the document's rack first. */
export const smallFirst: Given<FabricCase> = {
  ...fabricCases,
  *small(): Generator<FabricCase> {
    for (const acts of sequences(ALPHABET, 3)) yield { shape: 0, acts };
  },
};
