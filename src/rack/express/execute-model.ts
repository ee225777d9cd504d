import { isRefused } from "#base";
import type { Links, MoveRequest, Piece, Plan, Transfer } from "./contract.ts";
import { exactRates } from "./exact-rates.ts";
import type {
  Execute,
  ExecuteOptions,
  ExecutionParts,
  ExpressEvent,
  Outcome,
} from "./execution.ts";
import {
  ceiling,
  dividedBy,
  type Fraction,
  fraction,
  isAtMost,
  minus,
  plus,
  smallest,
  times,
} from "./fraction.ts";
import { latencyBetween } from "./links.ts";

type Sending = {
  readonly transfer: Transfer;
  readonly firstByte: Fraction;
  left: Fraction;
};

const ZERO = fraction(0);

/** An execution kept as a set of bytes for each GPU and a clock of fractions. */
class ModelRun {
  readonly events: ExpressEvent[] = [];
  readonly outcomes = new Map<number, Outcome>();
  private readonly request: MoveRequest;
  private readonly links: Links;
  private readonly options: ExecuteOptions;
  private readonly planAgain: ExecutionParts["plan"];
  private readonly has: readonly Set<number>[];
  private waiting: readonly Transfer[] = [];
  private sending: readonly Sending[] = [];
  private now = ZERO;
  private numbered = 0;

  constructor(
    request: MoveRequest,
    links: Links,
    options: ExecuteOptions,
    planAgain: ExecutionParts["plan"],
  ) {
    this.request = request;
    this.links = links;
    this.options = options;
    this.planAgain = planAgain;
    this.has = links.distances.map((_, gpu) => this.bytesOf(request.sources, gpu));
    this.greetTheWhole(0);
  }

  adopt(atNs: number, plan: Plan): void {
    const transfers = plan.transfers.map((one) => ({ ...one, id: one.id + this.numbered }));
    this.numbered += transfers.length;
    this.events.push({ atNs, kind: "planned", transfers });
    this.waiting = transfers;
    this.startRound(atNs);
  }

  runTo(until: number | undefined): void {
    while (this.sending.length > 0) {
      const active = this.sending.filter(({ firstByte }) => isAtMost(firstByte, this.now));
      const weightOf = ({ from, to }: Transfer): Fraction =>
        this.options.sharing === "even" ? fraction(1) : fraction(to - from);
      const rates = exactRates(active, this.links, weightOf);
      const rateOf = (one: Sending): Fraction => rates.get(one) ?? ZERO;
      const next = smallest([
        ...active.map((one) => plus(this.now, dividedBy(one.left, rateOf(one)))),
        ...this.sending.filter((one) => !active.includes(one)).map(({ firstByte }) => firstByte),
      ]);
      const to = until !== undefined && !isAtMost(next, fraction(until)) ? fraction(until) : next;
      for (const one of active) {
        one.left = minus(one.left, times(rateOf(one), minus(to, this.now)));
      }
      this.now = to;
      if (to !== next) return;
      this.land();
    }
  }

  lose(atNs: number, gpus: readonly number[]): void {
    for (const gpu of gpus) {
      this.has[gpu]?.clear();
      this.events.push({ atNs, kind: "lost", gpu });
      if (this.isTarget(gpu)) this.outcomes.set(gpu, { gpu, state: "lost", atNs });
    }
    const left = [...this.sending.map(({ transfer }) => transfer), ...this.waiting];
    if (!left.some(({ src, dst }) => gpus.includes(src) || gpus.includes(dst))) return;
    for (const { transfer, left: lacked } of this.sending) {
      if (gpus.includes(transfer.dst)) continue;
      const arrivedTo = transfer.to - ceiling(lacked);
      this.take({ ...transfer, to: arrivedTo });
      this.events.push({ atNs, kind: "cut", transfer: transfer.id, arrivedTo });
    }
    [this.sending, this.waiting, this.now] = [[], [], fraction(atNs)];
    this.strand(atNs);
    const next = this.planAgain(
      {
        ...this.request,
        sources: this.has.flatMap((bytes, gpu) =>
          [...bytes].map((at) => ({ gpu, from: at, to: at + 1 })),
        ),
        targets: this.request.targets.filter(({ gpu }) => !this.outcomes.has(gpu)),
      },
      this.links,
      this.options,
    );
    if (!isRefused(next)) this.adopt(atNs, next);
  }

