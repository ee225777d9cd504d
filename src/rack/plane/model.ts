import {
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

/** What a place announced of one block, or of all; `block` means nothing then. */
export type Announced = {
  readonly kind: "stored" | "removed" | "cleared";
  readonly place: number;
  readonly block: number;
};

/** An announcement under way. */
export type UnderWay = Announced & {
  readonly id: number;
  readonly dueNs: number;
  readonly copies: number;
};

/**
 * A plane in its plainest form: one list of what is under way, block by block, and for each place two sets, what it has announced and what
 * the directory has heard. Slow, and meant to be read. Its protected steps are where it can be broken.
 */
export class PlaneModel implements Plane {
  readonly shape: PlaneShape;
  protected readonly listener: PlaneListener;
  protected underWay: readonly UnderWay[] = [];
  protected faults: readonly PlaneFault[] = [];
  protected readonly said: readonly Set<number>[];
  protected readonly heard: readonly Set<number>[];
  protected readonly nextIds: number[];
  protected readonly losses: number[];
  protected nowNs = 0;

  constructor(shape: PlaneShape, listener: PlaneListener) {
    checkShape(shape);
    this.shape = shape;
    this.listener = listener;
    const places = Array.from({ length: shape.places }, (_, place) => place);
    this.said = places.map(() => new Set<number>());
    this.heard = places.map(() => new Set<number>());
    this.nextIds = places.map(() => 0);
    this.losses = places.map(() => 0);
  }

  stored(place: number, names: Uint32Array, count: number, nowNs: number): void {
    this.announceEach("stored", place, names, count, nowNs);
  }

  removed(place: number, names: Uint32Array, count: number, nowNs: number): void {
    this.announceEach("removed", place, names, count, nowNs);
  }

  cleared(place: number, names: Uint32Array, count: number, nowNs: number): void {
    checkPlace(this.shape, place);
    checkCount(names, count);
    this.advance(nowNs);
    this.announce({ kind: "cleared", place, block: 0 });
  }

  reset(place: number): void {
    checkPlace(this.shape, place);
    this.forget(place);
    this.said[place]?.clear();
    this.listener.drop(place);
  }

  fault(fault: PlaneFault, nowNs: number): void {
    checkFault(this.shape, fault);
    this.advance(nowNs);
    this.faults = [...this.faults, fault];
  }

  nextNs(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.underWay.map(({ dueNs }) => dueNs));
  }

  advance(nowNs: number): void {
    checkInstant(this.nowNs, nowNs);
    this.nowNs = nowNs;
    const due = this.underWay.filter(({ dueNs }) => dueNs <= nowNs);
    this.underWay = this.underWay.filter(({ dueNs }) => dueNs > nowNs);
    for (const event of due) this.deliver(event);
  }

  resync(place: number, names: Uint32Array, count: number): void {
    checkPlace(this.shape, place);
    checkCount(names, count);
    this.forget(place);
    this.listener.drop(place);
    this.said[place]?.clear();
    for (const block of names.subarray(0, count)) {
      const event: Announced = { kind: "stored", place, block };
      apply(this.said, event);
      this.deliver({ ...event, id: this.nextId(place), dueNs: this.nowNs, copies: 1 });
    }
  }

  gaps(): readonly number[] {
    return [...this.nextIds.keys()].filter((place) => this.listener.missed(place) > 0);
  }

  lag(place: number): number {
    checkPlace(this.shape, place);
    return this.underWay.filter((event) => event.place === place).length;
  }

  lost(place: number): number {
    checkPlace(this.shape, place);
    return this.losses[place] ?? 0;
  }

  lagNet(place: number): number {
    checkPlace(this.shape, place);
    return (this.said[place]?.size ?? 0) - (this.heard[place]?.size ?? 0);
  }

  protected announceEach(
    kind: "stored" | "removed",
    place: number,
    names: Uint32Array,
    count: number,
    nowNs: number,
  ): void {
    checkPlace(this.shape, place);
    checkCount(names, count);
    this.advance(nowNs);
    for (const block of names.subarray(0, count)) this.announce({ kind, place, block });
  }

  /** Sends one announcement on its way, unless it is lost. */
  protected announce(event: Announced): void {
    const { place } = event;
    apply(this.said, event);
    const id = this.nextId(place);
    const faults = this.inForce(place);
    if (faults.some(({ how }) => how === "drop")) {
      this.losses[place] = (this.losses[place] ?? 0) + 1;
      return;
    }
    const copies = faults.some(({ how }) => how === "duplicate") ? 2 : 1;
    const sent = { ...event, id, dueNs: this.dueNs(event), copies };
    if (sent.dueNs <= this.nowNs) this.deliver(sent);
    else this.underWay = [...this.underWay, sent];
  }

  /** When an announcement made now arrives: not before those that its place has made earlier. */
  protected dueNs({ place }: Announced): number {
    const delays = this.inForce(place).map((fault) =>
      fault.how === "delay" ? (fault.delayNs ?? 0) : 0,
    );
    const ownNs = this.nowNs + this.shape.delayNs + Math.max(0, ...delays);
    const before = this.underWay.filter((event) => event.place === place);
    return Math.max(ownNs, ...before.map(({ dueNs }) => dueNs));
  }

  /** The faults that a place's announcements suffer now. */
  protected inForce(of: number): readonly PlaneFault[] {
    return this.faults.filter(
      ({ place, untilNs }) => untilNs > this.nowNs && (place === null || place === of),
    );
  }

  /** Tells the directory, as often as the announcement comes. */
  protected deliver(event: UnderWay): void {
    const { kind, place, block, id, copies } = event;
    apply(this.heard, event);
    for (let copy = 0; copy < copies; copy += 1) {
      if (kind === "cleared") this.listener.cleared(place, id);
      else this.listener[`${kind}Run`](place, POOL_TIER, Uint32Array.of(block), 1, id);
    }
  }

  protected nextId(place: number): number {
    const id = this.nextIds[place] ?? 0;
    this.nextIds[place] = id + 1;
    return id;
  }

  /** Nothing of a place is under way or was lost any more, and nothing of it has been heard. */
  protected forget(of: number): void {
    this.underWay = this.underWay.filter(({ place }) => place !== of);
    this.heard[of]?.clear();
    this.losses[of] = 0;
  }
}

/** What a set of each place becomes by an announcement. */
const apply = (sets: readonly Set<number>[], { kind, place, block }: Announced): void => {
  if (kind === "stored") sets[place]?.add(block);
  else if (kind === "removed") sets[place]?.delete(block);
  else sets[place]?.clear();
};
