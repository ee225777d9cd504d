import fc from "fast-check";
import type { FabricCall, FabricReply } from "#rack";
import { finding, oneOfValues, property, type Script, values } from "#verify";
import { begin, create, DOCUMENT_LIKE, DRAIN, endsIn, type Send } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** Flows with one end in common: all from worker 0, or all to it. */
type Case = {
  readonly isFrom: boolean;
  readonly flows: readonly {
    readonly other: number;
    readonly bytes: number;
    readonly atNs: number;
  }[];
  readonly more: { readonly other: number; readonly bytes: number; readonly atNs: number };
};

const one = fc.record({
  other: fc.integer({ min: 1, max: 5 }),
  bytes: fc.integer({ min: 1, max: 5_000_000 }),
  atNs: oneOfValues<number>(0, 0, 500, 1234, 3000),
});

const script = (
  { isFrom }: Case,
  flows: readonly (readonly [number, Case["more"]])[],
): Script<FabricCall> => [
  create(DOCUMENT_LIKE),
  ...flows
    .toSorted(([, left], [, right]) => left.atNs - right.atNs)
    .map(([flow, { other, bytes, atNs }]) => {
      const send: Send = {
        source: isFrom ? 0 : other,
        target: isFrom ? other : 0,
        bytes,
        shards: 1,
      };
      return begin(flow, send, atNs);
    }),
  DRAIN,
];

const endOf = (replies: readonly FabricReply[], flow: number): number =>
  endsIn(replies).find((end) => end.flow === flow)?.atNs ?? Number.NaN;

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-6",
  part: "fabric",
  statement:
    "where all flows leave one GPU, or all enter one, a flow more lets none of the others end sooner by more than the nanosecond of rounding",
  given: values(
    fc.record({
      isFrom: fc.boolean(),
      flows: fc.array(one, { minLength: 1, maxLength: 5 }),
      more: one,
    }),
  ),
  subject: reference,
  scripts: (given) => {
    const flows = given.flows.map((flow, index) => [index, flow] as const);
    return [script(given, flows), script(given, [...flows, [flows.length, given.more]])];
  },
  holds({ flows }, [fewer = [], more = []]) {
    for (const flow of flows.keys()) {
      const [before, after] = [endOf(fewer, flow), endOf(more, flow)];
      if (!(after >= before - 1))
        return finding(-1, `${before} or later`, after, `the end of ${flow}`);
    }
    return undefined;
  },
  witnesses: {
    "one that ends later": ({ flows }, [fewer = [], more = []]) =>
      [...flows.keys()].some((flow) => endOf(more, flow) > endOf(fewer, flow) + 1),
    "one that does not": ({ flows }, [fewer = [], more = []]) =>
      [...flows.keys()].some((flow) => endOf(more, flow) === endOf(fewer, flow)),
  },
  mutants: mutants("lets all begin with the first of them", "lets time pass twice when one begins"),
});
