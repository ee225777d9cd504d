/**
 * The engine once more, naive and obviously right: every step of every worker is an event, every token is counted and every block taken one by one, and what
 * happens next is found by looking at everything that could. The fast engine is compared with it, event for event.
 */
import { ascending, byEach } from "#base";
import { RANK } from "../agenda.ts";
import type { Offered } from "../engine/contract.ts";
import { byLine, type ModelRequest, modelRequest } from "./model-request.ts";
import { ModelSteps } from "./model-steps.ts";
import type { ModelWorker } from "./model-worker.ts";
import type { ModelSetup } from "./model-world.ts";

/** Something that is to happen. */
type Instant = {
  readonly atNs: number;
  readonly rank: number;
  readonly subject: number;
  readonly happen: () => void;
};

/** One run. Its protected steps are where it can be broken, one at a time, to make the implementations that properties must catch. */
export class EngineModel extends ModelSteps {
  /** Rows that have not been read. */
  private rows: readonly Offered[];

  constructor(setup: ModelSetup, rows: readonly Offered[]) {
    super(setup);
    this.rows = rows;
  }

  /** Everything, until nothing is left to happen. */
  run(): void {
    const { concurrency } = this.setup.settings;
    for (let count = 0; count < (concurrency ?? 0); count += 1) this.readNext();
    for (;;) {
      const next = this.next();
      if (next !== undefined) {
        this.nowNs = next.atNs;
        next.happen();
        continue;
      }
      const unrouted = this.requests.filter(({ state }) => state === "unrouted");
      if (unrouted.length === 0) return;
      for (const one of unrouted.toSorted(byLine)) this.fail(one, "no live worker");
    }
  }

  /** The first of everything that is to happen, in the one order of events. */
  protected next(): Instant | undefined {
    let first: Instant | undefined;
    for (const instant of this.instants())
      if (first === undefined || inOrder(instant, first) < 0) first = instant;
    return first;
  }

  private instants(): readonly Instant[] {
    const atNs = this.fabric.nextNs();
    const rank = RANK["transfer-finished"];
    return [
      ...this.workers.flatMap((worker) => this.instantsOf(worker)),
      ...(atNs < Number.POSITIVE_INFINITY
        ? [{ atNs, rank, subject: 0, happen: () => this.moveOn() }]
        : []),
      ...this.rowsToRead(),
      ...this.requests.flatMap((one) => this.instantsFor(one)),
    ];
  }

  private instantsOf(worker: ModelWorker): readonly Instant[] {
    const { stage, endNs, number: subject } = worker;
    const at = (atNs: number, rank: number, happen: () => void) => [
      { atNs, rank, subject, happen },
    ];
    if (stage === "step") return at(endNs, RANK["step-finished"], () => this.endStep(worker));
    if (stage === "grown") return at(this.nowNs, RANK.scheduled, () => this.schedule(worker));
    if (stage === "boundary" || this.looksAgain(worker))
      return at(this.nowNs, RANK["blocks-taken"], () => this.takeBlocks(worker));
    return [];
  }

  /** An idle worker looks whether there is something to do whenever anything has happened. */
  protected looksAgain(worker: ModelWorker): boolean {
    if (!worker.isStale) return false;
    return this.queue(worker).length + this.at(worker, "ready", "prefilling").length > 0;
  }

  private rowsToRead(): readonly Instant[] {
    const [row] = this.rows;
    if (row === undefined || this.setup.settings.concurrency !== undefined) return [];
    const { number, request } = row;
    const happen = () => this.readNext();
    return [{ atNs: request.arrivalNs, rank: RANK["request-arrived"], subject: number, happen }];
  }

  private instantsFor(one: ModelRequest): readonly Instant[] {
    const { state, number: subject, dueNs } = one;
    const at = (atNs: number, rank: number, happen: () => void) => ({
      atNs,
      rank,
      subject,
      happen,
    });
    if (state === "held") return [];
    if (state === "due") return [at(dueNs, RANK["request-arrived"], () => this.arrive(one))];
    return this.limits(one).map(([atNs, why]) =>
      at(atNs, RANK["request-leaves"], () => this.leave(one, why)),
    );
  }

