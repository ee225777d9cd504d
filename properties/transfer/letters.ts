/** What histories of transfers are written in: events, and letters that choose among what there is when it is their turn. */
import fc from "fast-check";
import { randomStream } from "#base";
import {
  type PlacedBlock,
  type TransferCall,
  type TransferEvent,
  TransferModel,
  type TransferReply,
  transferSubject,
} from "#rack";
import { histories, oneOfValues } from "#verify";

/** How wide workers are, how much room they have, and what happens. */
export type TransferCase = {
  readonly tp: number;
  readonly capacityBlocks: number;
  readonly history: readonly TransferEvent[];
};

/** What a rack is made from. */
export type Shape = Pick<TransferCase, "tp" | "capacityBlocks">;

/** Odd, so that shards do not divide it. */
const BLOCK_BYTES = 1_000_003;

/** Two domains of two superchips: at one GPU a worker, 0 is at every distance from one of 0, 1, 2 and 4. */
export const create = ({ tp, capacityBlocks }: Shape): TransferCall => ({
  kind: "create",
  profile: "document",
  rack: { gpus: 8, gpusPerSuperchip: 2, gpusPerDomain: 4 },
  tp,
  blockBytes: BLOCK_BYTES,
  capacityBlocks,
});

/** How many workers there are. */
export const workerCount = ({ tp }: Shape): number => 8 / tp;

/** A block comes into being. */
export const store = (worker: number, block: number): TransferEvent => ({
  kind: "store",
  worker,
  block,
});
/** A shard is there. */
export const arrive = (transfer: number, shard: number): TransferEvent => ({
  kind: "arrive",
  transfer,
  shard,
});

const worker = oneOfValues<number>(0, 0, 0, 1, 1, 2, 3, 4, 9);
const block = fc.nat({ max: 2 });
const transfer = fc.nat({ max: 6 });
const shard = oneOfValues<number>(0, 0, 1, 2, 3, 4);
const way = { block, from: worker, to: worker };
/** Copied or moved. */
export const manner = oneOfValues<"copy" | "move">("copy", "move");

/** Every event, as it can be drawn, recognised and shrunk. */
export const EVENTS = {
  store: fc.record({ kind: fc.constant("store" as const), worker, block }),
  drop: fc.record({ kind: fc.constant("drop" as const), worker, block }),
  pin: fc.record({ kind: fc.constant("pin" as const), worker, block }),
  unpin: fc.record({ kind: fc.constant("unpin" as const), worker, block }),
  lose: fc.record({ kind: fc.constant("lose" as const), worker }),
  copy: fc.record({ kind: fc.constant("copy" as const), ...way }),
  move: fc.record({ kind: fc.constant("move" as const), ...way }),
  begin: fc.record({ kind: fc.constant("begin" as const), manner, ...way }),
  arrive: fc.record({ kind: fc.constant("arrive" as const), transfer, shard }),
  abort: fc.record({ kind: fc.constant("abort" as const), transfer }),
};

/** What there is when a letter's turn comes: the transfers under way, and the places. */
type Sight = { readonly live: readonly number[]; readonly places: readonly PlacedBlock[] };

/** What happens next, given what there is: an event or a few. */
type Letter = (sight: Sight) => readonly TransferEvent[];

/** An event as a letter. */
export const alone = (event: fc.Arbitrary<TransferEvent>): fc.Arbitrary<Letter> =>
  event.map((one) => () => [one]);

/** The transfer that was drawn, of those under way; the first of all when there is none. */
const picked = ({ live }: Sight, pick: number): number => live[pick % live.length] ?? 0;

/** The block that was drawn, of those that can be read, and its worker; block 0 of worker 0 when there is none. */
const held = ({ places }: Sight, pick: number): Pick<PlacedBlock, "block" | "worker" | "pins"> => {
  const readable = places.filter(({ state }) => state !== "arriving");
  return readable[pick % readable.length] ?? { block: 0, worker: 0, pins: 0 };
};

/** A block that is there goes somewhere, or begins to. */
const sent = (kind: "copy" | "move" | "begin") =>
  fc.tuple(transfer, worker, manner).map(
    ([pick, to, manner]): Letter =>
      (sight) => {
        const { block, worker: from } = held(sight, pick);
        return kind === "begin" ? [{ kind, manner, block, from, to }] : [{ kind, block, from, to }];
      },
  );

