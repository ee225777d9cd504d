import { ascending, byEach } from "#base";
import {
  type BeginReply,
  checkBlock,
  checkShape,
  DONE,
  type DoneReply,
  declined,
  type Manner,
  NOTHING,
  type PlacedBlock,
  type SendReply,
  type Sent,
  type TransferRefusal,
  type TransferRefused,
  type TransferShape,
  type Transfers,
  type Waiting,
} from "./contract.ts";
import { type BlockTime, blockTimes } from "./times.ts";

/** A block at a worker as the model keeps it. */
export type ModelPlace = {
  readonly block: number;
  readonly worker: number;
  readable: boolean;
  pins: number;
};

/** A transfer under way as the model keeps it. */
export type ModelFlight = {
  readonly manner: Manner;
  readonly block: number;
  readonly from: number;
  readonly to: number;
  readonly arrived: Set<number>;
};

/**
 * Transfers that are obviously right: a list of places and a map of what is under way. Its protected steps are where it can be broken, one at a
 * time, to make the implementations that properties must catch.
 */
export class TransferModel implements Transfers {
  readonly shape: TransferShape;
  readonly workerCount: number;
  protected places: readonly ModelPlace[] = [];
  protected readonly flights = new Map<number, ModelFlight>();
  protected begun = 0;
  private readonly times: BlockTime;

  constructor(shape: TransferShape) {
    this.workerCount = checkShape(shape);
    this.shape = shape;
    this.times = blockTimes(shape);
  }

  store(worker: number, block: number): DoneReply {
    checkBlock(block);
    const because = this.isWorker(worker) ? this.noRoom(block, worker) : "unknown-worker";
    if (because) return declined(because);
    this.place(block, worker).readable = true;
    return DONE;
  }

  drop(worker: number, block: number): DoneReply {
    const because = this.notSendable("move", block, worker);
    if (because) return declined(because);
    this.remove(block, worker);
    return DONE;
  }

  pin(worker: number, block: number): DoneReply {
    const because = this.notSendable("copy", block, worker);
    const place = this.at(block, worker);
    if (because || !place) return declined(because ?? "source-lacks-it");
    place.pins += 1;
    return DONE;
  }

  unpin(worker: number, block: number): DoneReply {
    const because = this.isAbsent(block, worker);
    if (because) return declined(because);
    const place = this.at(block, worker);
    if (!place || place.pins === 0) return declined("not-pinned");
    place.pins -= 1;
    return DONE;
  }

  lose(worker: number): DoneReply {
    if (!this.isWorker(worker)) return declined("unknown-worker");
    for (const [transfer, { from, to }] of [...this.flights])
      if (from === worker || to === worker) this.abort(transfer);
    this.places = this.places.filter((place) => place.worker !== worker);
    return DONE;
  }

  copy(block: number, from: number, to: number): SendReply {
    return this.send("copy", block, from, to);
  }

  move(block: number, from: number, to: number): SendReply {
    return this.send("move", block, from, to);
  }

  begin(manner: Manner, block: number, from: number, to: number): BeginReply {
    const because = this.objection(manner, block, from, to);
    if (because) return declined(because);
    if (from === to) return NOTHING;
    this.place(block, to);
    const transfer = this.begun;
    this.begun += 1;
    this.flights.set(transfer, { manner, block, from, to, arrived: new Set() });
    return { kind: "begun", transfer, ns: this.timeOf(from, to), bytes: this.shape.blockBytes };
  }

  arrive(transfer: number, shard: number): Sent | Waiting | TransferRefused {
    const flight = this.flights.get(transfer);
    if (flight === undefined) return declined("no-such-transfer");
    const { tp } = this.shape;
    if (!Number.isInteger(shard) || shard < 0 || shard >= tp) return declined("no-such-shard");
    if (flight.arrived.has(shard)) return declined("already-arrived");
    flight.arrived.add(shard);
    if (flight.arrived.size < tp) return { kind: "waiting", missing: tp - flight.arrived.size };
    this.flights.delete(transfer);
    return this.land(flight.manner, flight.block, flight.from, flight.to);
  }

  abort(transfer: number): DoneReply {
    const flight = this.flights.get(transfer);
    if (flight === undefined) return declined("no-such-transfer");
    this.flights.delete(transfer);
    this.remove(flight.block, flight.to);
    return DONE;
  }

