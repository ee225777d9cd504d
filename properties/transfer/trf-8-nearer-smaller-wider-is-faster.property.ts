import fc from "fast-check";
import { BlockTransfers, type TransferCall, type TransferReply } from "#rack";
import { type Finding, finding, property, values } from "#verify";
import { copying } from "./links.ts";
import { subjectOf } from "./mutants.ts";
import { timingMutants } from "./timing-mutants.ts";

type Case = { readonly shardBytes: number; readonly more: number };

/** A few, around a megabyte, and any number. */
const size = fc.oneof(
  fc.integer({ min: 1, max: 2000 }),
  fc.integer({ min: 400_000, max: 1_400_000 }),
  fc.integer({ min: 1, max: 2 ** 36 }),
);

/** From worker 0: the next superchip's neighbour, another of the domain, another domain. */
const FAR = [1, 2, 4] as const;
const DEGREES = [1, 2, 4] as const;

/**
 * One script each: a block to the three distances, and a larger one likewise; then blocks of 1, 2 and 4 such shards from a domain
 * to the next, on as many GPUs.
 */
const scripts = ({ shardBytes, more }: Case): readonly (readonly TransferCall[])[] => {
  const alone = { rack: "small", tp: 1, from: 0 } as const;
  return [
    ...FAR.map((to) => copying({ ...alone, bytes: shardBytes, to })),
    ...FAR.map((to) => copying({ ...alone, bytes: shardBytes + more, to })),
    ...DEGREES.map((tp) =>
      copying({ rack: "small", tp, bytes: shardBytes * tp, from: 0, to: 4 / tp }),
    ),
  ];
};

const nsOf = (replies: readonly TransferReply[] | undefined): number =>
  (replies?.[2] as { readonly ns: number } | undefined)?.ns ?? 0;

export default property<Case, TransferCall, TransferReply>({
  id: "TRF-8",
  part: "transfer",
  statement:
    "a nearer source is faster, fewer bytes are never slower, and a block of n times the bytes on n times the GPUs takes as long",
  given: values(
    fc.record({
      shardBytes: size,
      more: size,
    }),
  ),
  subject: subjectOf(BlockTransfers),
  scripts,

  holds(_, replies): Finding | undefined {
    const times = replies.map(nsOf);
    const [near = 0, middle = 0, far = 0] = times;
    if (!(near < middle && middle < far))
      return finding(0, "rising with the distance", times.slice(0, 3), "nanoseconds");
    const slower = FAR.findIndex((_, at) => (times[at] ?? 0) > (times[at + 3] ?? 0));
    if (slower >= 0)
      return finding(slower + 3, `at least ${times[slower]}`, times[slower + 3] ?? 0);
    const wide = times.slice(6);
    const differs = wide.findIndex((ns) => ns !== far);
    return differs < 0 ? undefined : finding(differs + 6, far, wide[differs] ?? 0, "nanoseconds");
  },

  witnesses: {
    "a few bytes more that make no difference": (_, replies) =>
      nsOf(replies[0]) === nsOf(replies[3]),
    "more bytes that take longer": (_, replies) => nsOf(replies[0]) < nsOf(replies[3]),
    "a block beyond 32 bits": ({ shardBytes }) => shardBytes > 2 ** 32,
  },

  mutants: timingMutants(
    "forgets the latency of hops",
    "gives far workers the wide links",
    "sends all shards over one link",
    "goes faster beyond a megabyte",
    "takes every block for one of 5.24 MB",
  ),
});
