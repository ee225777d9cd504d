import { ascending, assert, byEach } from "#base";
import type { Links, MoveRequest, Plan, Transfer } from "./contract.ts";
import type { Execute, ExecuteOptions, ExecutionParts, Loss, RateSpan } from "./execution.ts";
import { fairRates } from "./fair-rates.ts";
import { Ledger } from "./ledger.ts";
import { HAIR, latencyBetween, wholeNanos } from "./links.ts";
import { planTransfers } from "./plan.ts";

/** A transfer under way: when its first byte arrives, what has yet to arrive, and when it will have at its present rate. */
type Sending = {
  readonly transfer: Transfer;
  readonly firstByteNs: number;
  readonly src: number;
  readonly dst: number;
  readonly weight: number;
  left: number;
  perNano: number;
};

/** A plan on its way through virtual time. Within a round time is continuous; rounds and events stand at whole nanoseconds. */
class Run {
  readonly spans: RateSpan[] = [];
  private readonly ledger: Ledger;
  private readonly links: Links;
  private readonly options: ExecuteOptions;
  private readonly parts: ExecutionParts;
  private nowNs = 0;
  private waiting: readonly Transfer[] = [];
  private sending: readonly Sending[] = [];

  constructor(ledger: Ledger, links: Links, options: ExecuteOptions, parts: ExecutionParts) {
    this.ledger = ledger;
    this.links = links;
    this.options = options;
    this.parts = parts;
  }

  /** Takes up transfers, and begins the first round of them. */
  begin(transfers: readonly Transfer[]): void {
    this.waiting = transfers;
    this.startRound();
  }

  /** Goes on until everything has arrived or an instant is reached, whichever is first. */
  advanceTo(untilNs: number): void {
    while (this.sending.length > 0) {
      const active = this.sending.filter(({ firstByteNs }) => firstByteNs <= this.nowNs);
      this.share(active);
      const next = this.nextInstant(active);
      if (wholeNanos(next) > untilNs) {
        this.flow(active, untilNs);
        return;
      }
      this.flow(active, next);
      this.arrive();
    }
  }

  /** GPUs are gone; if somebody waits for one of them, everything that is left is planned anew. */
  lose(atNs: number, gpus: readonly number[]): void {
    for (const gpu of gpus) this.ledger.lose(atNs, gpu);
    const left = [...this.sending.map(({ transfer }) => transfer), ...this.waiting];
    if (!left.some(({ src, dst }) => gpus.includes(src) || gpus.includes(dst))) return;
    for (const sending of this.sending) {
      const { transfer } = sending;
      if (gpus.includes(transfer.dst)) continue;
      this.ledger.cut(atNs, transfer, this.arrivedTo(sending));
    }
    this.nowNs = atNs;
    this.sending = [];
    this.begin(this.ledger.planAnew(atNs, this.links, this.parts, this.options));
  }

  isOver(): boolean {
    return this.sending.length === 0;
  }

  private arrivedTo({ transfer, left }: Sending): number {
    const arrived = (transfer.to - transfer.from - left) * (1 + HAIR);
    return Math.min(transfer.to - 1, transfer.from + Math.floor(arrived));
  }

  private startRound(): void {
    const round = this.waiting[0]?.round;
    if (round === undefined) return;
    this.nowNs = wholeNanos(this.nowNs);
    const now = this.waiting.filter((transfer) => transfer.round === round);
    this.waiting = this.waiting.slice(now.length);
    for (const transfer of now) this.ledger.start(this.nowNs, transfer);
    this.sending = now.map((transfer) => {
      const { src, dst, from, to } = transfer;
      return {
        transfer,
        firstByteNs: this.nowNs + latencyBetween(this.links, src, dst),
        src,
        dst,
        weight: this.options.sharing === "even" ? 1 : to - from,
        left: to - from,
        perNano: 0,
      };
    });
  }

  private share(active: readonly Sending[]): void {
    const rates = this.parts.fairRates(active, this.links);
    for (const [index, sending] of active.entries()) sending.perNano = rates[index] as number;
  }