  isOver(): boolean {
    return this.sending.length === 0;
  }

  private bytesOf(pieces: readonly Piece[], gpu: number): Set<number> {
    const own = pieces.filter((piece) => piece.gpu === gpu);
    return new Set(
      own.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)),
    );
  }

  private isTarget(gpu: number): boolean {
    return this.request.targets.some((piece) => piece.gpu === gpu);
  }

  private lacks(gpu: number): readonly number[] {
    const wanted = [...this.bytesOf(this.request.targets, gpu)].toSorted((a, b) => a - b);
    return wanted.filter((at) => !this.has[gpu]?.has(at));
  }

  /** The targets of which it is not settled how it ends. */
  private unsettled(): readonly number[] {
    return [...this.has.keys()].filter((gpu) => this.isTarget(gpu) && !this.outcomes.has(gpu));
  }

  private greetTheWhole(atNs: number): void {
    for (const gpu of this.unsettled().filter((target) => this.lacks(target).length === 0)) {
      this.outcomes.set(gpu, { gpu, state: "new", usableAtNs: atNs });
      this.events.push({ atNs, kind: "whole", gpu });
    }
  }

  private strand(atNs: number): void {
    const isGone = (at: number | undefined): boolean =>
      at !== undefined && !this.has.some((bytes) => bytes.has(at));
    for (const gpu of this.unsettled()) {
      const lacked = this.lacks(gpu);
      const from = lacked.find(isGone);
      if (from === undefined) continue;
      let to = from + 1;
      while (lacked.includes(to) && isGone(to)) to += 1;
      this.events.push({ atNs, kind: "stranded", gpu, gap: { from, to } });
      this.outcomes.set(gpu, { gpu, state: "old", gap: { from, to } });
    }
  }

  private take({ dst, from, to }: Transfer): void {
    for (let at = from; at < to; at += 1) this.has[dst]?.add(at);
  }

  private startRound(atNs: number): void {
    const round = this.waiting[0]?.round;
    const starting = this.waiting.filter((transfer) => transfer.round === round);
    this.waiting = this.waiting.slice(starting.length);
    this.now = fraction(atNs);
    this.sending = starting.map((transfer) => ({
      transfer,
      firstByte: fraction(atNs + latencyBetween(this.links, transfer.src, transfer.dst)),
      left: fraction(transfer.to - transfer.from),
    }));
    for (const { id } of starting) this.events.push({ atNs, kind: "started", transfer: id });
  }

  private land(): void {
    const there = this.sending.filter(({ left }) => left.over === 0n);
    if (there.length === 0) return;
    const atNs = ceiling(this.now);
    for (const { transfer } of there) {
      this.take(transfer);
      this.events.push({ atNs, kind: "arrived", transfer: transfer.id });
    }
    this.greetTheWhole(atNs);
    this.sending = this.sending.filter((one) => !there.includes(one));
    if (this.sending.length === 0) this.startRound(atNs);
  }
}

/**
 * The execution that is obviously right: bytes in sets, time and rates as exact fractions, every rule in a line or two. For a handful of bytes;
 * rates must be whole. Records no rates.
 */
export const executeModelWith =
  (planAgain: ExecutionParts["plan"]): Execute =>
  (plan, request, links, options = {}) => {
    const losses = options.losses ?? [];
    const run = new ModelRun(request, links, options, planAgain);
    run.adopt(0, plan);
    const instants = [...new Set(losses.map(({ atNs }) => atNs))].toSorted((a, b) => a - b);
    const gone = new Set<number>();
    for (const atNs of instants) {
      run.runTo(atNs);
      if (run.isOver()) break;
      const now = losses.filter((loss) => loss.atNs === atNs && !gone.has(loss.gpu));
      const gpus = [...new Set(now.map(({ gpu }) => gpu))].toSorted((a, b) => a - b);
      for (const gpu of gpus) gone.add(gpu);
      run.lose(atNs, gpus);
    }
    run.runTo(undefined);
    return {
      kind: "executed",
      finishNs: run.events.at(-1)?.atNs ?? 0,
      events: run.events,
      outcomes: [...run.outcomes.values()].toSorted((left, right) => left.gpu - right.gpu),
      spans: [],
    };
  };
