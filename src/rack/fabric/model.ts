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
  wayOf,
} from "./contract.ts";
import { type ModelFlow, ModelPast } from "./model-past.ts";
import { amountsOf, shardBytes, slowedPerNano, UNIT_RATE } from "./units.ts";

const asUnits = (rate: number): bigint => BigInt(Math.floor(rate / UNIT_RATE));

/**
 * The fabric that is obviously right: a list of flows, whole numbers without end, every share worked out anew whenever it is asked for, and a
 * list of all windows there have been. Its protected steps are where it can be broken, one at a time.
 */
export class FabricModel implements Fabric {
  protected readonly shape: FabricShape;
  protected underway: readonly ModelFlow[] = [];
  protected clockNs = 0;
  protected readonly factors: Record<LinkName, number> = { superchip: 1, domain: 1, rack: 1 };
  private nowNs = 0;
  private ended: readonly FlowEnd[] = [];
  private readonly past = new ModelPast();

  constructor(shape: FabricShape) {
    checkShape(shape);
    this.shape = shape;
  }

  begin(start: FabricFlow, nowNs: number): FlowBegun | Refused<FlowRefusal> {
    checkFlow(this.shape.gpus, start);
    this.reach(nowNs);
    assert(this.find(start.flow) === undefined, "a number must not be in use", start.flow);
    if (this.isNothing(start)) return NO_BYTES;
    if (start.source === start.target) return SAME_WORKER;
    const firstByteNs = nowNs + this.latencyNs(start);
    const units = BigInt(this.units(start));
    this.underway = [...this.underway, { start, firstByteNs, units, left: units }];
    return { kind: "begun", firstByteNs };
  }

  cancel(flow: number, nowNs: number): FlowCut | Refused<"not-under-way"> {
    this.reach(nowNs);
    const found = this.find(flow);
    if (found === undefined) return NOT_UNDER_WAY;
    this.finish([found], true);
    return CUT;
  }

  cancelOf(worker: number, nowNs: number): readonly number[] {
    checkWorker(this.shape.gpus, worker);
    this.reach(nowNs);
    const own = this.underway.filter(({ start }) => this.isOf(start, worker));
    this.finish(own, true);
    return own.map(({ start }) => start.flow).toSorted((left, right) => left - right);
  }

  slow(link: LinkName, factor: number, nowNs: number): void {
    slowedPerNano(this.shape.ways[link].bytesPerSecond, factor);
    this.reach(nowNs);
    this.factors[link] = factor;
  }

  nextNs(): number {
    return this.ended[0]?.atNs ?? this.nextChangeNs();
  }

  advance(nowNs: number): readonly FlowEnd[] {
    this.run(nowNs);
    const { ended } = this;
    this.ended = [];
    return ended;
  }

  aloneNs(flow: Pick<FabricFlow, "source" | "distance" | "bytes" | "shards">): number {
    if (flow.source !== "switch" && flow.distance === 0) return 0;
    const start = { ...flow, flow: 0, target: 0 };
    const narrowest = this.throughs(start).reduce(
      (least, [, rate]) => (rate < least ? rate : least),
      2n ** 60n,
    );
    return this.latencyNs(start) + this.nanosFor(BigInt(this.units(start)), narrowest);
  }

  flows(): readonly FlowSight[] {
    const shares = this.shares();
    return this.underway
      .map((one) => ({
        flow: one.start.flow,
        firstByteNs: one.firstByteNs,
        bytesPerSecond: Number(shares.get(one) ?? 0n) * UNIT_RATE,
      }))
      .toSorted(ascending(({ flow }) => flow));
  }

  ledger(): FabricLedger {
    return this.past.ledger(this.shape.gpus);
  }

  audit(): FabricAudit {
    return this.past.audit();
  }

  /** Whether there is nothing to move. */
  protected isNothing({ bytes }: FabricFlow): boolean {
    return bytes === 0;
  }

  /** What a shard of a flow has to move. */
  protected units(start: FabricFlow): number {
    return amountsOf(this.shape)[wayOf(start)](shardBytes(start.bytes, start.shards));
  }

  protected latencyNs(start: FabricFlow): number {
    return this.shape.ways[wayOf(start)].latencyNs;
  }

  protected isOf({ source, target }: FabricFlow, worker: number): boolean {
    return source === worker || target === worker;
  }

