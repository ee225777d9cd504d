import fc from "fast-check";
import type { ExpressBounds } from "#rack";
import { finding, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import {
  gpusIn,
  isOn,
  lacks,
  latencyOf,
  nanosAt,
  planIn,
  sharedBy,
  sizeOf,
  sole,
} from "./reading.ts";
import {
  linksFor,
  type Move,
  planning,
  reference,
  requestOf,
  someMove,
  spreadMove,
} from "./requests.ts";

/** The bounds by counting bytes. */
const counted = (move: Move): Omit<ExpressBounds, "linkNs"> => {
  const [request, links] = [requestOf(move), linksFor(move)];
  const targets = gpusIn(request.targets);
  const lacking = targets.map((gpu) => lacks(request, gpu));
  const anywhere = [...new Set(lacking.flat())];
  const holders = (at: number): readonly number[] =>
    gpusIn(request.sources).filter((gpu) => isOn(request.sources, gpu, at));
  const alone = gpusIn(request.sources).map(
    (gpu) => anywhere.filter((at) => holders(at).every((one) => one === gpu)).length,
  );
  const senders = new Set(anywhere.flatMap(holders));
  const short = targets.filter((_, index) => (lacking[index] ?? []).length > 0);
  const around = gpusIn([
    ...request.sources.filter(({ from, to }) => from < to),
    ...short.map((gpu) => ({ gpu })),
  ]);
  const latencies = short.flatMap((dst) =>
    around.filter((src) => src !== dst).map((src) => links.distances[src]?.[dst] as number),
  );
  return {
    ingressNs: Math.max(...lacking.map(({ length }) => nanosAt(length, links.ingress))),
    egressNs: Math.max(...alone.map((size) => nanosAt(size, links.egress))),
    totalNs: nanosAt(anywhere.length, links.egress * senders.size),
    latencyNs: Math.min(...latencies.map((far) => links.latenciesNs[far] as number)),
  };
};

export default property({
  id: "EXP-3",
  part: "express",
  statement:
    "the lower bounds are what they say, counted byte by byte; no plan says that it is over sooner, nor sooner than its busiest link, sender or receiver and its latency allow",
  given: values(fc.oneof({ weight: 4, arbitrary: someMove }, { weight: 1, arbitrary: spreadMove })),
  subject: reference,
  scripts: (move) => [[planning(move)]],
  holds(move, replies) {
    const plan = planIn(sole(replies));
    if (plan === undefined) return undefined;
    const [links, { lowerBounds, transfers, finishNs }] = [linksFor(move), plan];
    for (const [name, bound] of Object.entries(counted(move))) {
      const found = lowerBounds[name as keyof ExpressBounds];
      if (found !== bound) return finding(0, bound, found, name);
    }
    const { ingressNs, egressNs, totalNs, linkNs, latencyNs } = lowerBounds;
    const longest = Math.max(ingressNs, egressNs, totalNs, linkNs);
    if (lowerBounds[`${plan.boundBy}Ns`] !== longest) return finding(0, longest, plan.boundBy);
    const busiest = sharedBy(links, transfers).map((one) =>
      nanosAt(sizeOf(one.transfers), one.rate),
    );
    const nearest = Math.min(...transfers.map((one) => latencyOf(links, one)));
    const least = Math.max(longest + latencyNs, Math.max(...busiest) + nearest);
    return finishNs < least ? finding(0, least, finishNs, "finishNs") : undefined;
  },
  witnesses: Object.fromEntries(
    (["ingress", "egress", "total", "link"] as const).map((name) => [
      `a plan that is bound by ${name}`,
      (_: Move, replies: Parameters<typeof sole>[0]) => planIn(sole(replies))?.boundBy === name,
    ]),
  ),
  mutants: planners(
    "says it takes the last transfer",
    "says it takes the longest transfer alone",
    "says it takes no latency",
    "counts switches for hops",
    "says that it has no lower bounds",
    "bounds a target by the whole model",
    "bounds all targets by one sender",
  ),
});