  /** When a request that has arrived will leave, and why; the most weighty reason first. */
  private limits({ number, arrivalNs, isStarted, leaving }: ModelRequest) {
    const { deadlineNs, ttftDeadlineNs, patienceNs } = this.setup.settings;
    const userNs = patienceNs?.(number);
    const limits: (readonly [atNs: number, why: string])[] = [];
    if (leaving !== "") return limits;
    if (deadlineNs !== undefined) limits.push([arrivalNs + deadlineNs, "not done in time"]);
    if (userNs !== undefined) limits.push([arrivalNs + userNs, "its user left"]);
    if (ttftDeadlineNs !== undefined && !isStarted)
      limits.push([arrivalNs + ttftDeadlineNs, "no token in time"]);
    return limits;
  }

  /** Reads one row: one that failed where it was recorded is passed over, and a turn may have to wait for the one before. */
  private readNext(): void {
    const [row, ...rest] = this.rows;
    if (row === undefined) return;
    this.rows = rest;
    const isClosed = this.setup.settings.concurrency !== undefined;
    if (row.request.failed) {
      if (isClosed) this.readNext();
      return;
    }
    const one = modelRequest(row, this.setup.settings.blockTokens);
    const { session, delayNs, arrivalNs } = row.request;
    const isOpen = this.turnsOf(session).length > 0;
    this.requests = [...this.requests, one];
    if (delayNs >= 0 && isOpen) return;
    const last = this.ended.findLast((ended) => isTurn(ended, session));
    const sentNs = delayNs < 0 || last === undefined ? arrivalNs : last.endNs + delayNs;
    one.state = "due";
    one.dueNs = isClosed ? this.nowNs : Math.max(arrivalNs, sentNs);
  }

  /** The turns of a session that have been read and have not ended. */
  private turnsOf(session: number): readonly ModelRequest[] {
    return this.requests.filter((one) => isTurn(one, session));
  }

  protected arrive(one: ModelRequest): void {
    one.arrivalNs = this.nowNs;
    const { session } = one.request;
    const turns = [
      ...this.ended.filter((ended) => isTurn(ended, session)),
      ...this.turnsOf(session),
    ];
    const last = turns.toSorted(ascending(({ sent }) => sent)).at(-1);
    const worker = this.choose(one, ["both", "prefill"], last?.sentTo ?? -1);
    if (worker === undefined) {
      this.strand(one);
      return;
    }
    one.worker = worker;
    one.sent = this.count();
    one.sentTo = worker.number;
    one.state = "waiting";
    this.tell("arrived", one, worker);
  }

  /** Its time is up: at once, or when the step that it is in ends. */
  protected leave(one: ModelRequest, why: string): void {
    one.leaving = why;
    one.leavingNs = this.nowNs;
    const isRunning = one.state === "decoding" || one.state === "prefilling";
    if (!isRunning || one.worker?.stage !== "step") this.cancel(one);
  }

  /** Whoever waited for one that has ended comes: the next turn of its session, or the next of the trace. */
  protected bringOn({ request: { session } }: ModelRequest): void {
    const turns = this.turnsOf(session);
    const [next] = turns;
    if (next && turns.every(({ state }) => state === "held")) {
      next.state = "due";
      next.dueNs = this.nowNs + next.request.delayNs;
    }
    if (this.setup.settings.concurrency !== undefined) this.readNext();
  }
}

/** Whether a request is one of a session, if that is any. */
const isTurn = ({ request }: ModelRequest, session: number): boolean =>
  session >= 0 && request.session === session;

const inOrder = byEach<Instant>(
  ascending(({ atNs }) => atNs),
  ascending(({ rank }) => rank),
  ascending(({ subject }) => subject),
);
