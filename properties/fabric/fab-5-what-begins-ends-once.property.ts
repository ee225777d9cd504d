import type { FabricCall, FabricEvent, FabricLedger, FabricReply, Way } from "#rack";
import { finding, property } from "#verify";
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

type Begin = Extract<FabricEvent, { kind: "begin" }>;

const wayOf = ({ source, distance }: Begin): Way =>
  source === "switch"
    ? "switch"
    : ((["superchip", "domain", "rack"] as const)[distance - 1] ?? "rack");

const kindOf = (reply: FabricReply | undefined): string | undefined =>
  typeof reply === "object" && reply !== null && "kind" in reply ? reply.kind : undefined;

/** Of a case: what began, and which of those were cut, by the answers. */
const lives = (given: FabricCase, replies: readonly FabricReply[]) => {
  const begun: Begin[] = [];
  const cut = new Set<number>();
  for (const [index, event] of eventsOf(given).entries()) {
    const reply = replies[index + 1];
    if (event.kind === "begin" && kindOf(reply) === "begun") begun.push(event);
    if (event.kind === "cancel" && kindOf(reply) === "cut") cut.add(event.flow);
    if (event.kind === "cancelOf") for (const flow of reply as readonly number[]) cut.add(flow);
  }
  return { begun, cut };
};

const bytesOver = (way: Way, flows: readonly Begin[]): number =>
  flows.filter((flow) => wayOf(flow) === way).reduce((sum, { bytes }) => sum + bytes, 0);

export default property<FabricCase, FabricCall, FabricReply>({
  id: "FAB-5",
  part: "fabric",
  statement:
    "every flow that begins is either cut or ends, once, after its first byte and told in order of instant and number; each way has moved the bytes of those that ended, and of those that were cut no more than they had",
  given: fabricCases,
  subject: reference,
  scripts: (given) => [
    [create(shapeOf(given)), ...eventsOf(given), DRAIN, { kind: "next" }, { kind: "ledger" }],
  ],
  holds(given, [replies = []]) {
    const { begun, cut } = lives(given, replies);
    const ends = endsIn(replies);
    const expected = begun.map(({ flow }) => flow).filter((flow) => !cut.has(flow));
    const told = ends.map(({ flow }) => flow).toSorted((left, right) => left - right);
    if (told.join() !== expected.join()) return finding(-1, expected, told, "flows that ended");
    const wrong = ends.find((end, index) => {
      const before = ends[index - 1] ?? { atNs: -1, flow: -1 };
      return end.atNs < before.atNs || (end.atNs === before.atNs && end.flow < before.flow);
    });
    if (wrong) return finding(-1, "in order", wrong, "an end");
    if (replies.at(-2) !== null) return finding(-1, null, replies.at(-2) as number, "what is next");
    const { moved, cut: wasted } = replies.at(-1) as FabricLedger;
    for (const way of ["superchip", "domain", "rack", "switch"] as const) {
      const ended = bytesOver(
        way,
        begun.filter(({ flow }) => !cut.has(flow)),
      );
      const most = bytesOver(
        way,
        begun.filter(({ flow }) => cut.has(flow)),
      );
      if (wasted[way] > most || wasted[way] < 0)
        return finding(-1, most, wasted[way], `cut, ${way}`);
      if (moved[way] !== ended + wasted[way])
        return finding(-1, ended + wasted[way], moved[way], `moved, ${way}`);
    }
    return undefined;
  },
  witnesses: {
    "two that end at one instant": (_, [replies = []]) => {
      const instants = endsIn(replies).map(({ atNs }) => atNs);
      return new Set(instants).size < instants.length;
    },
    "one that is cut half way": (_, [replies = []]) =>
      Object.values((replies.at(-1) as FabricLedger).cut).some((bytes) => bytes > 0),
    "something from a switch": (_, [replies = []]) =>
      (replies.at(-1) as FabricLedger).moved.switch > 0,
  },
  mutants: mutants(
    "tells an end twice",
    "tells ends by number",
    "tells only the last of several instants",
    "keeps the share of what was cut",
    "counts what was cut for nothing",
    "counts switches under their domain",
  ),
});
