import { ascending, assert, type Refused } from "#base";
import {
  CUT,
  checkFlow,
  checkNow,
  checkShape,
  checkWorker,
  type Fabric,
  type FabricAudit,
  type FabricFlow,
  type FabricLedger,
  type FabricShape,
  type FlowBegun,
  type FlowCut,
  type FlowEnd,
  type FlowRefusal,
  type FlowSight,
  type LinkName,
  NO_BYTES,
  NOT_UNDER_WAY,
  SAME_WORKER,
  type Way,
  wayOf,
} from "./contract.ts";
import { Links } from "./links.ts";
import { fillShares, type Passage } from "./shares.ts";
import { type Amounts, amountsOf, shardBytes, UNIT_RATE, UNITS_PER_BYTE } from "./units.ts";
import { Windows } from "./window.ts";

/** A flow under way: the units of a shard that it has yet to move, its share of the links, and what it moved in the last window. */
type Underway = {
  readonly start: FabricFlow;
  readonly way: Way;
  readonly uses: readonly Passage[];
  readonly units: number;
  readonly firstByteNs: number;
  left: number;
  share: number;
  moved: number;
};

const nothing = (): Record<Way, number> => ({ superchip: 0, domain: 0, rack: 0, switch: 0 });
const NONE: readonly FlowEnd[] = Object.freeze([]);
const isThere = ({ left }: Underway): boolean => left === 0;
const byNumber = ascending<Underway>(({ start }) => start.flow);

/**
 * The fabric that runs: shares are worked out once for all that changes at one instant, and only when time goes on. A flow costs three passes
 * over those under way: when it begins, at its first byte, and when it ends.
 */
export class KvFabric implements Fabric {
  readonly #shape: FabricShape;
  readonly #amounts: Amounts;
  readonly #links: Links;
  readonly #windows = new Windows();
  readonly #byNumber = new Map<number, Underway>();
  /** Those whose first byte has not arrived, and those who share links. */
  #waiting: Underway[] = [];
  #flowing: Underway[] = [];
  /** Everything stands as it was at this instant; shares are those from then on, unless they are stale. */
  #clockNs = 0;
  /** The latest instant that anybody named. */
  #nowNs = 0;
  #nextNs = Number.POSITIVE_INFINITY;
  #isStale = false;
  #ended: FlowEnd[] = [];
  readonly #moved = nothing();
  readonly #cut = nothing();

  constructor(shape: FabricShape) {
    checkShape(shape);
    this.#shape = shape;
    this.#amounts = amountsOf(shape);
    this.#links = new Links(shape);
  }

