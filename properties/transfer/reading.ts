/** Reads the replies of transfers that were looked at after every event. */
import type { PlacedBlock, TransferCall, TransferEvent, TransferReply } from "#rack";
import { type Script, stepwise } from "#verify";
import { create, type TransferCase } from "./letters.ts";

/** The answers to events: what is not a list, a number or a truth. */
export type EventReply = Exclude<TransferReply, number | boolean | readonly unknown[]>;

/** A transfer that has begun and is not over, as the replies tell. */
export type Flight = {
  readonly manner: "copy" | "move";
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly shards: readonly number[];
};

type Flights = ReadonlyMap<number, Flight>;

/** One event: what was answered, and what was to be seen and under way before and after. */
export type Step = {
  readonly at: number;
  readonly event: TransferEvent;
  readonly reply: EventReply;
  readonly before: readonly PlacedBlock[];
  readonly after: readonly PlacedBlock[];
  readonly flightsBefore: Flights;
  readonly flightsAfter: Flights;
  readonly tp: number;
  readonly capacityBlocks: number;
};

/** The history on a fresh rack, and every place after each event. */
export const watched = (given: TransferCase): readonly Script<TransferCall>[] => [
  [create(given), ...given.history].flatMap((call) => [call, { kind: "contents" }]),
];

/** What is under way after an event, by what was answered. */
const flightsAfter = (flights: Flights, event: TransferEvent, reply: EventReply): Flights => {
  if (reply.kind === "refused") return flights;
  const next = new Map(flights);
  if (event.kind === "begin" && reply.kind === "begun")
    next.set(reply.transfer, { ...event, shards: [] });
  if (event.kind === "arrive" || event.kind === "abort") {
    const flight = flights.get(event.transfer);
    next.delete(event.transfer);
    if (flight && event.kind === "arrive" && reply.kind === "waiting")
      next.set(event.transfer, { ...flight, shards: [...flight.shards, event.shard] });
  }
  return event.kind === "lose" ? without(next, event.worker) : next;
};

/** The transfers that neither come from a worker nor go to it. */
const without = (flights: Flights, worker: number): Flights =>
  new Map([...flights].filter(([, { from, to }]) => from !== worker && to !== worker));

const read = (given: TransferCase, replies: readonly TransferReply[]): readonly Step[] => {
  let flightsBefore: Flights = new Map();
  return given.history.map((event, index) => {
    const at = 2 * (index + 1);
    const reply = replies[at] as EventReply;
    const flights = flightsBefore;
    flightsBefore = flightsAfter(flights, event, reply);
    return {
      at,
      event,
      reply,
      before: replies[at - 1] as readonly PlacedBlock[],
      after: replies[at + 1] as readonly PlacedBlock[],
      flightsBefore: flights,
      flightsAfter: flightsBefore,
      tp: given.tp,
      capacityBlocks: given.capacityBlocks,
    };
  });
};

/** Obligation and witness of the steps of a case. */
export const { atEveryStep, someStep } = stepwise(read);

/** The place that a worker has for a block. */
export const placeOf = (
  contents: readonly PlacedBlock[],
  block: number,
  worker: number,
): PlacedBlock | undefined =>
  contents.find((place) => place.block === block && place.worker === worker);

/** Whether a block can be read at a worker. */
export const isReadable = (
  contents: readonly PlacedBlock[],
  block: number,
  worker: number,
): boolean => {
  const state = placeOf(contents, block, worker)?.state;
  return state === "here" || state === "leaving";
};

/** A whole block that was sent by this step, and from where to where; nothing when none was. */
export const sentBy = ({ event, reply, flightsBefore }: Step) => {
  if (reply.kind !== "copied" && reply.kind !== "moved") return undefined;
  if (event.kind === "copy" || event.kind === "move") return { ...event, kind: reply.kind };
  const flight = event.kind === "arrive" ? flightsBefore.get(event.transfer) : undefined;
  return flight && { block: flight.block, from: flight.from, to: flight.to, kind: reply.kind };
};
