import fc from "fast-check";
import { type ExpressCall, type ExpressReply, linksOf } from "#rack";
import { findProfile } from "#spec";
import { differs, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { planners } from "./planning-mutants.ts";
import { executionIn, nanosAt, planIn, sole } from "./reading.ts";
import { reference } from "./requests.ts";

type Case = { readonly bytes: number; readonly src: number; readonly dst: number };

const LINKS = linksOf(findProfile("document"));

/** As the document has it: superchips of 2, domains of 8; the rate in bytes a second, and 500 ns for each link crossed. */
const way = (src: number, dst: number): readonly [rate: number, latencyNs: number] => {
  if (Math.floor(src / 2) === Math.floor(dst / 2)) return [1_800_000_000_000, 500];
  if (Math.floor(src / 8) === Math.floor(dst / 8)) return [1_600_000_000_000, 1000];
  return [1_200_000_000_000, 1500];
};

const gpu = fc.nat({ max: 71 });

export default property<Case, ExpressCall, ExpressReply>({
  id: "EXP-19",
  part: "express",
  statement:
    "on the document's rack one replica reaches one other GPU at 1.8, 1.6 or 1.2 TB/s, and 500, 1,000 or 1,500 ns later, by whether they share a superchip, a domain or neither",
  given: values(
    fc.record({
      bytes: fc.integer({ min: 1, max: 405_000_000_000 }),
      src: gpu,
      dst: fc.oneof(gpu, fc.nat({ max: 7 })),
    }),
  ),
  subject: reference,
  scripts: ({ bytes, src, dst }) => [
    [
      {
        kind: "execute",
        request: {
          bytes,
          sources: [{ gpu: src, from: 0, to: bytes }],
          targets: [{ gpu: dst, from: 0, to: bytes }],
        },
        links: LINKS,
      },
    ],
  ],
  holds({ bytes, src, dst }, replies) {
    if (src === dst) return undefined;
    const [rate, latencyNs] = way(src, dst);
    const takes = nanosAt(bytes, rate) + latencyNs;
    const reply = sole(replies);
    const found = [planIn(reply)?.finishNs ?? null, executionIn(reply)?.finishNs ?? null];
    const difference = differs([takes, takes], found);
    return difference && { at: 0, ...difference };
  },
  witnesses: {
    "another domain": ({ src, dst }) => way(src, dst)[1] === 1500,
    "the same domain": ({ src, dst }) => way(src, dst)[1] === 1000,
    "a whole Llama 70B in FP4 and more": ({ bytes }) => bytes > 35e9,
  },
  mutants: {
    ...executors("knows no latency", "counts switches for hops", "takes all links for the fastest"),
    ...planners("says it takes no latency", "counts switches for hops"),
  },
});