/** Something happens to a block that is there. */
const handled = (kind: "pin" | "unpin" | "drop") =>
  transfer.map(
    (pick): Letter =>
      (sight) => {
        const pinned = { ...sight, places: sight.places.filter(({ pins }) => pins > 0) };
        const { block, worker } = held(kind === "unpin" ? pinned : sight, pick);
        return [{ kind, worker, block }];
      },
  );

/** Drawn letters. */
export const letters = histories<Letter>({
  operations: {
    sendAtOnce: sent("copy"),
    moveAtOnce: sent("move"),
    send: sent("begin"),
    pinHeld: handled("pin"),
    unpinHeld: handled("unpin"),
    dropHeld: handled("drop"),
    store: alone(EVENTS.store),
    lose: alone(EVENTS.lose),
    land: fc.tuple(transfer, shard).map(([pick, shard]) => (sight) => [
      arrive(picked(sight, pick), shard),
    ]),
    finish: transfer.map(
      (pick) => (sight) => [2, 0, 3, 1].map((shard) => arrive(picked(sight, pick), shard)),
    ),
    giveUp: transfer.map((pick) => (sight) => [{ kind: "abort", transfer: picked(sight, pick) }]),
    anything: alone(fc.oneof(...Object.values<fc.Arbitrary<TransferEvent>>(EVENTS))),
  },
  small: { alphabet: [], depth: 0 },
  maxLength: 30,
});

/** Worker 9 is never there; the others are counted round. */
const inside = (shape: Shape, event: TransferEvent): TransferEvent => {
  const round = (worker: number) => (worker === 9 ? 9 : worker % workerCount(shape));
  if ("worker" in event) return { ...event, worker: round(event.worker) };
  return "from" in event ? { ...event, from: round(event.from), to: round(event.to) } : event;
};

/** Writes the letters out, each for what there is when it is its turn. */
export const spelled = (shape: Shape, drawn: readonly Letter[]): readonly TransferEvent[] => {
  const answer = transferSubject((full) => new TransferModel(full))();
  answer(create(shape));
  let live: readonly number[] = [];
  return drawn.flatMap((letter) => {
    const places = answer({ kind: "contents" }) as readonly PlacedBlock[];
    const events = letter({ live, places }).map((event) => inside(shape, event));
    for (const event of events) live = liveAfter(live, event, answer(event));
    return events;
  });
};

const liveAfter = (
  live: readonly number[],
  event: TransferEvent,
  reply: TransferReply,
): readonly number[] => {
  if (typeof reply !== "object" || !("kind" in reply)) return live;
  if (reply.kind === "begun") return [...live, reply.transfer];
  const isOver = reply.kind === "copied" || reply.kind === "moved" || reply.kind === "done";
  return "transfer" in event && isOver ? live.filter((one) => one !== event.transfer) : live;
};

/** What a long history is made of; transfers are taken from those under way. */
const LONG: readonly ((from: number, to: number, block: number) => Letter)[] = [
  (from, _, block) => () => [store(from, block)],
  (from, _, block) => () => [store(from, block)],
  (from, to, block) => () => [{ kind: "begin", manner: "copy", block, from, to }],
  (from, to, block) => () => [{ kind: "begin", manner: "move", block, from, to }],
  (from, to, pick) => (sight) => [arrive(picked(sight, pick), (from + to) % 2)],
  (from, to, pick) => (sight) => [arrive(picked(sight, pick), (from + to) % 2)],
  (from, to, pick) => (sight) => [arrive(picked(sight, pick), (from + to) % 2)],
  (_from, _to, pick) => (sight) => [{ kind: "abort", transfer: picked(sight, pick) }],
  (from, to, block) => () => [{ kind: "copy", block, from, to }],
  (from, to, block) => () => [{ kind: "move", block, from, to }],
  (worker, _, block) => () => [{ kind: "pin", worker, block }],
  (worker, _, block) => () => [{ kind: "unpin", worker, block }],
  (worker, _, block) => () => [{ kind: "drop", worker, block }],
  (worker, to, block) => () => [block === 0 ? { kind: "lose", worker } : store(to, block)],
];

/** 2,000 events on workers of two GPUs with room for three blocks. */
export const long = (): TransferCase => {
  const stream = randomStream(1, "properties/transfer/long");
  const drawn = Array.from({ length: 2000 }, () => {
    const letter = LONG[stream.below(LONG.length)] as (typeof LONG)[number];
    return letter(stream.below(4), stream.below(4), stream.below(4));
  });
  const given = { tp: 2, capacityBlocks: 3 };
  return { ...given, history: spelled(given, drawn) };
};
