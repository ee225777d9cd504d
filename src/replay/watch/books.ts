/** What the watch keeps of its own, to hold against what the engine and its parts say of themselves. */
import { type Live, STATES, type State } from "../engine/live.ts";
import type { Move } from "../engine/moves.ts";
import type { EngineWorker } from "../engine/worker.ts";

/** Blocks that a request was given by a worker when it was taken up there. */
export type Holding = { readonly at: WorkerAccount; readonly unnamed: number };

/** What is known of a request between its arrival and its end. */
export class RequestAccount {
  readonly live: Live;
  /** Blocks of its prompt, named or not. */
  readonly promptBlocks: number;
  state: State = "unrouted";
  /** How often it was sent again, as far as that has been looked at. */
  restarts = 0;
  /** Tokens that it was given when it last joined a batch, or since it last left one; and those of them whose KV was there when it was last prefilled. */
  given = 0;
  kept = 0;
  /** Prompt tokens of prefills that came to their end. */
  computed = 0;
  /** When it first stood in a queue, was taken up, and was given a token; −1 before. */
  queuedNs = -1;
  startedNs = -1;
  firstNs = -1;
  /** When it last was given a token, or had joined a batch. */
  lastNs: number;
  /** Where it waits, has a seat, or is in the batch. */
  queue: WorkerAccount | undefined;
  seat: WorkerAccount | undefined;
  batch: WorkerAccount | undefined;
  /** The batch's count of steps when it joined. */
  joined = 0;
  /** Whose load it is: the worker it was sent to, and the one that decodes it. */
  loads: WorkerAccount[] = [];
  holdings: Holding[] = [];
  move: Move | undefined;
  /** Leading blocks that are not computed. */
  behind = 0;
  /** The roofline's time for all that has been done for it. */
  floorNs = 0;

  constructor(live: Live, nowNs: number, blockTokens: number) {
    const { blocks, request } = live;
    this.live = live;
    this.lastNs = nowNs;
    this.promptBlocks =
      blocks.length > 0 ? blocks.length : Math.ceil(request.inputTokens / blockTokens);
  }
}

/** A step or a stretch of steps, as it began: what is prefilled, the batch, what it reads, its count of steps, and how often it had changed. */
export type Doing = {
  readonly at: EngineWorker["at"];
  readonly sinceNs: number;
  readonly prefills: number;
  readonly size: number;
  readonly kvTokens: number;
  readonly steps: number;
  readonly changes: number;
};

/** What is known of a worker while it lives. */
export class WorkerAccount {
  readonly worker: EngineWorker;
  /** Whether something happened here since the last quiet moment. */
  isTouched = false;
  waiting = 0;
  seats = 0;
  /** Requests of the batch, and how often one joined or left. */
  members = 0;
  changes = 0;
  /** Requests and copies that hold blocks here, the blocks they asked for, and those without a name among them. */
  holders = 0;
  askedBlocks = 0;
  unnamedBlocks = 0;
  /** Blocks that the batch will have taken for its output when it has all of it. */
  growthMost = 0;
  /** Requests sent here and not ended, and the blocks of their prompts. */
  loads = 0;
  loadBlocks = 0;
  /** Tokens that members of the batch were given before they left it. */
  decodedTokens = 0;
  /** How often it was scheduled. */
  schedulings = 0;
  /** What it has been doing since it was last scheduled, or for longer when that changed nothing. */
  doing: Doing = {
    at: "idle",
    sinceNs: 0,
    prefills: 0,
    size: 0,
    kvTokens: 0,
    steps: 0,
    changes: 0,
  };

  constructor(worker: EngineWorker) {
    this.worker = worker;
  }
}

/** All accounts of a run. */
export class Books {
  readonly blockTokens: number;
  /** By number. */
  readonly requests = new Map<number, RequestAccount>();
  /** How many requests are in each state. */
  readonly states: Record<State, number> = Object.fromEntries(
    STATES.map((state) => [state, 0]),
  ) as Record<State, number>;
  arrived = 0;
  /** Workers that something happened at since the last quiet moment: the first so many of a list. */
  readonly touched: WorkerAccount[] = [];
  touchedCount = 0;
  readonly #workers: (WorkerAccount | undefined)[] = [];
  #last: RequestAccount | undefined;

