import { isRefused, refused } from "#base";
import { boundBy, lowerBounds } from "./bounds.ts";
import {
  checkLinks,
  checkRequest,
  type Links,
  type MoveRequest,
  type Piece,
  type Plan,
  type PlanOptions,
  type PlanRefusal,
  type Transfer,
} from "./contract.ts";
import {
  byGpu,
  cutByHolder,
  type Holdings,
  missing,
  piecesOf,
  shards,
  union,
  without,
} from "./intervals.ts";
import { type Round, roundBound, soonestRound, type Task, taskOf } from "./round.ts";

/** The first bytes, by receiver, that are lacking and that nobody has. */
const firstGap = (lacking: Holdings, has: Holdings): Piece | undefined => {
  const anywhere = union([...has.values()].flat());
  for (const [gpu, intervals] of lacking) {
    const [gap] = without(intervals, anywhere);
    if (gap !== undefined) return { gpu, ...gap };
  }
  return undefined;
};

/** What is lacking and what is there; or why nothing can be planned. */
const lackOf = (
  request: MoveRequest,
):
  | {
      readonly kind: "lack";
      readonly lacking: Holdings;
      readonly wants: Holdings;
      readonly has: Holdings;
    }
  | PlanRefusal => {
  if (request.bytes === 0) return refused("no bytes");
  if (request.targets.length === 0) return refused("no targets");
  const [wants, has] = [byGpu(request.targets), byGpu(request.sources)];
  const lacking = missing(wants, has);
  if (lacking.size === 0) return refused("nothing missing");
  const gap = firstGap(lacking, has);
  return gap === undefined
    ? { kind: "lack", lacking, wants, has }
    : Object.freeze({ ...refused("not covered"), gap });
};

/**
 * Parts of what several GPUs want, one for each of them, that together are the whole: what each should get first so that it can pass it on. They depend
 * on the targets alone.
 */
const partsOf = (wants: Holdings): Holdings => {
  const parts: Piece[] = [];
  for (const { from, to, holders } of cutByHolder(wants)) {
    for (const part of shards(to - from, holders)) {
      parts.push({ gpu: part.gpu, from: from + part.from, to: from + part.to });
    }
  }
  return byGpu(parts);
};

/** First the parts, each to its GPU; then everything else, from sources and from those who have got their part. */
const relayedTasks = (wants: Holdings, has: Holdings, links: Links): readonly Task[] => {
  const parts = partsOf(wants);
  const then = byGpu([...piecesOf(has), ...piecesOf(parts)]);
  return [taskOf(missing(parts, has), has, links), taskOf(missing(wants, then), then, links)];
};

const finishOf = (rounds: readonly Round[]): number =>
  rounds.reduce((sum, { sendNs, latencyNs }) => sum + sendNs + latencyNs, 0);

/** What is lacking and who has what, with the links between them. */
type Lack = { readonly lacking: Holdings; readonly has: Holdings; readonly links: Links };

const planned = (
  rounds: readonly Round[],
  strategy: Plan["strategy"],
  { lacking, has, links }: Lack,
): Plan => {
  const busy = rounds.filter(({ shipments }) => shipments.length > 0);
  const transfers: Transfer[] = [];
  for (const [round, { shipments }] of busy.entries()) {
    for (const { src, dst, from, to } of shipments) {
      transfers.push({ id: transfers.length, round, src, dst, from, to });
    }
  }
  const bounds = lowerBounds(lacking, has, transfers, links);
  return {
    kind: "planned",
    strategy,
    transfers,
    finishNs: finishOf(busy),
    lowerBounds: bounds,
    boundBy: boundBy(bounds),
  };
};

/**
 * Who sends which bytes to whom, so that the last target is whole soonest. What a target has already is not sent; every other byte is sent to it
 * exactly once, by a GPU that holds it. Two plans are made and the sooner one is kept, the direct one in a tie:
 *
 * - direct: one round from the sources, the soonest there is;
 * - relayed: first a part to each target, which together are everything, then the rest from sources and targets; each round is the soonest there is.
 *
 * Both are as good as the sources allow, so that a source more never makes `finishNs` later. Refused when nothing is to be moved or somebody lacks bytes
 * that nobody has. Throws a `SpecViolation` when the request or the links cannot be.
 */
export const planTransfers = (
  request: MoveRequest,
  links: Links,
  { relays = true }: PlanOptions = {},
): Plan | PlanRefusal => {
  checkLinks(links);
  checkRequest(request, links);
  const lack = lackOf(request);
  if (isRefused(lack)) return lack;
  const { lacking, wants, has } = lack;
  const direct = [soonestRound(taskOf(lacking, has, links), links)];
  const plain = (): Plan => planned(direct, "direct", { lacking, has, links });
  if (!relays) return plain();
  const tasks = relayedTasks(wants, has, links);
  const soonestNs = tasks.reduce((sum, task) => sum + roundBound(task), 0);
  if (finishOf(direct) <= soonestNs) return plain();
  const relayed = tasks.map((task) => soonestRound(task, links));
  return finishOf(relayed) < finishOf(direct)
    ? planned(relayed, "relayed", { lacking, has, links })
    : plain();
};