  /** When the next transfer arrives or has its first byte. */
  private nextInstant(active: readonly Sending[]): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { left, perNano } of active) next = Math.min(next, this.nowNs + left / perNano);
    for (const { firstByteNs } of this.sending) {
      if (firstByteNs > this.nowNs) next = Math.min(next, firstByteNs);
    }
    return next;
  }

  /** Lets everything flow on to an instant, at rates that do not change before it. */
  private flow(active: readonly Sending[], toNs: number): void {
    if (this.options.withRates === true && active.length > 0 && toNs > this.nowNs) {
      const rates = active.map(({ transfer, perNano }) => ({ transfer: transfer.id, perNano }));
      this.spans.push({ fromNs: this.nowNs, toNs, rates });
    }
    const spanNs = toNs - this.nowNs;
    for (const sending of active) sending.left -= sending.perNano * spanNs;
    this.nowNs = toNs;
  }

  /** Books what has arrived, and begins the next round when that was the last. */
  private arrive(): void {
    const atNs = wholeNanos(this.nowNs);
    const isThere = ({ left, perNano }: Sending): boolean =>
      perNano > 0 && left <= perNano * this.nowNs * HAIR;
    const there = this.sending.filter(isThere);
    if (there.length === 0) return;
    this.ledger.arrive(
      atNs,
      there.map(({ transfer }) => transfer),
    );
    this.sending = this.sending.filter((sending) => !isThere(sending));
    if (this.sending.length === 0) this.startRound();
  }
}

/** Losses by instant, first first; those of one instant together. */
const byInstant = (losses: readonly Loss[]): ReadonlyMap<number, readonly number[]> => {
  const gone = new Map<number, Set<number>>();
  const known = new Set<number>();
  const inOrder = byEach<Loss>(
    ascending(({ atNs }) => atNs),
    ascending(({ gpu }) => gpu),
  );
  for (const { gpu, atNs } of losses.toSorted(inOrder)) {
    if (known.has(gpu)) continue;
    known.add(gpu);
    gone.set(atNs, (gone.get(atNs) ?? new Set()).add(gpu));
  }
  return new Map([...gone].map(([atNs, gpus]) => [atNs, [...gpus]]));
};

const checkLosses = (losses: readonly Loss[], links: Links): void => {
  for (const { gpu, atNs } of losses) {
    assert(links.distances[gpu] !== undefined, "a GPU that is lost must be one of the rack", gpu);
    assert(Number.isSafeInteger(atNs) && atNs >= 0, "a loss must be at a whole nanosecond", atNs);
  }
};

/** Carries out plans with parts of one's own choice. */
export const executeWith =
  (parts: ExecutionParts): Execute =>
  (made: Plan, request: MoveRequest, links: Links, options: ExecuteOptions = {}) => {
    const losses = options.losses ?? [];
    checkLosses(losses, links);
    const ledger = new Ledger(request);
    const run = new Run(ledger, links, options, parts);
    run.begin(ledger.adopt(0, made));
    for (const [atNs, gpus] of byInstant(losses)) {
      run.advanceTo(atNs);
      if (run.isOver()) break;
      run.lose(atNs, gpus);
    }
    run.advanceTo(Number.POSITIVE_INFINITY);
    return {
      kind: "executed",
      finishNs: ledger.events.at(-1)?.atNs ?? 0,
      events: ledger.events,
      outcomes: ledger.ended(),
      spans: run.spans,
    };
  };

/**
 * Carries out a plan in virtual time. A transfer's first byte arrives after the latency between its GPUs; then transfers share egress, ingress and
 * links max-min fairly, by bytes unless told otherwise, and are done no later than the plan says. A target is whole, and its new model
 * usable, when its last byte has arrived; until then it has its old one.
 *
 * When a GPU is lost that somebody still waits for, all transfers end where they are, what has arrived is kept, and what is lacking is planned anew
 * among those who are left; a target that lacks bytes that nobody has is stranded and keeps its old model. A loss after the last
 * arrival is not noticed. Throws a `SpecViolation` when the plan is not one for the request, or a loss cannot be.
 */
export const execute: Execute = executeWith({ plan: planTransfers, fairRates });
