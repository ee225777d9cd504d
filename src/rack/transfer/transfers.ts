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
import { bitCount, type Flight } from "./flight.ts";
import { ARRIVING, HERE, Holdings, LEAVING } from "./holdings.ts";
import { type BlockTime, blockTimes } from "./times.ts";

/** Transfers over typed arrays: what goes at once costs a few probes of one table, and allocates nothing but its answer. */
export class BlockTransfers implements Transfers {
  readonly shape: TransferShape;
  readonly workerCount: number;
  readonly #holdings = new Holdings();
  readonly #used: Uint32Array;
  readonly #flights = new Map<number, Flight>();
  readonly #timeOf: BlockTime;
  #begun = 0;

  constructor(shape: TransferShape) {
    this.workerCount = checkShape(shape);
    this.shape = shape;
    this.#used = new Uint32Array(this.workerCount);
    this.#timeOf = blockTimes(shape);
  }

  store(worker: number, block: number): DoneReply {
    checkBlock(block);
    const because = this.#isWorker(worker) ? this.#noRoom(block, worker) : "unknown-worker";
    if (because) return declined(because);
    this.#take(block, worker, HERE);
    return DONE;
  }

  drop(worker: number, block: number): DoneReply {
    const slot = this.#readable(block, worker);
    const because = this.#notSendable("move", slot, worker);
    if (because) return declined(because);
    this.#leave(slot);
    return DONE;
  }

  pin(worker: number, block: number): DoneReply {
    const slot = this.#readable(block, worker);
    const because = this.#notSendable("copy", slot, worker);
    if (because) return declined(because);
    const { pins } = this.#holdings;
    pins[slot] = (pins[slot] as number) + 1;
    return DONE;
  }