  constructor(blockTokens: number) {
    this.blockTokens = blockTokens;
  }

  /** Opens an account. */
  enter(live: Live, nowNs: number): RequestAccount {
    const account = new RequestAccount(live, nowNs, this.blockTokens);
    this.requests.set(live.number, account);
    this.arrived += 1;
    this.states.unrouted += 1;
    return account;
  }

  /** The account of a request that has arrived and not ended. */
  find(live: Live): RequestAccount | undefined {
    if (this.#last?.live !== live) this.#last = this.requests.get(live.number);
    return this.#last;
  }

  /** Closes an account. */
  close({ live }: RequestAccount): void {
    this.requests.delete(live.number);
    this.#last = undefined;
  }

  /** The account of a worker: a new one for a new worker, even under an old number. */
  at(worker: EngineWorker): WorkerAccount {
    const { number } = worker;
    const known = this.#workers[number];
    if (known?.worker === worker) return known;
    const account = new WorkerAccount(worker);
    this.#workers[number] = account;
    return account;
  }

  /** A worker is gone: whoever comes under its number is somebody else. */
  forget({ number }: EngineWorker): void {
    this.#workers[number] = undefined;
  }

  /** The account of a number, if anything ever happened there. */
  numbered(number: number): WorkerAccount | undefined {
    return this.#workers[number];
  }

  /** Something happened at a worker. */
  touch(worker: WorkerAccount): WorkerAccount {
    if (!worker.isTouched) {
      worker.isTouched = true;
      this.touched[this.touchedCount] = worker;
      this.touchedCount += 1;
    }
    return worker;
  }

  /** Blocks that a request takes for its output while it is in a batch, once it has been given `given` tokens. */
  growth(kept: number, given: number): number {
    return Math.ceil(given / this.blockTokens) - Math.ceil(kept / this.blockTokens);
  }

  /** A request stands in a queue, or in none. */
  queue(account: RequestAccount, at: WorkerAccount | undefined): void {
    if (account.queue) this.touch(account.queue).waiting -= 1;
    account.queue = at;
    if (at) this.touch(at).waiting += 1;
  }

  /** A request has a seat, or none. */
  sit(account: RequestAccount, at: WorkerAccount | undefined): void {
    if (account.seat === at) return;
    if (account.seat) this.touch(account.seat).seats -= 1;
    account.seat = at;
    if (at) this.touch(at).seats += 1;
  }

  /** A request is given its blocks, with `written` tokens of its output. */
  hold(account: RequestAccount, at: WorkerAccount, written: number): void {
    const { promptBlocks, live } = account;
    const output = Math.ceil(written / this.blockTokens);
    const unnamed = promptBlocks - live.blocks.length + output;
    account.holdings.push({ at, unnamed });
    this.touch(at).holders += 1;
    at.askedBlocks += promptBlocks + output;
    at.unnamedBlocks += unnamed;
  }

  /** A request lets go of its blocks, but of those at one worker, if any. */
  letGo(account: RequestAccount, but: WorkerAccount | undefined): void {
    const { holdings, live } = account;
    for (const { at, unnamed } of holdings) {
      if (at === but) continue;
      this.touch(at).holders -= 1;
      at.askedBlocks -= live.blocks.length + unnamed;
      at.unnamedBlocks -= unnamed;
    }
    account.holdings = but === undefined ? [] : holdings.filter(({ at }) => at === but);
  }

  /** A copy holds its run at both ends from now on, or no longer. */
  copy({ kind, source, target, run }: Move, change: 1 | -1): void {
    if (kind !== "fetch") return;
    for (const end of [source, target]) {
      if (end === undefined) continue;
      const at = this.touch(this.at(end));
      at.holders += change;
      at.askedBlocks += change * run;
    }
  }

  /** A request is a load of a worker from now on. */
  load(account: RequestAccount, at: WorkerAccount): void {
    account.loads.push(at);
    this.touch(at).loads += 1;
    at.loadBlocks += account.promptBlocks;
  }

  /** A request is no load of a worker any more. Whether it was one. */
  unload(account: RequestAccount, at: WorkerAccount): boolean {
    const index = account.loads.indexOf(at);
    if (index < 0) return false;
    account.loads.splice(index, 1);
    this.touch(at).loads -= 1;
    at.loadBlocks -= account.promptBlocks;
    return true;
  }
}