  /** Whether a flow shares links by now. */
  protected isFlowing({ firstByteNs }: ModelFlow): boolean {
    return firstByteNs <= this.clockNs;
  }

  /** What a flow goes through, by name, and the units a nanosecond that it carries. A switch has a port for each GPU, and no other bound. */
  protected throughs(start: FabricFlow): readonly (readonly [string, bigint])[] {
    const { source, target } = start;
    const way = wayOf(start);
    const factor = this.factors[way === "switch" ? "domain" : way];
    const link = BigInt(slowedPerNano(this.shape.ways[way].bytesPerSecond, factor));
    const sent = [`from ${source}`, asUnits(this.shape.egress)] as const;
    return [
      ...(source === "switch" ? [] : [sent]),
      [`to ${target}`, asUnits(this.shape.ingress)],
      [`${way} from ${source} to ${target}`, link],
    ];
  }

  /**
   * Each flow's share: all rise together by whole units until something has not one more for each that rises through it; those stay, and the others rise on.
   */
  protected shares(): ReadonlyMap<ModelFlow, bigint> {
    const flowing = this.underway.filter((one) => this.isFlowing(one));
    const shares = new Map<ModelFlow, bigint>();
    const uses = new Map(flowing.map((one) => [one, this.throughs(one.start)]));
    const highest = ([name, perNano]: readonly [string, bigint]): bigint => {
      const through = flowing.filter((one) => uses.get(one)?.some(([other]) => other === name));
      const taken = through.reduce((sum, one) => sum + (shares.get(one) ?? 0n), 0n);
      return (perNano - taken) / BigInt(through.filter((one) => !shares.has(one)).length);
    };
    const least = (some: readonly bigint[]): bigint =>
      some.reduce((left, right) => (left < right ? left : right));
    while (shares.size < flowing.length) {
      const rising = flowing.filter((one) => !shares.has(one));
      const levels = rising.map((one) => least((uses.get(one) ?? []).map(highest)));
      const lowest = least(levels);
      for (const [index, one] of rising.entries())
        if (levels[index] === lowest) shares.set(one, lowest);
    }
    return shares;
  }

  /** The fewest whole nanoseconds in which so many units pass. */
  protected nanosFor(units: bigint, perNano: bigint): number {
    return Number((units + perNano - 1n) / perNano);
  }

  /** Takes flows out of the list. */
  protected finish(over: readonly ModelFlow[], isCut: boolean): void {
    for (const flow of over) this.past.end(flow, isCut);
    this.underway = this.underway.filter((one) => !over.includes(one));
  }

  private find(flow: number): ModelFlow | undefined {
    return this.underway.find(({ start }) => start.flow === flow);
  }

  /** The next first byte or end. */
  private nextChangeNs(): number {
    const shares = this.shares();
    const instants = this.underway.map((one) =>
      this.isFlowing(one)
        ? this.clockNs + this.nanosFor(one.left, shares.get(one) as bigint)
        : one.firstByteNs,
    );
    return Math.min(Number.POSITIVE_INFINITY, ...instants);
  }

  private run(nowNs: number): void {
    checkNow(nowNs, this.nowNs);
    this.nowNs = nowNs;
    for (let next = this.nextChangeNs(); next <= nowNs; next = this.nextChangeNs()) {
      this.flow(next);
      const there = this.underway
        .filter(({ left }) => left <= 0n)
        .toSorted(ascending(({ start }) => start.flow));
      this.ended = [...this.ended, ...there.map(({ start }) => ({ flow: start.flow, atNs: next }))];
      this.finish(there, false);
    }
  }

  private reach(nowNs: number): void {
    this.run(nowNs);
    this.flow(nowNs);
  }

  /** Lets everything flow on to an instant before which nothing changes. */
  private flow(toNs: number): void {
    const spanNs = toNs - this.clockNs;
    const shares = this.shares();
    const movedOf = (one: ModelFlow): bigint => {
      const most = (shares.get(one) ?? 0n) * BigInt(spanNs);
      return most < one.left ? most : one.left;
    };
    const flowing = [...shares.keys()];
    this.past.pass(
      spanNs,
      flowing.map((one) => ({ moved: movedOf(one), throughs: this.throughs(one.start) })),
    );
    this.underway = this.underway.map((one) => ({ ...one, left: one.left - movedOf(one) }));
    this.clockNs = toNs;
  }
}
