import fc from "fast-check";
import type { FabricCall, FabricReply } from "#rack";
import { firstDifference, oneOfValues, property, type Script, values } from "#verify";
import { create, DRAIN, endsIn, FAR_NS } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** As many flows of as many bytes, which share one thing: an egress, an ingress, a pair's link, or a port of a switch. */
type Case = {
  readonly share: "egress" | "ingress" | "link" | "port";
  readonly flows: number;
  readonly bytes: number;
  /** In units of 100 kB/s. */
  readonly gpuRate: number;
  readonly linkRate: number;
};

const STEP = 100_000;
const LATENCY_NS = 1500;

const ceiling = (over: bigint, under: bigint): bigint => (over + under - 1n) / under;

/** All get the narrowest of a link and their part of what they share, in whole steps of a ten-thousandth of a byte a nanosecond. */
const endNs = ({ share, flows, bytes, gpuRate, linkRate }: Case, more: bigint): number => {
  const isPair = share === "link" || share === "port";
  const gpu = Math.floor(gpuRate / flows);
  const link = isPair ? Math.floor(linkRate / flows) : linkRate;
  const perNano = BigInt(Math.min(gpu, link));
  return LATENCY_NS + Number(ceiling(BigInt(bytes) * 10_000n + more, perNano));
};

const script = ({ share, flows, bytes, gpuRate, linkRate }: Case): Script<FabricCall> => {
  const way = { bytesPerSecond: linkRate * STEP, latencyNs: LATENCY_NS };
  const ways = { superchip: way, domain: way, rack: way, switch: way };
  const [egress, ingress] = [gpuRate * STEP, gpuRate * STEP];
  const ends = (flow: number): { readonly source: number | "switch"; readonly target: number } => {
    if (share === "egress") return { source: 0, target: 1 + flow };
    if (share === "ingress") return { source: 1 + flow, target: 0 };
    return { source: share === "port" ? "switch" : 3, target: 9 };
  };
  return [
    create({ gpus: 10, egress, ingress, ways }),
    ...Array.from({ length: flows }, (_, flow) => ({
      kind: "begin" as const,
      flow,
      ...ends(flow),
      distance: 3 as const,
      bytes,
      shards: 1,
      nowNs: 0,
    })),
    { ...DRAIN, nowNs: FAR_NS } as FabricCall,
  ];
};

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-8",
  part: "fabric",
  statement:
    "flows that are alike end together: n of them that share an egress, an ingress, a link or a port take the latency and bytes ÷ the n-th part of what is narrowest, rounded down to 100 kB/s",
  given: values(
    fc.record({
      share: oneOfValues<Case["share"]>("egress", "ingress", "link", "port"),
      flows: fc.integer({ min: 1, max: 9 }),
      bytes: fc.integer({ min: 1, max: 50_000_000 }),
      gpuRate: fc.integer({ min: 10_000, max: 18_000_000 }),
      linkRate: fc.integer({ min: 10_000, max: 18_000_000 }),
    }),
  ),
  subject: reference,
  scripts: (given) => [script(given)],
  holds(given, [replies = []]) {
    const ends = endsIn(replies);
    const at = (atNs: number) => Array.from({ length: given.flows }, (_, flow) => ({ flow, atNs }));
    // Where the closed form alone, in doubles, is a hair above a whole nanosecond, a flow has one more ten-thousandth of a byte.
    const isOneMore = ends[0]?.atNs === endNs(given, 1n);
    return firstDifference(at(endNs(given, isOneMore ? 1n : 0n)), ends);
  },
  witnesses: {
    "a GPU is the narrowest": ({ flows, gpuRate, linkRate }) => gpuRate / flows < linkRate,
    "a link is the narrowest": ({ share, flows, gpuRate, linkRate }) =>
      share === "egress" && gpuRate / flows > linkRate,
    "one alone": ({ flows }) => flows === 1,
    "a port of a switch": ({ share, flows }) => share === "port" && flows > 1,
  },
  mutants: mutants(
    "serves first who comes first",
    "ignores ingresses",
    "has an egress for each flow",
    "has a link for each flow",
    "takes every link to be as wide as a GPU's own",
  ),
});
