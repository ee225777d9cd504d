import fc from "fast-check";
import type { ExpressLinks, ExpressPlan } from "#rack";
import { finding, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { executionIn, latencyOf, planIn, sole } from "./reading.ts";
import { executing, largeMove, linksFor, reference, someMove } from "./requests.ts";

/** By how much the latencies of a plan's rounds may differ from the longest of the rack. */
const slack = (links: ExpressLinks, { transfers }: ExpressPlan): number => {
  const rounds = new Set(transfers.map(({ round }) => round)).size;
  const nearest = Math.min(...transfers.map((one) => latencyOf(links, one)));
  return rounds * (Math.max(...links.latenciesNs) - nearest);
};

export default property({
  id: "EXP-10",
  part: "express",
  statement:
    "carried out without losses, a plan is over when it says or earlier by what latencies differ, and never below a lower bound; every target is whole",
  given: values(fc.oneof(someMove, largeMove)),
  subject: reference,
  scripts: (move) => [[executing(move)]],
  holds(move, replies) {
    const [plan, execution] = [planIn(sole(replies)), executionIn(sole(replies))];
    if (plan === undefined || execution === undefined) return undefined;
    const { finishNs, outcomes } = execution;
    if (finishNs > plan.finishNs) return finding(0, plan.finishNs, finishNs, "later than planned");
    const least = plan.finishNs - slack(linksFor(move), plan);
    if (finishNs < least) return finding(0, least, finishNs, "sooner than planned");
    const { ingressNs, egressNs, totalNs, linkNs, latencyNs } = plan.lowerBounds;
    const bound = Math.max(ingressNs, egressNs, totalNs, linkNs) + latencyNs;
    if (finishNs < bound) return finding(0, bound, finishNs, "below a bound");
    const old = outcomes.find(({ state }) => state !== "new");
    return old && finding(0, "new", { ...old });
  },
  witnesses: {
    "a relayed plan": (_, replies) => planIn(sole(replies))?.strategy === "relayed",
    "a transfer of a billion bytes": (_, replies) =>
      planIn(sole(replies))?.transfers.some(({ from, to }) => to - from > 1e9) ?? false,
    "over to the nanosecond as planned": (_, replies) => {
      const [plan, execution] = [planIn(sole(replies)), executionIn(sole(replies))];
      return plan !== undefined && execution?.finishNs === plan.finishNs;
    },
  },
  mutants: executors(
    "lets all send at the full rate of their links",
    "forgets what a sender can send",
    "gives each a fixed share and leaves the rest",
    "serves first who comes first",
    "shares evenly whatever was asked",
    "shares by bytes squared",
    "knows no latency",
    "counts every latency twice",
    "sends one after another",
    "takes all links for the fastest",
  ),
});
