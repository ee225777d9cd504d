import fc from "fast-check";
import type { ExpressCall, ExpressLinks, ExpressReply } from "#rack";
import { finding, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { NONE, nanosAt, planIn } from "./reading.ts";
import { GPUS, type Move, planning, RACKS, reference, someMove } from "./requests.ts";

/** A move, and how many bytes go from one GPU to how many others on a rack where all are alike. */
type Case = { readonly move: Move; readonly bytes: number; readonly others: number };

const [RACK] = RACKS as readonly [ExpressLinks, ...ExpressLinks[]];
/** Every link is as fast as a sender and a receiver, and nobody waits. */
const FLAT: ExpressLinks = {
  ...RACK,
  rates: RACK.rates.map(() => RACK.egress),
  latenciesNs: [0, 0, 0, 0],
};

const toAll = ({ bytes, others }: Case): ExpressCall => ({
  kind: "plan",
  request: {
    bytes,
    sources: [{ gpu: 0, from: 0, to: bytes }],
    targets: Array.from({ length: others }, (_, index) => ({ gpu: index + 1, from: 0, to: bytes })),
  },
  links: FLAT,
});

export default property<Case, ExpressCall, ExpressReply>({
  id: "EXP-17",
  part: "express",
  statement:
    "a plan in which targets may pass on is over no later than one in which they may not; where all links are alike, one replica reaches any number of others in at most twice the time of one",
  given: values(
    fc.record({
      move: someMove,
      bytes: fc.nat({ max: 70_000_000_000 }),
      others: fc.integer({ min: 1, max: GPUS - 1 }),
    }),
  ),
  subject: reference,
  scripts: (given) => [
    [planning(given.move), planning(given.move, { relays: false })],
    [toAll(given)],
  ],
  holds({ bytes, others }, [[either, direct] = NONE, [all] = NONE]) {
    const [best, plain] = [either && planIn(either), direct && planIn(direct)];
    if (plain !== undefined && best !== undefined && best.finishNs > plain.finishNs)
      return finding(0, plain.finishNs, best.finishNs);
    if (plain?.strategy === "relayed") return finding(1, "direct", plain.strategy);
    const broadcast = all && planIn(all);
    if (broadcast === undefined) return undefined;
    // A part may be a byte longer than another, in each of the two rounds.
    const most = 2 * nanosAt(bytes + others, FLAT.egress);
    return broadcast.finishNs > most ? finding(0, most, broadcast.finishNs) : undefined;
  },
  witnesses: {
    "passing on makes it sooner": (_, [[either, direct] = NONE]) => {
      const [best, plain] = [either && planIn(either), direct && planIn(direct)];
      return best !== undefined && plain !== undefined && best.finishNs < plain.finishNs;
    },
    "a replica for seven": ({ others, bytes }) => others === 7 && bytes > 1e9,
  },
  mutants: planners("never passes on", "always passes on", "passes on though it was not to"),
});
