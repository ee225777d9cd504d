import { BlockTransfers, type PlacedBlock, type TransferCall, type TransferReply } from "#rack";
import { differs, finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import { create, type TransferCase, workerCount } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** Workers that a history may use. */
const watchedWorkers = (given: TransferCase): number => Math.min(workerCount(given), 5);

const questions = (given: TransferCase): readonly TransferCall[] => [
  { kind: "contents" },
  ...Array.from({ length: watchedWorkers(given) }, (_, worker) => ({
    kind: "used" as const,
    worker,
  })),
];

const placesAt = (reply: TransferReply | undefined, worker: number): number =>
  (reply as readonly PlacedBlock[]).filter((place) => place.worker === worker).length;

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-11",
  part: "transfer",
  statement:
    "no worker ever has more places taken than it has room for, places kept for arriving blocks included, and no block has two places at one worker",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: (given) => [
    [create(given), ...given.history.flatMap((event) => [event, ...questions(given)])],
  ],

  holds(given, [replies = []]) {
    const each = watchedWorkers(given) + 2;
    for (let at = 2; at < replies.length; at += each) {
      const places = replies[at] as readonly PlacedBlock[];
      const distinct = new Set(places.map(({ block, worker }) => `${block}/${worker}`)).size;
      if (distinct < places.length)
        return finding(at, distinct, places.length, "places of different blocks");
      for (let worker = 0; worker < watchedWorkers(given); worker += 1) {
        const used = replies[at + 1 + worker] as number;
        if (used > given.capacityBlocks)
          return finding(at + 1 + worker, `at most ${given.capacityBlocks}`, used, "places taken");
        const difference = differs(placesAt(places, worker), used);
        if (difference) return { at: at + 1 + worker, ...difference };
      }
    }
    return undefined;
  },

  witnesses: {
    "a full worker": (given, [replies = []]) => replies.includes(given.capacityBlocks),
    "a worker that is full of what has not arrived": (given, [replies = []]) =>
      replies.some(
        (reply) =>
          Array.isArray(reply) &&
          reply.some(
            ({ worker, state }: PlacedBlock) =>
              state === "arriving" && placesAt(reply, worker) === given.capacityBlocks,
          ),
      ),
  },

  mutants: mutants(
    "takes a block in on a full target",
    "counts only what can be read as taken",
    "stores a block twice",
  ),
});
