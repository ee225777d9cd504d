import fc from "fast-check";
import type { ExpressCall, ExpressReply, Sharing } from "#rack";
import { differs, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { planners } from "./planning-mutants.ts";
import { executionIn, nanosAt, planIn, sole } from "./reading.ts";
import { GPUS, linksFor, RACKS, reference } from "./requests.ts";

type Case = {
  readonly rack: number;
  readonly bytes: number;
  readonly src: number;
  readonly dst: number;
  readonly sharing: Sharing;
};

const gpu = fc.nat({ max: GPUS - 1 });

export default property<Case, ExpressCall, ExpressReply>({
  id: "EXP-16",
  part: "express",
  statement:
    "a lone transfer takes its bytes ÷ the narrowest of sender, link and receiver, rounded up, and the latency between the two; so says the plan, and so it happens",
  given: values(
    fc.record({
      rack: fc.nat({ max: RACKS.length - 1 }),
      bytes: fc.oneof(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 70_000_000_000 }),
      ),
      src: gpu,
      dst: gpu,
      sharing: fc.constantFrom<Sharing[]>("proportional", "even"),
    }),
  ),
  subject: reference,
  scripts: ({ rack, bytes, src, dst, sharing }) => [
    [
      {
        kind: "execute",
        request: {
          bytes,
          sources: [{ gpu: src, from: 0, to: bytes }],
          targets: [{ gpu: dst, from: 0, to: bytes }],
        },
        links: linksFor({ rack }),
        options: { sharing },
      },
    ],
  ],
  holds({ rack, bytes, src, dst }, replies) {
    if (src === dst) return undefined;
    const { distances, rates, latenciesNs, egress, ingress } = linksFor({ rack });
    const far = distances[src]?.[dst] as number;
    const narrowest = Math.min(rates[far] as number, egress, ingress);
    const takes = nanosAt(bytes, narrowest) + (latenciesNs[far] as number);
    const reply = sole(replies);
    const difference = differs(
      [takes, takes],
      [planIn(reply)?.finishNs ?? null, executionIn(reply)?.finishNs ?? null],
    );
    return difference && { at: 0, ...difference };
  },
  witnesses: {
    "a neighbour": ({ src, dst }) => (src ^ dst) === 1,
    "another domain": ({ src, dst }) => (src ^ dst) > 3,
    "nobody but itself": ({ src, dst }) => src === dst,
    "bytes that the rate does not divide": ({ rack, bytes }) => rack === 0 && bytes % 3 > 0,
  },
  mutants: {
    ...executors(
      "knows no latency",
      "counts switches for hops",
      "takes all links for the fastest",
      "forgets what a receiver can take in",
      "forgets what a sender can send",
      "uses half of everything",
      "rounds down",
    ),
    ...planners("says it takes no latency", "counts switches for hops"),
  },
});
