/** Broken executors: links that are shared badly, plans that are carried out or told of wrongly. */
import {
  type Execution,
  type ExecutionParts,
  type ExpressEvent,
  type ExpressLinks,
  type ExpressPlan,
  executePlan,
  executeWith,
  type Flow,
  fairRates,
  planTransfers,
  type SwapState,
  swapState,
} from "#rack";
import { broken } from "./requests.ts";

const sharing = (rates: ExecutionParts["fairRates"]) =>
  broken({ execute: executeWith({ plan: planTransfers, fairRates: rates }) });

const linkRate = ({ distances, rates }: ExpressLinks, { src, dst }: Flow): number =>
  (rates[distances[src]?.[dst] as number] as number) / 1e9;

const UNLIMITED = 1e30;

/** Each of those who share something gets as much of it as any other, and nobody takes what another leaves. */
const fixedShares: ExecutionParts["fairRates"] = (flows, links) =>
  flows.map((flow) => {
    const count = (isShared: (other: Flow) => boolean): number => flows.filter(isShared).length;
    return Math.min(
      links.egress / 1e9 / count(({ src }) => src === flow.src),
      links.ingress / 1e9 / count(({ dst }) => dst === flow.dst),
      linkRate(links, flow) / count(({ src, dst }) => src === flow.src && dst === flow.dst),
    );
  });

/** Whoever is first takes all that he can. What would be left with nothing gets a trickle, so that it ends. */
const firstComeFirstServed: ExecutionParts["fairRates"] = (flows, links) => {
  const rates: number[] = [];
  for (const flow of flows) {
    const left = (rate: number, isShared: (other: Flow) => boolean): number =>
      rates.reduce(
        (rest, taken, index) => (isShared(flows[index] as Flow) ? rest - taken : rest),
        rate,
      );
    const most = Math.min(
      left(links.egress / 1e9, ({ src }) => src === flow.src),
      left(links.ingress / 1e9, ({ dst }) => dst === flow.dst),
      left(linkRate(links, flow), ({ src, dst }) => src === flow.src && dst === flow.dst),
    );
    rates.push(Math.max(most, 1e-3));
  }
  return rates;
};

/** An executor that carries out something else than it was asked for. */
const asking = (
  change: (plan: ExpressPlan, links: ExpressLinks) => readonly [ExpressPlan, ExpressLinks],
) =>
  broken({
    execute: (plan, request, links, options) => {
      const [otherPlan, otherLinks] = change(plan, links);
      return executePlan(otherPlan, request, otherLinks, options);
    },
  });

/** An executor that tells wrongly what happened. */
const telling = (change: (execution: Execution, plan: ExpressPlan) => Execution) =>
  broken({
    execute: (plan, request, links, options) =>
      change(executePlan(plan, request, links, options), plan),
  });

const mapEvents = (
  execution: Execution,
  change: (event: ExpressEvent) => ExpressEvent,
): Execution => ({
  ...execution,
  events: execution.events.map(change),
});

const states = (
  change: (state: SwapState, execution: Execution, gpu: number, atNs: number) => SwapState,
) =>
  broken({
    swapState: (execution, gpu, atNs) =>
      change(swapState(execution, gpu, atNs), execution, gpu, atNs),
  });

/** What arrives at a GPU, in order. */
const arrivals = ({ events }: Execution, gpu: number): readonly number[] => {
  const own = new Set(
    events.flatMap((event) =>
      event.kind === "planned"
        ? event.transfers.filter(({ dst }) => dst === gpu).map(({ id }) => id)
        : [],
    ),
  );
  return events.flatMap((event) =>
    event.kind === "arrived" && own.has(event.transfer) ? event.atNs : [],
  );
};

const latencies = (
  links: ExpressLinks,
  latency: (ns: number, far: number) => number,
): ExpressLinks => ({
  ...links,
  latenciesNs: links.latenciesNs.map(latency),
});

