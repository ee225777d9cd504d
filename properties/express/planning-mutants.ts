/** Broken planners: the reference's answer with one thing done wrong, or a plan made in another way. */
import {
  type ExpressLinks,
  type ExpressPlan,
  type ExpressRequest,
  planTransfers,
  type WeightTransfer,
} from "#rack";
import { allLacks, gpusIn, isOn, latencyOf, nanosAt, sharedBy, sizeOf } from "./reading.ts";
import { broken } from "./requests.ts";

type Planner = typeof planTransfers;
type Shipment = Omit<WeightTransfer, "id" | "round">;

const numbered = (shipments: readonly Shipment[]): readonly WeightTransfer[] =>
  shipments.map((shipment, id) => ({ ...shipment, id, round: 0 }));

/** When transfers of one round are over, if what they share is shared well. */
const finishOf = (transfers: readonly WeightTransfer[], links: ExpressLinks): number =>
  Math.max(
    0,
    ...sharedBy(links, transfers).map((one) => nanosAt(sizeOf(one.transfers), one.rate)),
  ) + Math.max(0, ...transfers.map((transfer) => latencyOf(links, transfer)));

/** A planner that changes what the reference plans. */
const changing =
  (
    change: (
      plan: ExpressPlan,
      request: ExpressRequest,
      links: ExpressLinks,
    ) => Partial<ExpressPlan>,
  ): Planner =>
  (request, links, options) => {
    const plan = planTransfers(request, links, options);
    return plan.kind === "planned" ? { ...plan, ...change(plan, request, links) } : plan;
  };

const sending = (
  shipmentsOf: (
    plan: ExpressPlan,
    request: ExpressRequest,
    links: ExpressLinks,
  ) => readonly Shipment[],
): Planner =>
  changing((plan, request, links) => {
    const transfers = numbered(shipmentsOf(plan, request, links));
    return { strategy: "direct", transfers, finishNs: finishOf(transfers, links) };
  });

/** A planner that chooses for every lacking byte, on its own, who sends it. */
const choosing = (
  choose: (
    holders: readonly number[],
    lack: { readonly gpu: number; readonly at: number },
    links: ExpressLinks,
  ) => number,
): Planner =>
  sending((_, request, links) =>
    allLacks(request).map(({ gpu, at }) => {
      const holders = gpusIn(request.sources).filter((src) => isOn(request.sources, src, at));
      return { src: choose(holders, { gpu, at }, links), dst: gpu, from: at, to: at + 1 };
    }),
  );

const far = (links: ExpressLinks, left: number, right: number): number =>
  links.distances[left]?.[right] as number;

const nearest = (holders: readonly number[], gpu: number, links: ExpressLinks): number =>
  holders.toSorted((a, b) => far(links, a, gpu) - far(links, b, gpu) || a - b)[0] as number;

