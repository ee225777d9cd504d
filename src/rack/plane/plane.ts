import {
  type CreatePlane,
  checkCount,
  checkFault,
  checkInstant,
  checkPlace,
  checkShape,
  type Plane,
  type PlaneFault,
  type PlaneListener,
  type PlaneShape,
  POOL_TIER,
} from "./contract.ts";
import { Divergence } from "./divergence.ts";
import { Faults } from "./faults.ts";
import { CLEARED, Mailbox, REMOVED, STORED } from "./mailbox.ts";

/** The plane that is fast: a mailbox for each place, and a run of events is one letter. */
class EventPlane implements Plane {
  readonly shape: PlaneShape;
  readonly #listener: PlaneListener;
  readonly #boxes: readonly Mailbox[];
  readonly #diverged: readonly Divergence[];
  readonly #nextIds: Float64Array;
  readonly #faults = new Faults();
  #nowNs = 0;
  /** When the first letter of all boxes arrives. */
  #nextNs = Number.POSITIVE_INFINITY;

  constructor(shape: PlaneShape, listener: PlaneListener) {
    checkShape(shape);
    this.shape = shape;
    this.#listener = listener;
    this.#boxes = Array.from({ length: shape.places }, () => new Mailbox());
    this.#diverged = Array.from({ length: shape.places }, () => new Divergence());
    this.#nextIds = new Float64Array(shape.places);
  }

  stored(place: number, names: Uint32Array, count: number, nowNs: number): void {
    this.#send(STORED, place, names, count, nowNs);
  }

  removed(place: number, names: Uint32Array, count: number, nowNs: number): void {
    this.#send(REMOVED, place, names, count, nowNs);
  }

  cleared(place: number, names: Uint32Array, count: number, nowNs: number): void {
    this.#send(CLEARED, place, names, count, nowNs);
  }

  reset(place: number): void {
    this.#forget(place);
    this.#listener.drop(place);
  }

  fault(fault: PlaneFault, nowNs: number): void {
    checkFault(this.shape, fault);
    this.advance(nowNs);
    this.#faults.add(fault, nowNs);
  }

  nextNs(): number {
    return this.#nextNs;
  }

  advance(nowNs: number): void {
    checkInstant(this.#nowNs, nowNs);
    this.#nowNs = nowNs;
    if (nowNs >= this.#nextNs) this.#deliverDue();
  }

  resync(place: number, names: Uint32Array, count: number): void {
    checkCount(names, count);
    this.#forget(place);
    this.#listener.drop(place);
    this.#tell(STORED, place, names, count, this.#takeIds(place, count));
  }

  gaps(): readonly number[] {
    return [...this.#boxes.keys()].filter((place) => this.#listener.missed(place) > 0);
  }

  lag(place: number): number {
    return this.#box(place).events;
  }

  lost(place: number): number {
    return this.#divergence(place).lost;
  }

  lagNet(place: number): number {
    return this.#box(place).net + this.#divergence(place).net;
  }

  #box(place: number): Mailbox {
    checkPlace(this.shape, place);
    return this.#boxes[place] as Mailbox;
  }

  #divergence(place: number): Divergence {
    checkPlace(this.shape, place);
    return this.#diverged[place] as Divergence;
  }

  /** Sends one letter on its way, unless it is lost; `count` names, which of a clear are those that were held. */
  #send(kind: number, place: number, names: Uint32Array, count: number, nowNs: number): void {
    const box = this.#box(place);
    checkCount(names, count);
    this.advance(nowNs);
    if (count === 0 && kind !== CLEARED) return;
    const events = kind === CLEARED ? 1 : count;
    const firstId = this.#takeIds(place, events);
    const { isDropped, isDoubled, delayNs } = this.#faults.of(place, nowNs);
    if (isDropped) {
      this.#lose(kind, place, names, count);
      return;
    }
    const net = this.#netOf(kind, place, names, count);
    const dueNs = Math.max(nowNs + this.shape.delayNs + delayNs, box.lastDueNs);
    if (dueNs > nowNs) {
      box.put(kind, names, events, firstId, net, dueNs, isDoubled);
      this.#nextNs = Math.min(this.#nextNs, dueNs);
      return;
    }
    this.#tell(kind, place, names, events, firstId);
    if (isDoubled) this.#tell(kind, place, names, events, firstId);
  }

  #lose(kind: number, place: number, names: Uint32Array, count: number): void {
    const divergence = this.#divergence(place);
    if (kind === STORED) divergence.loseStored(names, count);
    else if (kind === REMOVED) divergence.loseRemoved(names, count);
    else divergence.loseCleared(names, count);
  }

  /** How many listings the directory gains by a letter, once it and all before it have arrived. */
  #netOf(kind: number, place: number, names: Uint32Array, count: number): number {
    const divergence = this.#divergence(place);
    if (kind === STORED) return divergence.stored(names, count);
    return kind === REMOVED ? divergence.removed(names, count) : divergence.cleared(count);
  }

  #tell(kind: number, place: number, names: Uint32Array, count: number, firstId: number): void {
    const listener = this.#listener;
    if (kind === STORED) listener.storedRun(place, POOL_TIER, names, count, firstId);
    else if (kind === REMOVED) listener.removedRun(place, POOL_TIER, names, count, firstId);
    else listener.cleared(place, firstId);
  }

  #takeIds(place: number, count: number): number {
    const firstId = this.#nextIds[place] as number;
    this.#nextIds[place] = firstId + count;
    return firstId;
  }

  #deliverDue(): void {
    let nextNs = Number.POSITIVE_INFINITY;
    for (let place = 0; place < this.#boxes.length; place += 1) {
      const box = this.#boxes[place] as Mailbox;
      while (box.firstDueNs <= this.#nowNs) this.#deliver(place, box);
      nextNs = Math.min(nextNs, box.firstDueNs);
    }
    this.#nextNs = nextNs;
  }

  /** Delivers the first letter of a place. */
  #deliver(place: number, box: Mailbox): void {
    const { kind, count, firstId, isDoubled } = box;
    const names = box.names();
    box.take();
    this.#tell(kind, place, names, count, firstId);
    if (isDoubled) this.#tell(kind, place, names, count, firstId);
  }

  #forget(place: number): void {
    this.#box(place).empty();
    this.#divergence(place).forget();
    this.#nextNs = Math.min(...this.#boxes.map((box) => box.firstDueNs));
  }
}

/** A plane on which nothing is under way. */
export const createEventPlane: CreatePlane = (shape, listener) => new EventPlane(shape, listener);
