import { ascending, byEach } from "#base";
import type { ExpressCall, ExpressLinks, ExpressPlan, ExpressReply, ExpressRequest } from "#rack";
import { answers, toPart } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";
import { raised } from "./raised.ts";

type Piece = ExpressRequest["sources"][number];

/** Hops as the document counts them: none within a superchip or a GPU, one within a domain, two beyond. */
const hopsBetween = ({ distances }: ExpressLinks, src: number, dst: number): number =>
  Math.max(0, (distances[src]?.[dst] ?? 0) - 1);

/** Everything that each source has goes to the target, the nearest source first. */
const planFor = (sources: readonly Piece[], dst: number, links: ExpressLinks) =>
  sources
    .map((piece) => ({ ...piece, hops: hopsBetween(links, piece.gpu, dst) }))
    .toSorted(
      byEach(
        ascending(({ hops }) => hops),
        ascending(({ gpu }) => gpu),
      ),
    )
    .map(({ gpu: src, from, to, hops }) => {
      const estimateNs = ((to - from) / (links.rates[hops + 1] as number)) * 1e9;
      return { src, dst, from, to, estimateNs };
    });

/**
 * A plan as the document's ModelExpress makes it.
 *
 * Stand-ins: a source's shard is what it has; a plan for several targets is one for each; the rates by hops are those of the links that are
 * asked about, in place of its three constants; the end of a plan, which it leaves to a class that it does not define, is that of
 * its longest transfer; it knows no lower bounds, and has zeros for them.
 */
const plan = ({ sources, targets }: ExpressRequest, links: ExpressLinks): ExpressPlan => {
  const all = [...new Set(targets.map(({ gpu }) => gpu))].flatMap((gpu) =>
    planFor(sources, gpu, links),
  );
  return {
    kind: "planned",
    strategy: "direct",
    transfers: all.map(({ src, dst, from, to }, id) => ({ id, round: 0, src, dst, from, to })),
    finishNs: Math.max(0, ...all.map(({ estimateNs }) => estimateNs)),
    lowerBounds: { ingressNs: 0, egressNs: 0, totalNs: 0, linkNs: 0, latencyNs: 0 },
    boundBy: "link",
  };
};

/** Transfers have no offsets, and a plan has no total: both are read and neither is ever written. */
const execute = ({ transfers }: ExpressPlan): never => {
  const missing = transfers.length > 0 ? "dst_offset" : "total_estimated_time_ms";
  throw raised("AttributeError", `no attribute ${missing}`);
};

const planner = (): ((call: ExpressCall) => ExpressReply) => (call) => {
  if (call.kind === "shards") return [];
  const made = plan(call.request, call.links);
  return call.kind === "plan" ? made : execute(made);
};

const lacks = ({ kind }: ExpressCall): string | undefined =>
  kind === "shards" ? "cutting a model into shards" : undefined;

/** To whoever asks for bounds: there are none, and the zeros above are no answer. */
const withBounds = answers(planner, () => "lower bounds of a plan");

const byPart = toPart("express", answers(planner, lacks));

const group = (first: number, count = 1) => ({ first, count });
const move = (
  bytes: number,
  sources: readonly ReturnType<typeof group>[],
  targets: readonly ReturnType<typeof group>[],
) => ({ rack: 0, bytes, sources, targets, odd: [] });

/** The document's ModelExpress on trial. */
export const express: DocumentSubject = {
  name: "document/express",
  part: "express",
  about: "ModelExpress: the plan of a weight transfer and its execution",
  answersFor: (property) => (property.id === "EXP-3" ? withBounds : byPart(property)),
  defects: [
    {
      does: "has every source send all that it has, so that what several hold comes several times",
      consequence: "Two replicas send the model twice, and the target's link takes twice as long.",
      property: "EXP-1",
      case: move(2, [group(0), group(1)], [group(4)]),
    },
    {
      does: "sends a target what it has already, from itself",
      consequence: "A GPU that holds its shard copies it onto itself before it may serve.",
      property: "EXP-1",
      case: move(2, [group(0)], [group(0), group(1)]),
    },
    {
      does: "sends a whole shard where the target wants another cut of the model",
      consequence:
        "From TP 4 to TP 8 every target gets all four shards: eight times what it wants.",
      property: "EXP-1",
      case: move(4, [group(0, 2)], [group(4, 4)]),
    },
    {
      does: "plans though some bytes are nowhere",
      consequence: "A model with a hole in it is reported as on its way.",
      property: "EXP-9",
      case: move(2, [], [group(0)]),
    },
    {
      does: "makes a plan of nothing for no bytes or no targets",
      consequence: "A typing error in a model's name is a success of 0 ms.",
      property: "EXP-9",
    },
    {
      does: "counts no time for hops, the 500 ns each that the text names",
      consequence: "A small shard from the far end of the rack seems as near as a neighbour's.",
      property: "EXP-4",
      case: move(2, [group(0)], [group(4)]),
    },
    {
      does: "lets all transfers to one target run at the full rate of their links at once",
      consequence:
        "With eight sources it promises an eighth of the time that the target's own link needs.",
      property: "EXP-4",
      case: { ...move(4, [group(0, 2)], [group(4)]), rack: 1 },
    },
    {
      does: "sorts sources by distance and then uses all of them",
      consequence: "The nearest source is first in the list, and that is all that it is.",
      property: "EXP-4",
      case: move(2, [group(1), group(4)], [group(0)]),
    },
    {
      does: "is over later with a source more",
      consequence: "A replica at the far end of the rack, of no use, slows the plan down.",
      property: "EXP-5",
      case: { move: move(2, [group(1)], [group(0)]), more: group(4) },
    },
    {
      does: "reads offsets of a transfer that were never written",
      consequence:
        "No plan can be carried out; and if they were 0, all shards would land in one place.",
      property: "EXP-10",
      case: move(2, [group(0)], [group(4)]),
    },
    {
      does: "returns a total of the plan that was never computed",
      consequence: "Even a plan of nothing ends with an exception.",
      property: "EXP-10",
      case: move(0, [], [group(0)]),
    },
    {
      does: "never lets a target pass on what it has",
      consequence: "Loading nine replicas from one takes nine times the time of one.",
      property: "EXP-4",
      case: { ...move(3, [group(0)], [group(4), group(5), group(6)]), rack: 1 },
    },
    {
      does: "plans the same bytes otherwise when they are listed twice, or in other pieces",
      consequence: "A source that is announced again doubles what is sent.",
      property: "EXP-18",
      case: move(2, [group(0)], [group(1)]),
    },
  ],
  absences: [
    {
      what: "lower bounds of a plan",
      consequence: "Whether a plan is any good cannot be seen from it.",
    },
    {
      what: "cutting a model into shards",
      consequence: "How large a source's shard is, is asked of a function that is not there.",
    },
  ],
  remarks: [
    "The list of domains is asked for when it is made and never used.",
    "The sum of the bytes is computed and not used.",
    "A source that is lost while it sends is not known of; there is no second plan.",
    "Within a superchip it counts no hop, while the text counts one.",
  ],
};
