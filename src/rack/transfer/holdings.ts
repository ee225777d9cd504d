import { ascending, byEach, mixed } from "#base";
import type { PlacedBlock } from "./contract.ts";

/** The block can be read here. */
export const HERE = 1;
/** It can be read here until the last of its shards has arrived elsewhere. */
export const LEAVING = 2;
/** A place is kept for it. */
export const ARRIVING = 3;
const STATES = { [HERE]: "here", [LEAVING]: "leaving", [ARRIVING]: "arriving" } as const;

/** Room for this many holdings at first. */
const ROOM = 1024;
/** A table entry for nothing, and the end of the free slots. */
const NONE = -1;

/**
 * Which worker has a place for which block, one slot each: 17 bytes a slot and 8 to 16 for the table. Open addressing, linear probing, no
 * tombstones. It grows by doubling and never shrinks; slot numbers stay.
 */
export class Holdings {
  blocks = new Uint32Array(ROOM);
  workers = new Uint32Array(ROOM);
  pins = new Uint32Array(ROOM);
  /** Copies under way from here. */
  readers = new Uint32Array(ROOM);
  /** `HERE`, `LEAVING` or `ARRIVING`; 0 when the slot is free. */
  states = new Uint8Array(ROOM);
  /** One more than the highest slot ever taken. */
  slotsTouched = 0;
  /** Slot + 1, or 0 for nothing. */
  #entries = new Uint32Array(2 * ROOM);
  #mask = 2 * ROOM - 1;
  #free = NONE;

  /** The slot of a block at a worker, or −1. */
  find(block: number, worker: number): number {
    const { blocks, workers } = this;
    const entries = this.#entries;
    const mask = this.#mask;
    for (let at = this.#home(block, worker) & mask; ; at = (at + 1) & mask) {
      const slot = (entries[at] as number) - 1;
      if (slot < 0 || (blocks[slot] === block && workers[slot] === worker)) return slot;
    }
  }

  /** Takes a slot for a block that the worker has no place for. */
  take(block: number, worker: number, state: number): number {
    let slot = this.#free;
    if (slot === NONE) {
      if (this.slotsTouched === this.blocks.length) this.#grow();
      slot = this.slotsTouched;
      this.slotsTouched += 1;
    } else this.#free = (this.blocks[slot] as number) - 1;
    this.blocks[slot] = block;
    this.workers[slot] = worker;
    this.pins[slot] = 0;
    this.readers[slot] = 0;
    this.states[slot] = state;
    this.#enter(slot);
    return slot;
  }

  /** Gives a slot back, and moves up what it had displaced in the table. */
  drop(slot: number): void {
    const entries = this.#entries;
    const mask = this.#mask;
    let hole = this.#homeOf(slot) & mask;
    while (entries[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; entries[at] !== 0; at = (at + 1) & mask) {
      const home = this.#homeOf((entries[at] as number) - 1) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      entries[hole] = entries[at] as number;
      hole = at;
    }
    entries[hole] = 0;
    this.states[slot] = 0;
    this.blocks[slot] = this.#free + 1;
    this.#free = slot;
  }

  /** Every place, by block and worker; `shardsOf` says how many shards a slot has. */
  placed(shardsOf: (slot: number) => number): readonly PlacedBlock[] {
    const found: PlacedBlock[] = [];
    for (let slot = 0; slot < this.slotsTouched; slot += 1) {
      const state = this.states[slot] as 0 | keyof typeof STATES;
      if (state === 0) continue;
      found.push({
        block: this.blocks[slot] as number,
        worker: this.workers[slot] as number,
        state: STATES[state],
        shards: shardsOf(slot),
        pins: this.pins[slot] as number,
      });
    }
    return found.toSorted(
      byEach(
        ascending(({ block }) => block),
        ascending(({ worker }) => worker),
      ),
    );
  }

  #home(block: number, worker: number): number {
    return mixed(block ^ Math.imul(worker + 1, 0x9e3779b1));
  }

  #homeOf(slot: number): number {
    return this.#home(this.blocks[slot] as number, this.workers[slot] as number);
  }

  #enter(slot: number): void {
    const entries = this.#entries;
    const mask = this.#mask;
    let at = this.#homeOf(slot) & mask;
    while (entries[at] !== 0) at = (at + 1) & mask;
    entries[at] = slot + 1;
  }

  /** Doubles everything. All slots are taken, or it would not have to. */
  #grow(): void {
    const words = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const wider = new Uint32Array(2 * old.length);
      wider.set(old);
      return wider;
    };
    const states = new Uint8Array(2 * this.states.length);
    states.set(this.states);
    this.states = states;
    this.blocks = words(this.blocks);
    this.workers = words(this.workers);
    this.pins = words(this.pins);
    this.readers = words(this.readers);
    this.#entries = new Uint32Array(2 * this.#entries.length);
    this.#mask = this.#entries.length - 1;
    for (let slot = 0; slot < this.slotsTouched; slot += 1) this.#enter(slot);
  }
}
