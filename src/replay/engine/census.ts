import type { Live, State } from "./live.ts";

/** Hears every change of a request's state, before it is made. */
export type CensusWatcher = (live: Live, to: State) => void;

/** How many requests are in which state. Every change of state goes through here. */
export class Census {
  readonly counts: Record<State, number> = {
    unrouted: 0,
    waiting: 0,
    fetching: 0,
    prefilling: 0,
    handover: 0,
    moving: 0,
    ready: 0,
    decoding: 0,
    ended: 0,
  };
  readonly #watcher: CensusWatcher | undefined;

  constructor(watcher: CensusWatcher | undefined) {
    this.#watcher = watcher;
  }

  /** A request has arrived, and nobody has it yet. */
  enter(): void {
    this.counts.unrouted += 1;
  }

  /** A request changes its state. */
  move(live: Live, to: State): void {
    this.#watcher?.(live, to);
    this.counts[live.state] -= 1;
    this.counts[to] += 1;
    live.state = to;
  }

  /** Requests that have arrived and not ended. */
  get open(): number {
    const { counts } = this;
    return (
      counts.unrouted +
      counts.waiting +
      counts.fetching +
      counts.prefilling +
      counts.handover +
      counts.moving +
      counts.ready +
      counts.decoding
    );
  }
}