const EXECUTORS = {
  "lets all send at the full rate of their links": sharing((flows, links) =>
    flows.map((flow) => linkRate(links, flow)),
  ),
  "forgets what a receiver can take in": sharing((flows, links) =>
    fairRates(flows, { ...links, ingress: UNLIMITED }),
  ),
  "forgets what a sender can send": sharing((flows, links) =>
    fairRates(flows, { ...links, egress: UNLIMITED }),
  ),
  "forgets that links differ": sharing((flows, links) =>
    fairRates(flows, { ...links, rates: links.rates.map(() => UNLIMITED) }),
  ),
  "gives each a fixed share and leaves the rest": sharing(fixedShares),
  "serves first who comes first": sharing(firstComeFirstServed),
  "shares evenly whatever was asked": sharing((flows, links) =>
    fairRates(
      flows.map((flow) => ({ ...flow, weight: 1 })),
      links,
    ),
  ),
  "shares by bytes squared": sharing((flows, links) =>
    fairRates(
      flows.map((flow) => ({ ...flow, weight: flow.weight * flow.weight })),
      links,
    ),
  ),
  "uses half of everything": sharing((flows, links) =>
    fairRates(flows, links).map((rate) => rate / 2),
  ),
  "knows no latency": asking((plan, links) => [plan, latencies(links, () => 0)]),
  "counts switches for hops": asking((plan, links) => [
    plan,
    latencies(links, (_, far) => links.latenciesNs[Math.max(0, far - 1)] as number),
  ]),
  "counts every latency twice": asking((plan, links) => [plan, latencies(links, (ns) => 2 * ns)]),
  "takes all links for the fastest": asking((plan, links) => [
    plan,
    { ...links, rates: links.rates.map(() => links.rates[1] as number) },
  ]),
  "sends one after another": asking((plan, links) => [
    { ...plan, transfers: plan.transfers.map((one) => ({ ...one, round: one.id })) },
    links,
  ]),
  "goes on as if nobody were lost": broken({
    execute: (plan, request, links, options) =>
      executePlan(plan, request, links, { ...options, losses: [] }),
  }),
  "loses nobody but the first": broken({
    execute: (plan, request, links, options = {}) =>
      executePlan(plan, request, links, { ...options, losses: (options.losses ?? []).slice(0, 1) }),
  }),
  "says of a cut transfer that it is whole": telling((execution) => {
    const sizes = new Map(
      execution.events.flatMap((event) =>
        event.kind === "planned" ? event.transfers.map(({ id, to }) => [id, to] as const) : [],
      ),
    );
    return mapEvents(execution, (event) =>
      event.kind === "cut" ? { ...event, arrivedTo: sizes.get(event.transfer) as number } : event,
    );
  }),
  "forgets what had arrived": telling((execution) =>
    mapEvents(execution, (event) => (event.kind === "cut" ? { ...event, arrivedTo: 0 } : event)),
  ),
  "calls everybody whole in the end": telling((execution) => ({
    ...execution,
    outcomes: execution.outcomes.map(({ gpu }) => ({
      gpu,
      state: "new",
      usableAtNs: execution.finishNs,
    })),
  })),
  "strands whoever was cut": telling((execution) =>
    execution.events.some(({ kind }) => kind === "cut")
      ? {
          ...execution,
          outcomes: execution.outcomes.map(({ gpu }) => ({
            gpu,
            state: "old",
            gap: { from: 0, to: 1 },
          })),
        }
      : execution,
  ),
  "rounds down": telling((execution) =>
    mapEvents({ ...execution, finishNs: Math.max(0, execution.finishNs - 1) }, (event) =>
      event.kind === "planned" ? event : { ...event, atNs: Math.max(0, event.atNs - 1) },
    ),
  ),
  "changes the model when it begins to load": states((state) =>
    state === "loading" ? "new" : state,
  ),
  "changes the model with the first transfer that arrives": states(
    (state, execution, gpu, atNs) => {
      const [first] = arrivals(execution, gpu);
      return state === "loading" && first !== undefined && first <= atNs ? "new" : state;
    },
  ),
  "changes all models with the first that is whole": states((state, { events }, _, atNs) =>
    state === "loading" && events.some((event) => event.kind === "whole" && event.atNs <= atNs)
      ? "new"
      : state,
  ),
  "changes all models when all are there": states((state, { finishNs }, _, atNs) =>
    state === "new" && atNs < finishNs ? "loading" : state,
  ),
  "changes the model a nanosecond early": states((_, execution, gpu, atNs) =>
    swapState(execution, gpu, atNs + 1),
  ),
  "drops the old model of who is stranded": states((state, { outcomes }, gpu, atNs) =>
    state === "old" && atNs > 0 && outcomes.some((one) => one.gpu === gpu && one.state === "old")
      ? "lost"
      : state,
  ),
} as const;

/** Some of the broken executors, by name. */
export const executors = <Name extends keyof typeof EXECUTORS>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, EXECUTORS[name]])) as Record<
    Name,
    ReturnType<typeof broken>
  >;
