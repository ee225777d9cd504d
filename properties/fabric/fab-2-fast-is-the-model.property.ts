import type { FabricAudit, FabricCall, FabricReply, FlowSight } from "#rack";
import { agreesWith, property, type Script } from "#verify";
import {
  create,
  DRAIN,
  endsIn,
  eventsOf,
  type FabricCase,
  shapeOf,
  smallFirst,
} from "./histories.ts";
import { model, mutants, reference } from "./mutants.ts";

const scripts = (given: FabricCase): readonly Script<FabricCall>[] => [
  [
    create(shapeOf(given)),
    ...eventsOf(given).flatMap((event): readonly FabricCall[] => [event, { kind: "next" }]),
    { kind: "flows" },
    DRAIN,
    { kind: "ledger" },
    { kind: "audit" },
  ],
];

/** The shares when the last event has happened; nothing when nobody has one. */
const sharesIn = (replies: readonly FabricReply[]): ReadonlySet<number> =>
  new Set(
    (replies.at(-4) as readonly FlowSight[])
      .map(({ bytesPerSecond }) => bytesPerSecond)
      .filter((rate) => rate > 0),
  );

export default property<FabricCase, FabricCall, FabricReply>({
  id: "FAB-2",
  part: "fabric",
  statement:
    "a fabric answers every history as the plain model does, to the nanosecond and to the byte: shares, instants, ends, cuts, what was moved and what was watched",
  given: smallFirst,
  subject: reference,
  scripts,
  holds: agreesWith(model, scripts),
  witnesses: {
    "shares that differ": (_, [replies = []]) => sharesIn(replies).size > 1,
    "windows in which something was shared": (_, [replies = []]) =>
      (replies.at(-1) as FabricAudit).sharedWindows > 1,
    "flows that end at different instants": (_, [replies = []]) =>
      new Set(endsIn(replies).map(({ atNs }) => atNs)).size > 2,
  },
  mutants: mutants(
    "gives each an equal part and leaves the rest",
    "serves first who comes first",
    "lets flows take shares before their first byte",
    "keeps the share of what was cut",
    "slows a slow link further",
  ),
});