  holds(worker: number, block: number): boolean {
    checkBlock(block);
    return this.at(block, worker)?.readable === true;
  }

  holders(block: number): readonly number[] {
    checkBlock(block);
    const held = this.places.filter((place) => place.block === block && place.readable);
    return held.map(({ worker }) => worker).toSorted(ascending((worker) => worker));
  }

  used(worker: number): number {
    return this.places.filter((place) => place.worker === worker).length;
  }

  contents(): readonly PlacedBlock[] {
    const order = byEach<PlacedBlock>(
      ascending(({ block }) => block),
      ascending(({ worker }) => worker),
    );
    return this.places.map((place) => this.shown(place)).toSorted(order);
  }

  /** Makes a block readable at its target, and takes it from its source if it moves. */
  protected land(manner: Manner, block: number, from: number, to: number): Sent {
    const place = this.at(block, to) ?? this.place(block, to);
    place.readable = true;
    if (manner === "move") this.remove(block, from);
    const kind = manner === "move" ? "moved" : "copied";
    return { kind, ns: this.timeOf(from, to), bytes: this.shape.blockBytes };
  }

  protected send(manner: Manner, block: number, from: number, to: number): SendReply {
    const because = this.objection(manner, block, from, to);
    if (because) return declined(because);
    return from === to ? NOTHING : this.land(manner, block, from, to);
  }

  /** Why a transfer does not happen; nothing when it does, or when there is nothing to do. */
  protected objection(
    manner: Manner,
    block: number,
    from: number,
    to: number,
  ): TransferRefusal | undefined {
    checkBlock(block);
    if (!this.isWorker(from) || !this.isWorker(to)) return "unknown-worker";
    if (from === to) return this.isAbsent(block, from);
    return this.notSendable(manner, block, from) ?? this.noRoom(block, to);
  }

  /** Why a worker cannot give a block away, or, for a copy, show it. */
  protected notSendable(manner: Manner, block: number, from: number): TransferRefusal | undefined {
    const absent = this.isAbsent(block, from);
    if (absent) return absent;
    const outgoing = [...this.flights.values()].filter(
      (flight) => flight.block === block && flight.from === from,
    );
    const isPinned = (this.at(block, from)?.pins ?? 0) > 0;
    if (manner === "move" && (isPinned || outgoing.some((flight) => flight.manner === "copy")))
      return "pinned";
    return outgoing.some((flight) => flight.manner === "move") ? "leaving" : undefined;
  }

  /** Why a worker cannot take a block in. */
  protected noRoom(block: number, to: number): TransferRefusal | undefined {
    const place = this.at(block, to);
    if (place) return place.readable ? "target-has-it" : "on-its-way";
    return this.used(to) >= this.shape.capacityBlocks ? "target-full" : undefined;
  }

  protected isAbsent(block: number, worker: number): TransferRefusal | undefined {
    checkBlock(block);
    if (!this.isWorker(worker)) return "unknown-worker";
    return this.at(block, worker)?.readable ? undefined : "source-lacks-it";
  }

  protected isWorker(worker: number): boolean {
    return Number.isInteger(worker) && worker >= 0 && worker < this.workerCount;
  }

  protected at(block: number, worker: number): ModelPlace | undefined {
    return this.places.find((place) => place.block === block && place.worker === worker);
  }

  /** Takes a place at a worker, which cannot be read yet. */
  protected place(block: number, worker: number): ModelPlace {
    const place = { block, worker, readable: false, pins: 0 };
    this.places = [...this.places, place];
    return place;
  }

  protected remove(block: number, worker: number): void {
    this.places = this.places.filter((place) => place.block !== block || place.worker !== worker);
  }

  protected timeOf(from: number, to: number): number {
    return this.times(from, to);
  }

  private shown({ block, worker, readable, pins }: ModelPlace): PlacedBlock {
    const flights = [...this.flights.values()].filter((flight) => flight.block === block);
    const arriving = flights.find(({ to }) => to === worker);
    const leaves = flights.some(({ manner, from }) => manner === "move" && from === worker);
    const state = readable ? (leaves ? "leaving" : "here") : "arriving";
    return {
      block,
      worker,
      state,
      shards: readable ? this.shape.tp : (arriving?.arrived.size ?? 0),
      pins,
    };
  }
}
