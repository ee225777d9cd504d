import { eventText } from "./chrome-event.ts";

/** What a worker's threads are for, in the order in which they stand below it. */
const THREADS = ["requests", "steps", "received", "sent", "down"] as const;

/** What a thread is for. */
export type ThreadKind = (typeof THREADS)[number];

/** A thread of a worker, and until when it is taken. */
type Lane = { readonly tid: number; takenUntilNs: number };

/** Above every process id, because viewers take a thread with its process's id for the main one. */
const FIRST_TID = 1_000_001;
/** More threads of one kind than this share the last place in the order. */
const LANES_SORTED = 1000;

/**
 * Processes and threads of a Chrome trace, made when they are first needed. A worker is a process; −1, which is nobody, is the rack itself. Slices
 * of one thread must not overlap, so what happens at once on a worker lies on several threads of a kind.
 */
export class ChromeTracks {
  readonly #nameOf: (worker: number) => string;
  readonly #lanes = new Map<string, Lane[]>();
  readonly #processes = new Set<number>();
  #names: string[] = [];
  #nextTid = FIRST_TID;

  constructor(nameOf: (worker: number) => string) {
    this.#nameOf = nameOf;
  }

  /** The process of a worker: never 0, which viewers keep for an idle machine. */
  pid(worker: number): number {
    const pid = worker + 2;
    if (this.#processes.has(pid)) return pid;
    this.#processes.add(pid);
    this.#tell(pid, pid, "process_name", { name: this.#nameOf(worker) });
    this.#tell(pid, pid, "process_sort_index", { sort_index: pid });
    return pid;
  }

  /** A thread of a kind that is free at `startNs` and taken until `endNs`. Slices of a worker and kind must come by their start. */
  thread(worker: number, kind: ThreadKind, startNs: number, endNs: number): number {
    const key = `${worker} ${kind}`;
    const lanes = this.#lanes.get(key) ?? [];
    if (lanes.length === 0) this.#lanes.set(key, lanes);
    const free = lanes.find(({ takenUntilNs }) => takenUntilNs <= startNs);
    if (free !== undefined) {
      free.takenUntilNs = endNs;
      return free.tid;
    }
    const lane = { tid: this.#nextTid, takenUntilNs: endNs };
    this.#nextTid += 1;
    lanes.push(lane);
    const pid = this.pid(worker);
    const name = lanes.length === 1 ? kind : `${kind} ${lanes.length}`;
    this.#tell(pid, lane.tid, "thread_name", { name });
    const place = THREADS.indexOf(kind) * LANES_SORTED + Math.min(lanes.length, LANES_SORTED) - 1;
    this.#tell(pid, lane.tid, "thread_sort_index", { sort_index: place });
    return lane.tid;
  }

  /** The thread of a worker that only counters and asynchronous slices name, which may overlap. */
  requests(worker: number): number {
    return this.thread(worker, "requests", 0, 0);
  }

  /** The names of what is new since the last call, as events. */
  news(): readonly string[] {
    const names = this.#names;
    if (names.length > 0) this.#names = [];
    return names;
  }

  #tell(
    pid: number,
    tid: number,
    name: string,
    args: { readonly name: string } | { readonly sort_index: number },
  ): void {
    this.#names.push(eventText({ ph: "M", pid, tid, atNs: 0 }, { name, args }));
  }
}
