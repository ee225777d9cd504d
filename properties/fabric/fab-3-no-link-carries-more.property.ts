import type { FabricAudit, FabricCall, FabricEvent, FabricReply, FabricShape } from "#rack";
import { type Finding, finding, property } from "#verify";
import {
  create,
  DRAIN,
  endsIn,
  eventsOf,
  type FabricCase,
  fabricCases,
  shapeOf,
} from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** A flow that came to its end: what of it went through what, and between which instants. */
type Gone = {
  readonly fromNs: number;
  readonly toNs: number;
  readonly bytes: number;
  readonly through: readonly (readonly [name: string, bytesPerSecond: number])[];
};

const throughs = (
  { egress, ingress, ways }: FabricShape,
  { source, target, distance }: Extract<FabricEvent, { kind: "begin" }>,
): Gone["through"] => {
  const way =
    source === "switch" ? "switch" : (["superchip", "domain", "rack"] as const)[distance - 1];
  return [
    ...(source === "switch" ? [] : [[`from ${source}`, egress] as const]),
    [`to ${target}`, ingress],
    [`${source} to ${target}`, ways[way ?? "switch"].bytesPerSecond],
  ];
};

const goneIn = (given: FabricCase, replies: readonly FabricReply[]): readonly Gone[] => {
  const ends = new Map(endsIn(replies).map(({ flow, atNs }) => [flow, atNs]));
  return eventsOf(given).flatMap((event, index): readonly Gone[] => {
    const reply = replies[index + 1] as { readonly firstByteNs?: number };
    if (event.kind !== "begin" || reply.firstByteNs === undefined) return [];
    const toNs = ends.get(event.flow);
    if (toNs === undefined) return [];
    const bytes = Math.floor(event.bytes / event.shards);
    return [{ fromNs: reply.firstByteNs, toNs, bytes, through: throughs(shapeOf(given), event) }];
  });
};

/** Every window from a first byte to an end, and all that went through one thing wholly inside it. */
const overfull = (gone: readonly Gone[]): Finding | undefined => {
  const things = new Map(gone.flatMap(({ through }) => through));
  for (const [name, rate] of things) {
    const users = gone.filter(({ through }) => through.some(([own]) => own === name));
    for (const { fromNs } of users) {
      for (const { toNs } of users) {
        const inside = users.filter((one) => one.fromNs >= fromNs && one.toNs <= toNs);
        const sum = inside.reduce((all, { bytes }) => all + bytes, 0);
        const most =
          (BigInt(Math.ceil(rate)) * BigInt(Math.max(0, toNs - fromNs))) / 1_000_000_000n;
        if (BigInt(sum) > most)
          return finding(-1, Number(most), sum, `bytes ${name} in ${fromNs} … ${toNs}`);
      }
    }
  }
  return undefined;
};

export default property<FabricCase, FabricCall, FabricReply>({
  id: "FAB-3",
  part: "fabric",
  statement:
    "in no window does more go out of a GPU, into a GPU or over the link of two workers than rate × time; what watches it from inside finds nothing either",
  given: fabricCases,
  subject: reference,
  scripts: (given) => [[create(shapeOf(given)), ...eventsOf(given), DRAIN, { kind: "audit" }]],
  holds(given, [replies = []]) {
    const { excessBytes } = replies.at(-1) as FabricAudit;
    return excessBytes === 0
      ? overfull(goneIn(given, replies))
      : finding(-1, 0, excessBytes, "the excess that the audit tells");
  },
  witnesses: {
    "a link that is shared": (_, [replies = []]) =>
      (replies.at(-1) as FabricAudit).sharedWindows > 0,
    "windows with several flows wholly inside": (given, [replies = []]) => {
      const gone = goneIn(given, replies);
      return gone.some(
        (one, index) =>
          one.bytes > 100_000 &&
          gone.some(
            (other, at) =>
              at !== index &&
              other.bytes > 100_000 &&
              other.fromNs < one.toNs &&
              one.fromNs < other.toNs &&
              one.through[0]?.[0] === other.through[0]?.[0],
          ),
      );
    },
  },
  mutants: mutants(
    "ignores ingresses",
    "has an egress for each flow",
    "has a link for each flow",
    "leaves shares as they were when one begins",
  ),
});