  begin(start: FabricFlow, nowNs: number): FlowBegun | Refused<FlowRefusal> {
    checkFlow(this.#shape.gpus, start);
    this.#reach(nowNs);
    const { flow, bytes, shards } = start;
    assert(!this.#byNumber.has(flow), "a flow must have a number that is not in use", flow);
    if (bytes === 0) return NO_BYTES;
    if (start.source === start.target) return SAME_WORKER;
    const way = wayOf(start);
    const units = this.#amounts[way](shardBytes(bytes, shards));
    const firstByteNs = nowNs + this.#shape.ways[way].latencyNs;
    const uses = this.#links.uses(start);
    const underway = { start, way, uses, units, firstByteNs, left: units, share: 0, moved: 0 };
    this.#byNumber.set(flow, underway);
    if (firstByteNs === nowNs) {
      this.#flowing.push(underway);
      this.#isStale = true;
    } else {
      this.#waiting.push(underway);
      this.#nextNs = Math.min(this.#nextNs, firstByteNs);
    }
    return { kind: "begun", firstByteNs };
  }

  cancel(flow: number, nowNs: number): FlowCut | Refused<"not-under-way"> {
    this.#reach(nowNs);
    const underway = this.#byNumber.get(flow);
    if (underway === undefined) return NOT_UNDER_WAY;
    this.#end([underway], true);
    return CUT;
  }

  cancelOf(worker: number, nowNs: number): readonly number[] {
    checkWorker(this.#shape.gpus, worker);
    this.#reach(nowNs);
    const isOf = ({ start }: Underway): boolean =>
      start.source === worker || start.target === worker;
    const cut = this.#inOrder().filter(isOf);
    this.#end(cut, true);
    return cut.map(({ start }) => start.flow);
  }

  slow(link: LinkName, factor: number, nowNs: number): void {
    this.#reach(nowNs);
    this.#links.slow(link, factor);
    this.#isStale = true;
  }

  nextNs(): number {
    return this.#ended[0]?.atNs ?? this.#nextChangeNs();
  }

  advance(nowNs: number): readonly FlowEnd[] {
    this.#run(nowNs);
    if (this.#ended.length === 0) return NONE;
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  aloneNs(flow: Pick<FabricFlow, "source" | "distance" | "bytes" | "shards">): number {
    if (flow.source !== "switch" && flow.distance === 0) return 0;
    const way = wayOf(flow);
    const units = this.#amounts[way](shardBytes(flow.bytes, flow.shards));
    return this.#shape.ways[way].latencyNs + Math.ceil(units / this.#links.alone(way));
  }

  flows(): readonly FlowSight[] {
    if (this.#isStale) this.#share();
    return this.#inOrder().map(({ start, firstByteNs, share }) => ({
      flow: start.flow,
      firstByteNs,
      bytesPerSecond: share * UNIT_RATE,
    }));
  }

  ledger(): FabricLedger {
    return { moved: { ...this.#moved }, cut: { ...this.#cut }, busiest: this.#links.busiest() };
  }

  audit(): FabricAudit {
    return this.#windows.audit();
  }

  /** The next first byte or end. */
  #nextChangeNs(): number {
    if (this.#isStale) this.#share();
    return this.#nextNs;
  }

  #inOrder(): readonly Underway[] {
    return [...this.#byNumber.values()].toSorted(byNumber);
  }

  /** Lets everything happen that is due by an instant. */
  #run(nowNs: number): void {
    checkNow(nowNs, this.#nowNs);
    this.#nowNs = nowNs;
    for (let next = this.#nextChangeNs(); next <= nowNs; next = this.#nextChangeNs()) {
      this.#flow(next);
      this.#land();
    }
  }

  /** The same, and then lets everything flow up to the instant, so that something can change there. */
  #reach(nowNs: number): void {
    this.#run(nowNs);
    this.#flow(nowNs);
  }

  /** Moves what flows on to an instant, at shares that do not change before it. */
  #flow(toNs: number): void {
    const spanNs = toNs - this.#clockNs;
    if (spanNs === 0) return;
    for (const one of this.#flowing) {
      one.moved = Math.min(one.left, one.share * spanNs);
      one.left -= one.moved;
    }
    this.#windows.close(this.#flowing, spanNs);
    this.#clockNs = toNs;
  }

  /** Ends what is there, and lets those share whose first byte is. */
  #land(): void {
    const there = this.#flowing.filter(isThere);
    if (there.length > 0) {
      for (const { start } of there.length > 1 ? there.toSorted(byNumber) : there)
        this.#ended.push({ flow: start.flow, atNs: this.#clockNs });
      this.#end(there, false);
    }
    const { length } = this.#flowing;
    for (const one of this.#waiting) if (one.firstByteNs === this.#clockNs) this.#flowing.push(one);
    if (this.#flowing.length > length) {
      this.#waiting = this.#waiting.filter(({ firstByteNs }) => firstByteNs > this.#clockNs);
    }
    this.#isStale = true;
  }

  #end(over: readonly Underway[], isCut: boolean): void {
    if (over.length === 0) return;
    for (const { start, way, units, left } of over) {
      const { flow, bytes, shards } = start;
      const arrived = Math.floor((units - left) / UNITS_PER_BYTE) * shards;
      const moved = isCut ? Math.min(bytes, arrived) : bytes;
      this.#moved[way] += moved;
      if (isCut) this.#cut[way] += moved;
      this.#byNumber.delete(flow);
    }
    const isLeft = ({ start }: Underway): boolean => this.#byNumber.has(start.flow);
    this.#flowing = this.#flowing.filter(isLeft);
    this.#waiting = this.#waiting.filter(isLeft);
    this.#isStale = true;
  }

  #share(): void {
    fillShares(this.#flowing);
    let next = Number.POSITIVE_INFINITY;
    for (const { left, share } of this.#flowing)
      next = Math.min(next, this.#clockNs + Math.ceil(left / share));
    for (const { firstByteNs } of this.#waiting) next = Math.min(next, firstByteNs);
    this.#nextNs = next;
    this.#isStale = false;
  }
}
