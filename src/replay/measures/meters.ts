import { assert } from "#base";

/** How a worker stands at an instant, and what it has done up to then, whatever is under way included. */
export type WorkerReading = {
  readonly waiting: number;
  /** Requests that have their blocks here. */
  readonly running: number;
  readonly heldBlocks: number;
  readonly cachedBlocks: number;
  readonly freeBlocks: number;
  readonly busyNs: number;
  readonly prefillTokens: number;
  readonly decodeTokens: number;
};

/** A worker that can be read. */
export type MeteredWorker = {
  readonly number: number;
  /** Its place in the options. */
  readonly deployment: number;
  /** At an instant up to which everything has happened that is to happen by then. Changes nothing. */
  reading(nowNs: number): WorkerReading;
};

/** What the workers that had a number in a deployment, one after the other, have done. */
export type Standing = {
  readonly worker: number;
  readonly deployment: number;
  /** How long one of them was there, up to then. */
  readonly aliveNs: number;
  readonly busyNs: number;
  readonly prefillTokens: number;
  readonly decodeTokens: number;
  /** Prompts computed and KV taken over. */
  readonly requests: number;
  /** The one that is there now; nothing when none is. */
  readonly now: WorkerReading | undefined;
};

/** The same while it changes: what is gone is summed up, what is there is read. */
type Meter = {
  readonly worker: number;
  readonly deployment: number;
  current: MeteredWorker | undefined;
  /** From when to when one of them was there; to infinity for the one that is. */
  readonly lives: { readonly fromNs: number; toNs: number }[];
  busyNs: number;
  prefillTokens: number;
  decodeTokens: number;
  requests: number;
};

/** Reads the workers of a run, who come and go. */
export class Meters {
  /** In the order in which they were first opened. */
  readonly #meters: Meter[] = [];
  readonly #meterOf = new Map<MeteredWorker, Meter>();

  /** A worker is there. Nobody else has its number meanwhile. */
  opened(worker: MeteredWorker, nowNs: number): void {
    const { number, deployment } = worker;
    let meter = this.#meters.find(
      (other) => other.worker === number && other.deployment === deployment,
    );
    if (meter === undefined) {
      meter = newMeter(number, deployment);
      this.#meters.push(meter);
    }
    assert(meter.current === undefined, "a worker's number is nobody else's", number);
    meter.current = worker;
    meter.lives.push({ fromNs: nowNs, toNs: Number.POSITIVE_INFINITY });
    this.#meterOf.set(worker, meter);
  }

  /** A worker is gone, and has broken off whatever it did. */
  gone(worker: MeteredWorker, nowNs: number): void {
    const meter = this.#of(worker);
    const { busyNs, prefillTokens, decodeTokens } = worker.reading(nowNs);
    const life = meter.lives.at(-1);
    if (life !== undefined) life.toNs = nowNs;
    meter.busyNs += busyNs;
    meter.prefillTokens += prefillTokens;
    meter.decodeTokens += decodeTokens;
    meter.current = undefined;
    this.#meterOf.delete(worker);
  }

  /** A worker has computed a prompt, or taken over KV. */
  served(worker: MeteredWorker): void {
    this.#of(worker).requests += 1;
  }

  /** Everybody at an instant. Who was there before keeps its place. */
  read(nowNs: number): readonly Standing[] {
    return this.#meters.map((meter) => standing(meter, nowNs));
  }

  #of(worker: MeteredWorker): Meter {
    const meter = this.#meterOf.get(worker);
    assert(meter !== undefined, "a worker is there before it does anything", worker.number);
    return meter;
  }
}

const newMeter = (worker: number, deployment: number): Meter => ({
  worker,
  deployment,
  current: undefined,
  lives: [],
  busyNs: 0,
  prefillTokens: 0,
  decodeTokens: 0,
  requests: 0,
});

const standing = (meter: Meter, nowNs: number): Standing => {
  const { worker, deployment, requests, current } = meter;
  const now = current?.reading(nowNs);
  return {
    worker,
    deployment,
    requests,
    aliveNs: meter.lives.reduce(
      (sum, { fromNs, toNs }) => sum + Math.max(0, Math.min(toNs, nowNs) - fromNs),
      0,
    ),
    busyNs: meter.busyNs + (now?.busyNs ?? 0),
    prefillTokens: meter.prefillTokens + (now?.prefillTokens ?? 0),
    decodeTokens: meter.decodeTokens + (now?.decodeTokens ?? 0),
    now,
  };
};
