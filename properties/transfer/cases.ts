/** The histories that the properties of transfers range over: a small rack with every distance, a few blocks, little room. */
import fc from "fast-check";
import type { TransferEvent } from "#rack";
import { type Given, oneOfValues, sequences } from "#verify";
import {
  alone,
  arrive,
  EVENTS,
  letters,
  long,
  manner,
  spelled,
  store,
  type TransferCase,
} from "./letters.ts";

const begin = (manner: "copy" | "move", from: number, to: number): TransferEvent => ({
  kind: "begin",
  manner,
  block: 0,
  from,
  to,
});

/** Worker 0 is full, worker 1 has room for one block more: block 0 on its way there, in both manners, and whatever can get between. */
const ALPHABET: readonly TransferEvent[] = [
  begin("move", 0, 1),
  begin("copy", 0, 1),
  arrive(0, 0),
  arrive(0, 1),
  { kind: "abort", transfer: 0 },
  { kind: "copy", block: 0, from: 0, to: 1 },
  { kind: "move", block: 0, from: 1, to: 0 },
  { kind: "move", block: 1, from: 0, to: 1 },
  { kind: "pin", worker: 0, block: 0 },
  { kind: "lose", worker: 1 },
];

/** 1 + 10 + 100 + 1,000 = 1,111 histories. */
const DEPTH = 3;

const shape = fc.record({
  tp: oneOfValues<number>(1, 2, 2, 4),
  capacityBlocks: oneOfValues<number>(1, 2, 2, 3),
});

const wide = fc.nat({ max: 2000 });

/** Written once, when it is first wanted. */
let longCase: TransferCase | undefined;

/** Every small history, one of 2,000 events, then drawn ones. */
export const transferCases: Given<TransferCase> = {
  arbitrary: fc
    .tuple(shape, fc.array(alone(EVENTS.store), { minLength: 1, maxLength: 4 }), letters.arbitrary)
    .map(([shape, first, drawn]) => ({ ...shape, history: spelled(shape, [...first, ...drawn]) })),
  plain: fc.record({
    tp: oneOfValues<number>(1, 2, 4),
    capacityBlocks: fc.integer({ min: 1, max: 3 }),
    history: fc.array(
      fc.oneof(
        fc.record({
          kind: oneOfValues<"store" | "drop" | "pin" | "unpin">("store", "drop", "pin", "unpin"),
          worker: wide,
          block: wide,
        }),
        EVENTS.lose,
        fc.record({
          kind: oneOfValues<"copy" | "move">("copy", "move"),
          block: wide,
          from: wide,
          to: wide,
        }),
        fc.record({
          kind: fc.constant("begin" as const),
          manner,
          block: wide,
          from: wide,
          to: wide,
        }),
        fc.record({ kind: fc.constant("arrive" as const), transfer: wide, shard: wide }),
        fc.record({ kind: fc.constant("abort" as const), transfer: wide }),
      ),
      { maxLength: 2000, size: "max" },
    ),
  }),
  *small() {
    const first = [store(0, 0), store(0, 1), store(1, 2)];
    for (const drawn of sequences(ALPHABET, DEPTH))
      yield { tp: 2, capacityBlocks: 2, history: [...first, ...drawn] };
    longCase ??= long();
    yield longCase;
  },
};