const PLANNERS = {
  "every source sends all that it has, needed or not": sending((_, { sources, targets }) =>
    gpusIn(targets).flatMap((dst) =>
      sources.map(({ gpu, from, to }) => ({ src: gpu, dst, from, to })),
    ),
  ),
  "serves the first target only": sending(({ transfers }) =>
    transfers.filter(({ dst }) => dst === transfers[0]?.dst),
  ),
  "loses the last byte of a transfer": sending(({ transfers }) =>
    transfers.map((one) => ({ ...one, to: Math.max(one.from, one.to - 1) })),
  ),
  "sends the byte at a border twice": sending(({ transfers }, { bytes }) =>
    transfers.map((one) => ({ ...one, to: Math.min(bytes, one.to + 1) })),
  ),
  "sends what a target has already": ((request, links, options) => {
    const targets = gpusIn(request.targets);
    const sources = request.sources.filter(({ gpu }) => !targets.includes(gpu));
    const again = planTransfers({ ...request, sources }, links, options);
    return again.kind === "planned" ? again : planTransfers(request, links, options);
  }) as Planner,
  "sends overlapping pieces of a target one by one": sending((_, request, links) =>
    request.targets.flatMap((piece) => {
      const one = planTransfers({ ...request, targets: [piece] }, links, { relays: false });
      return one.kind === "planned" ? one.transfers : [];
    }),
  ),
  "takes from the neighbour, whatever he has": choosing((_, { gpu }) => gpu ^ 1),
  "takes from the first source that there is": choosing((holders) => holders[0] as number),
  "takes from the nearest, however many do": choosing((holders, { gpu }, links) =>
    nearest(holders, gpu, links),
  ),
  "takes from all evenly, however slow": choosing(
    (holders, { at }) => holders[at % holders.length] as number,
  ),
  "lets sources take turns over all targets": sending((_, request) =>
    allLacks(request).map(({ gpu, at }, turn) => {
      const holders = gpusIn(request.sources).filter((src) => isOn(request.sources, src, at));
      return { src: holders[turn % holders.length] as number, dst: gpu, from: at, to: at + 1 };
    }),
  ),
  "takes from the farthest": choosing((holders, { gpu }, links) =>
    nearest(holders, gpu, {
      ...links,
      distances: links.distances.map((row) => row.map((d) => -d)),
    }),
  ),
  "takes numbers for places": ((request, links, options) => {
    const distances = links.distances.map((row, left) =>
      row.map((_, right) => Math.min(3, Math.abs(left - right))),
    );
    return planTransfers(request, { ...links, distances }, options);
  }) as Planner,
  "takes from whoever was named first": sending((_, request) =>
    allLacks(request).flatMap(({ gpu, at }) =>
      request.sources
        .filter(({ from, to }) => from <= at && at < to)
        .slice(0, 1)
        .map((piece) => ({ src: piece.gpu, dst: gpu, from: at, to: at + 1 })),
    ),
  ),
  "serves targets as they were named": sending(({ transfers }, { targets }) =>
    targets.flatMap(({ gpu }) => transfers.filter(({ dst }) => dst === gpu)),
  ),
  "always passes on": ((request, links, options) => {
    const plan = planTransfers(request, links, options);
    if (plan.kind !== "planned" || options?.relays === false) return plan;
    const { ingressNs, latencyNs } = plan.lowerBounds;
    return { ...plan, finishNs: Math.max(plan.finishNs, 2 * (ingressNs + latencyNs)) };
  }) as Planner,
  "passes on though it was not to": ((request, links) => planTransfers(request, links)) as Planner,
  "splits a target among its sources evenly": sending((_, request) =>
    gpusIn(request.targets).flatMap((dst) => {
      const own = allLacks(request).filter(({ gpu }) => gpu === dst);
      return own.map(({ at }, index) => {
        const holders = gpusIn(request.sources).filter((src) => isOn(request.sources, src, at));
        const place = Math.floor((index * holders.length) / own.length);
        return { src: holders[place] as number, dst, from: at, to: at + 1 };
      });
    }),
  ),
  "passes on what has not arrived": changing(({ transfers }) => ({
    transfers: transfers.map((one) => ({ ...one, round: 0 })),
  })),
  "passes on the other way round": changing(({ transfers }) => ({
    transfers: transfers.map((one) => ({ ...one, round: 1 - one.round })),
  })),
  "never passes on": ((request, links) =>
    planTransfers(request, links, { relays: false })) as Planner,
  "says it takes the sum of the transfers": changing(({ transfers }, _, links) => ({
    finishNs: transfers.reduce((sum, one) => sum + finishOf([one], links), 0),
  })),
  "says it takes the last transfer": changing(({ transfers }, _, links) => ({
    finishNs: finishOf(transfers.slice(-1), links),
  })),
  "says it takes the longest transfer alone": changing(({ transfers }, _, links) => ({
    finishNs: Math.max(...transfers.map((one) => finishOf([one], links))),
  })),
  "says it takes no latency": changing(({ transfers }, _, links) => ({
    finishNs: finishOf(transfers, { ...links, latenciesNs: [0, 0, 0, 0] }),
  })),
  "counts switches for hops": ((request, links, options) =>
    planTransfers(
      request,
      { ...links, latenciesNs: [0, 0, ...links.latenciesNs.slice(1, -1)] },
      options,
    )) as Planner,
  "says that it has no lower bounds": changing(() => ({
    lowerBounds: { ingressNs: 0, egressNs: 0, totalNs: 0, linkNs: 0, latencyNs: 0 },
  })),
  "bounds a target by the whole model": changing(({ lowerBounds }, { bytes }, { ingress }) => ({
    lowerBounds: { ...lowerBounds, ingressNs: nanosAt(bytes, ingress) },
  })),
  "bounds all targets by one sender": changing(({ lowerBounds }, request, { egress }) => ({
    lowerBounds: { ...lowerBounds, totalNs: nanosAt(allLacks(request).length, egress) },
  })),
  "reports success for a plan of nothing": ((request, links, options) => {
    const plan = planTransfers(request, links, options);
    if (plan.kind === "planned" || plan.because === "not covered") return plan;
    const lowerBounds = { ingressNs: 0, egressNs: 0, totalNs: 0, linkNs: 0, latencyNs: 0 };
    const nothing = { kind: "planned", strategy: "direct", transfers: [], finishNs: 0 } as const;
    return { ...nothing, lowerBounds, boundBy: "ingress" };
  }) as Planner,
  "has no plan for a target that has something already": ((request, links, options) => {
    const isSource = gpusIn(request.targets).some((gpu) =>
      request.sources.some((piece) => piece.gpu === gpu && piece.to > piece.from),
    );
    if (isSource) return { kind: "refused", because: "nothing missing" };
    return planTransfers(request, links, options);
  }) as Planner,
  "plans around a gap": ((request, links, options) => {
    const plan = planTransfers(request, links, options);
    if (plan.kind === "planned" || plan.because !== "not covered") return plan;
    const sources = [...request.sources, { ...plan.gap, gpu: plan.gap.gpu ^ 1 }];
    return planTransfers({ ...request, sources }, links, options);
  }) as Planner,
  "names the last byte that nobody has": ((request, links, options) => {
    const plan = planTransfers(request, links, options);
    if (plan.kind === "planned" || plan.because !== "not covered") return plan;
    return { ...plan, gap: { ...plan.gap, from: plan.gap.to - 1 } };
  }) as Planner,
} as const;

/** Some of the broken planners, by name. */
export const planners = <Name extends keyof typeof PLANNERS>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, broken({ plan: PLANNERS[name] })])) as Record<
    Name,
    ReturnType<typeof broken>
  >;
