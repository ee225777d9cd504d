import { BlockTransfers, type TransferCall, type TransferReply } from "#rack";
import { differs, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import { create, type TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";

const isA = (reply: TransferReply | undefined, kind: string): boolean =>
  typeof reply === "object" && "kind" in reply && reply.kind === kind;

/** The numbers of the transfers that began, in order. */
const numbers = (replies: readonly TransferReply[]): readonly number[] =>
  replies.flatMap((reply) =>
    typeof reply === "object" && "transfer" in reply ? [reply.transfer] : [],
  );

/** Whether an event concerns a transfer that is over, which must then be refused. */
const lateArrivals = (
  { history }: TransferCase,
  replies: readonly TransferReply[],
): readonly number[] => {
  const over = new Set<number>();
  return history.flatMap((event, index) => {
    if (event.kind !== "arrive" && event.kind !== "abort") return [];
    const at = index + 1;
    const isLate = over.has(event.transfer);
    if (["copied", "moved", "done"].some((kind) => isA(replies[at], kind)))
      over.add(event.transfer);
    return isLate ? [at] : [];
  });
};

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-14",
  part: "transfer",
  statement:
    "transfers are numbered from 0 without a gap and no number is used again, so that a shard that arrives after the end of its transfer is refused",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: (given) => [[create(given), ...given.history]],

  holds(given, [replies = []]): Finding | undefined {
    const found = numbers(replies);
    const difference = differs(
      found.map((_, index) => index),
      found,
    );
    if (difference) return { at: -1, ...difference, about: "numbers of transfers" };
    for (const at of lateArrivals(given, replies)) {
      const late = differs({ kind: "refused", because: "no-such-transfer" }, replies[at]);
      if (late) return { at, ...late };
    }
    return undefined;
  },

  witnesses: {
    "a shard of a transfer that is over": (given, [replies = []]) =>
      lateArrivals(given, replies).length > 0,
    "a transfer after one that is over": (given, [replies = []]) =>
      given.history.some(
        (event, index) =>
          event.kind === "abort" &&
          isA(replies[index + 1], "done") &&
          replies.slice(index + 2).some((reply) => isA(reply, "begun")),
      ),
  },

  mutants: mutants(
    "uses the number of a transfer again",
    "lets a shard arrive after the end",
    "begins a transfer from a worker to itself",
  ),
});
