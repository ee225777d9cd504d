import fc from "fast-check";
import type { FabricCall, FabricReply } from "#rack";
import { firstDifference, property, type Script, values } from "#verify";
import { begin, create, DOCUMENT_LIKE, DRAIN, endsIn, type Send, someSend } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** Flows among workers 0, 1 and 2, and others among 3, 4 and 5: each from and to a worker of its own half. */
type Case = { readonly left: readonly Send[]; readonly right: readonly Send[] };

const half = fc.array(someSend, { maxLength: 5 });

const sends = (side: readonly Send[], first: number): readonly (readonly [number, Send])[] =>
  side.map(({ source, target, ...rest }, index) => {
    const to = first + (target % 3);
    const from = source === 6 ? 6 : first + (source % 3);
    return [10 * first + index, { ...rest, source: from, target: to }] as const;
  });

const script = (flows: readonly (readonly [number, Send])[]): Script<FabricCall> => [
  create(DOCUMENT_LIKE),
  ...flows.map(([flow, send]) => begin(flow, send, 100 * (flow % 10))),
  DRAIN,
];

const inTime = (flows: readonly (readonly [number, Send])[]) =>
  flows.toSorted(([left], [right]) => (left % 10) - (right % 10) || left - right);

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-7",
  part: "fabric",
  statement:
    "flows that have no GPU in common do not notice each other: two halves of a rack together are the two halves apart",
  given: values(fc.record({ left: half, right: half })),
  subject: reference,
  scripts: ({ left, right }) => [
    script(sends(left, 0)),
    script(sends(right, 3)),
    script(inTime([...sends(left, 0), ...sends(right, 3)])),
  ],
  holds(_, [left = [], right = [], both = []]) {
    const apart = [...endsIn(left), ...endsIn(right)];
    return firstDifference(
      apart.toSorted((one, other) => one.atNs - other.atNs || one.flow - other.flow),
      endsIn(both),
    );
  },
  witnesses: {
    "both halves at work at once": (_, [left = [], right = []]) =>
      endsIn(left).some(({ atNs }) => atNs > 2000) && endsIn(right).some(({ atNs }) => atNs > 2000),
    "a switch that serves both": ({ left, right }) =>
      left.some(({ source }) => source === 6) && right.some(({ source }) => source === 6),
  },
  mutants: mutants("has one egress for all", "has one link for a distance"),
});