  unpin(worker: number, block: number): DoneReply {
    const slot = this.#readable(block, worker);
    if (slot < 0) return declined(this.#absence(worker));
    const { pins } = this.#holdings;
    if (pins[slot] === 0) return declined("not-pinned");
    pins[slot] = (pins[slot] as number) - 1;
    return DONE;
  }

  lose(worker: number): DoneReply {
    if (!this.#isWorker(worker)) return declined("unknown-worker");
    const holdings = this.#holdings;
    for (const [transfer, { from, to }] of this.#flights)
      if (holdings.workers[from] === worker || holdings.workers[to] === worker)
        this.abort(transfer);
    for (let slot = 0; this.#used[worker] !== 0; slot += 1)
      if (holdings.states[slot] !== 0 && holdings.workers[slot] === worker) this.#leave(slot);
    return DONE;
  }

  copy(block: number, from: number, to: number): SendReply {
    return this.#send("copy", block, from, to);
  }

  move(block: number, from: number, to: number): SendReply {
    return this.#send("move", block, from, to);
  }

  begin(manner: Manner, block: number, from: number, to: number): BeginReply {
    const slot = this.#readable(block, from);
    const because = this.#objection(manner, slot, block, from, to);
    if (because) return declined(because);
    if (from === to) return NOTHING;
    const ns = this.#timeOf(from, to);
    const target = this.#take(block, to, ARRIVING);
    // Taking a place may have replaced the arrays.
    const { states, readers } = this.#holdings;
    if (manner === "move") states[slot] = LEAVING;
    else readers[slot] = (readers[slot] as number) + 1;
    const transfer = this.#begun;
    this.#begun += 1;
    this.#flights.set(transfer, { manner, from: slot, to: target, ns, arrived: 0 });
    return { kind: "begun", transfer, ns, bytes: this.shape.blockBytes };
  }

  arrive(transfer: number, shard: number): Sent | Waiting | TransferRefused {
    const flight = this.#flights.get(transfer);
    if (flight === undefined) return declined("no-such-transfer");
    if (!(shard >= 0 && shard < this.shape.tp && Number.isInteger(shard)))
      return declined("no-such-shard");
    if ((flight.arrived & (1 << shard)) !== 0) return declined("already-arrived");
    flight.arrived |= 1 << shard;
    const missing = this.shape.tp - bitCount(flight.arrived);
    if (missing > 0) return { kind: "waiting", missing };
    this.#release(transfer, flight);
    this.#holdings.states[flight.to] = HERE;
    if (flight.manner === "move") this.#leave(flight.from);
    return this.#sent(flight.manner, flight.ns);
  }

  abort(transfer: number): DoneReply {
    const flight = this.#flights.get(transfer);
    if (flight === undefined) return declined("no-such-transfer");
    this.#release(transfer, flight);
    this.#leave(flight.to);
    return DONE;
  }

  holds(worker: number, block: number): boolean {
    return this.#readable(block, worker) >= 0;
  }

  holders(block: number): readonly number[] {
    const found: number[] = [];
    for (let worker = 0; worker < this.workerCount; worker += 1)
      if (this.#readable(block, worker) >= 0) found.push(worker);
    return found;
  }

  used(worker: number): number {
    return this.#used[worker] ?? 0;
  }

  contents(): readonly PlacedBlock[] {
    const arrived = new Map([...this.#flights.values()].map((one) => [one.to, one.arrived]));
    return this.#holdings.placed((slot) =>
      this.#holdings.states[slot] === ARRIVING ? bitCount(arrived.get(slot) ?? 0) : this.shape.tp,
    );
  }

  #send(manner: Manner, block: number, from: number, to: number): SendReply {
    const slot = this.#readable(block, from);
    const because = this.#objection(manner, slot, block, from, to);
    if (because) return declined(because);
    if (from === to) return NOTHING;
    this.#take(block, to, HERE);
    if (manner === "move") this.#leave(slot);
    return this.#sent(manner, this.#timeOf(from, to));
  }

  #sent(manner: Manner, ns: number): Sent {
    return { kind: manner === "move" ? "moved" : "copied", ns, bytes: this.shape.blockBytes };
  }

  /** Gives up what a transfer did to its source. */
  #release(transfer: number, { manner, from }: Flight): void {
    const { states, readers } = this.#holdings;
    if (manner === "move") states[from] = HERE;
    else readers[from] = (readers[from] as number) - 1;
    this.#flights.delete(transfer);
  }

  #take(block: number, worker: number, state: number): number {
    this.#used[worker] = (this.#used[worker] as number) + 1;
    return this.#holdings.take(block, worker, state);
  }

  #leave(slot: number): void {
    const worker = this.#holdings.workers[slot] as number;
    this.#used[worker] = (this.#used[worker] as number) - 1;
    this.#holdings.drop(slot);
  }

  #isWorker(worker: number): boolean {
    return worker >= 0 && worker < this.workerCount && Number.isInteger(worker);
  }

  /** The slot of a block that can be read at a worker, or −1. */
  #readable(block: number, worker: number): number {
    checkBlock(block);
    if (!this.#isWorker(worker)) return -1;
    const slot = this.#holdings.find(block, worker);
    return slot >= 0 && this.#holdings.states[slot] !== ARRIVING ? slot : -1;
  }

  #absence(worker: number): TransferRefusal {
    return this.#isWorker(worker) ? "source-lacks-it" : "unknown-worker";
  }

  #notSendable(manner: Manner, slot: number, worker: number): TransferRefusal | undefined {
    if (slot < 0) return this.#absence(worker);
    const { pins, readers, states } = this.#holdings;
    if (manner === "move" && (pins[slot] !== 0 || readers[slot] !== 0)) return "pinned";
    return states[slot] === LEAVING ? "leaving" : undefined;
  }

  #noRoom(block: number, to: number): TransferRefusal | undefined {
    const slot = this.#holdings.find(block, to);
    if (slot >= 0) return this.#holdings.states[slot] === ARRIVING ? "on-its-way" : "target-has-it";
    return (this.#used[to] as number) >= this.shape.capacityBlocks ? "target-full" : undefined;
  }

  #objection(
    manner: Manner,
    slot: number,
    block: number,
    from: number,
    to: number,
  ): TransferRefusal | undefined {
    if (!this.#isWorker(to)) return "unknown-worker";
    if (from === to) return slot < 0 ? "source-lacks-it" : undefined;
    return this.#notSendable(manner, slot, from) ?? this.#noRoom(block, to);
  }
}
