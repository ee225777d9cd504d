import fc from "fast-check";
import type { FabricCall, FabricEvent, FabricReply } from "#rack";
import { differs, oneOfValues, property, type Script, values } from "#verify";
import { begin, create, DOCUMENT_LIKE, DRAIN, endsIn, type Send, someSend } from "./histories.ts";
import { mutants, reference } from "./mutants.ts";

/** Flows that begin at a few instants. */
type Case = { readonly sends: readonly (Send & { readonly atNs: number })[] };

const events = ({ sends }: Case): readonly FabricEvent[] =>
  sends
    .map((send, flow) => begin(flow, send, send.atNs))
    .toSorted((left, right) => left.nowNs - right.nowNs || left.flow - right.flow);

const ASK: readonly FabricCall[] = [
  { kind: "next" },
  { kind: "flows" },
  { kind: "ledger" },
  { kind: "audit" },
  { kind: "alone", source: 0, distance: 3, bytes: 1000, shards: 1 },
];

/** The same, backwards within each instant, with questions, and with flows that cannot be, in between. */
const pestered = (given: Case): Script<FabricCall> =>
  events(given)
    .toSorted((left, right) => left.nowNs - right.nowNs || flowOf(right) - flowOf(left))
    .flatMap((event): readonly FabricCall[] => [
      event,
      begin(99, { source: 0, target: 4, bytes: 0, shards: 1 }, event.nowNs),
      begin(99, { source: 4, target: 4, bytes: 500, shards: 1 }, event.nowNs),
      { kind: "cancel", flow: 99, nowNs: event.nowNs },
      { kind: "advance", nowNs: event.nowNs },
      ...ASK,
    ]);

const flowOf = (event: FabricEvent): number => (event.kind === "begin" ? event.flow : -1);

const isRefused = (reply: FabricReply): boolean =>
  typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === "refused";

export default property<Case, FabricCall, FabricReply>({
  id: "FAB-11",
  part: "fabric",
  statement:
    "the order of calls at one instant decides nothing, asking changes nothing however often, and a flow of nothing, one from a worker to itself and the end of one that is none are refused and change nothing",
  given: values(
    fc.record({
      sends: fc.array(
        fc.tuple(someSend, oneOfValues<number>(0, 0, 1000, 2000, 2500, 9000)).map(
          ([send, atNs]) => ({ ...send, atNs }),
          (value) => {
            const { atNs, ...send } = value as Send & { readonly atNs: number };
            return [send, atNs] as [Send, number];
          },
        ),
        { maxLength: 8, size: "max" },
      ),
    }),
  ),
  subject: reference,
  scripts: (given) => [
    [create(DOCUMENT_LIKE), ...events(given), DRAIN, { kind: "ledger" }],
    [create(DOCUMENT_LIKE), ...pestered(given), DRAIN, { kind: "ledger" }],
  ],
  holds({ sends }, [once = [], often = []]) {
    const selves = sends.filter(({ source, target }) => source === target).length;
    const refusals = selves + 3 * sends.length;
    const difference = differs(
      { refusals, ends: endsIn(once), ledger: once.at(-1) },
      { refusals: often.filter(isRefused).length, ends: endsIn(often), ledger: often.at(-1) },
    );
    return difference && { at: -1, ...difference };
  },
  witnesses: {
    "two that begin at one instant and share a source": ({ sends }) =>
      [0, 1, 2, 3, 4, 5].some(
        (source) =>
          sends.filter(
            (send) => send.atNs === 0 && send.source === source && send.target !== source,
          ).length > 1,
      ),
    "ends that are told before the last call": (_, [, often = []]) =>
      endsIn(often.slice(0, -2)).length > 0,
  },
  mutants: mutants(
    "serves first who comes first",
    "begins a flow of nothing",
    "tells only the last of several instants",
    "tells an end twice",
  ),
});
