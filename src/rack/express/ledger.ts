import { ascending, assert, isRefused } from "#base";
import type { Interval, Links, MoveRequest, Plan, Transfer } from "./contract.ts";
import type { ExecuteOptions, ExecutionParts, ExpressEvent, Outcome } from "./execution.ts";
import { byGpu, type Holdings, missing, piecesOf, sizeOf, union, without } from "./intervals.ts";

/** Who has what while a plan is carried out, and what has happened so far. It knows nothing of rates. */
export class Ledger {
  readonly events: ExpressEvent[] = [];
  private readonly request: MoveRequest;
  private readonly wants: Holdings;
  private readonly held = new Map<number, Interval[]>();
  /** The bytes that a target lacks, for as long as it is not settled how it ends. */
  private readonly lacked = new Map<number, number>();
  private readonly outcomes = new Map<number, Outcome>();
  private numbered = 0;

  constructor(request: MoveRequest) {
    this.request = request;
    this.wants = byGpu(request.targets);
    for (const [gpu, intervals] of byGpu(request.sources)) this.held.set(gpu, [...intervals]);
    this.count();
  }

  /** Takes in a plan for what is lacking now, and numbers its transfers on from those before. */
  adopt(atNs: number, plan: Plan): readonly Transfer[] {
    const transfers = plan.transfers.map((transfer) => ({
      ...transfer,
      id: this.numbered + transfer.id,
    }));
    const brought = byGpu(transfers.map(({ dst, from, to }) => ({ gpu: dst, from, to })));
    const lacking = this.lacking();
    assert(
      missing(lacking, brought).size === 0 && sizeOf(transfers) === sizeOf(piecesOf(lacking)),
      "a plan brings every byte that is lacking exactly once",
    );
    this.numbered += transfers.length;
    this.events.push({ atNs, kind: "planned", transfers });
    return transfers;
  }

  /** A transfer begins: its sender must have what it sends. */
  start(atNs: number, { id, src, from, to }: Transfer): void {
    const own = union(this.held.get(src) ?? []);
    assert(without([{ from, to }], own).length === 0, "a GPU sends what it holds", src);
    this.events.push({ atNs, kind: "started", transfer: id });
  }

  /** Transfers have arrived, all at the same instant. */
  arrive(atNs: number, transfers: readonly Transfer[]): void {
    for (const transfer of transfers) {
      this.take(transfer);
      this.events.push({ atNs, kind: "arrived", transfer: transfer.id });
    }
    for (const gpu of new Set(transfers.map(({ dst }) => dst).toSorted((a, b) => a - b))) {
      if (this.lacked.get(gpu) === 0) this.becomeWhole(atNs, gpu);
    }
  }

  /** A transfer is given up; what has arrived of it stays. */
  cut(atNs: number, transfer: Transfer, arrivedTo: number): void {
    this.take({ ...transfer, to: arrivedTo });
    this.events.push({ atNs, kind: "cut", transfer: transfer.id, arrivedTo });
  }

  /** A GPU is gone. */
  lose(atNs: number, gpu: number): void {
    this.held.delete(gpu);
    this.lacked.delete(gpu);
    this.events.push({ atNs, kind: "lost", gpu });
    if (this.wants.has(gpu)) this.outcomes.set(gpu, { gpu, state: "lost", atNs });
  }

  /** Gives up targets that lack what nobody has, and plans the rest; no transfers when nothing is left to do. */
  planAnew(
    atNs: number,
    links: Links,
    parts: ExecutionParts,
    options: ExecuteOptions,
  ): readonly Transfer[] {
    const anywhere = union([...this.held.values()].flat());
    for (const [gpu, lacked] of this.lacking()) {
      const [gap] = without(lacked, anywhere);
      if (gap === undefined) continue;
      this.events.push({ atNs, kind: "stranded", gpu, gap });
      this.outcomes.set(gpu, { gpu, state: "old", gap });
      this.lacked.delete(gpu);
    }
    const next = parts.plan(
      {
        bytes: this.request.bytes,
        sources: piecesOf(this.held),
        targets: piecesOf(this.wants).filter(({ gpu }) => this.lacked.has(gpu)),
      },
      links,
      options,
    );
    return isRefused(next) ? [] : this.adopt(atNs, next);
  }

  /** How it ended, by GPU. */
  ended(): readonly Outcome[] {
    return [...this.outcomes.values()].toSorted(ascending(({ gpu }) => gpu));
  }

  private take({ dst, from, to }: Transfer): void {
    this.lacked.set(dst, (this.lacked.get(dst) ?? 0) - (to - from));
    const own = this.held.get(dst);
    if (own === undefined) this.held.set(dst, [{ from, to }]);
    else own.push({ from, to });
  }

  private becomeWhole(atNs: number, gpu: number): void {
    this.lacked.delete(gpu);
    this.events.push({ atNs, kind: "whole", gpu });
    this.outcomes.set(gpu, { gpu, state: "new", usableAtNs: atNs });
  }

  /** What the targets lack of which it is not settled how they end. */
  private lacking(): Holdings {
    const has = new Map([...this.held].map(([gpu, intervals]) => [gpu, union(intervals)]));
    const wants = new Map([...this.wants].filter(([gpu]) => this.lacked.has(gpu)));
    return missing(wants, has);
  }

  private count(): void {
    for (const gpu of this.wants.keys()) this.lacked.set(gpu, 0);
    for (const [gpu, lacked] of this.lacking()) this.lacked.set(gpu, sizeOf(lacked));
    for (const [gpu, lacked] of this.lacked) if (lacked === 0) this.becomeWhole(0, gpu);
  }
}
