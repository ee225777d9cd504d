import type { Live } from "./live.ts";

/** What a worker is at. */
export type Worker = {
  prefilling: Live | undefined;
  decoding: number;
  /** Tokens of KV that a decode step reads, over the decoding requests. */
  kvTokens: number;
  readonly queue: Live[];
  /** Requests of `queue` before this place have left it. */
  head: number;
};

/** How many places at the head of a queue stand empty before they are given back. */
const EMPTY_MAX = 1024;

/** A worker with nothing to do. */
export const idleWorker = (): Worker => ({
  prefilling: undefined,
  decoding: 0,
  kvTokens: 0,
  queue: [],
  head: 0,
});

/** Who waits longest; nobody when nobody waits. */
export const firstInQueue = ({ queue, head }: Worker): Live | undefined => queue[head];

/** The one who waited longest has left. */
export const leaveQueue = (worker: Worker): void => {
  worker.head += 1;
  if (worker.head < EMPTY_MAX) return;
  worker.queue.splice(0, worker.head);
  worker.head = 0;
};

/** The KV that a request's decode steps read: its prompt and half its output, the mean over its life. */
export const meanContext = ({ request }: Live): number =>
  request.inputTokens + Math.ceil(request.outputTokens / 2);
