import type { Live } from "./live.ts";
import type { EngineWorker } from "./worker.ts";

/** How many places at the head of a queue stand empty before they are given back. */
const EMPTY_MAX = 1024;

/** Who is taken up first: the more urgent, then who arrived first, then the lower number. So nobody waits for ever behind later ones. */
const precedes = (left: Live, right: Live): boolean => {
  const urgency = left.request.priority - right.request.priority;
  if (urgency !== 0) return urgency > 0;
  return left.arrivalNs === right.arrivalNs
    ? left.number < right.number
    : left.arrivalNs < right.arrivalNs;
};

/** Puts a request in its place. Whether it is now the first. */
export const enqueue = (worker: EngineWorker, live: Live): boolean => {
  const { queue } = worker;
  let at = queue.length;
  while (at > worker.head && precedes(live, queue[at - 1] as Live)) at -= 1;
  if (at === queue.length) queue.push(live);
  else queue.splice(at, 0, live);
  return at === worker.head;
};

/** Who is taken up next; nobody when nobody waits. */
export const firstInQueue = ({ queue, head }: EngineWorker): Live | undefined => queue[head];

/** The first has been taken up. */
export const leaveQueue = (worker: EngineWorker): void => {
  worker.head += 1;
  if (worker.head < EMPTY_MAX && worker.head < worker.queue.length) return;
  worker.queue = worker.queue.slice(worker.head);
  worker.head = 0;
};

/** Somebody leaves from wherever it stands. Whether it was the first. */
export const quitQueue = (worker: EngineWorker, live: Live): boolean => {
  const at = worker.queue.indexOf(live, worker.head);
  if (at < 0) return false;
  if (at === worker.head) {
    leaveQueue(worker);
    return true;
  }
  worker.queue.splice(at, 1);
  return false;
};
