import { ascending } from "#base";
import type { SeriesRow } from "../record.ts";
import type { Standing } from "./meters.ts";

/** What a worker of a number has done, up to the end of an interval. */
type Done = {
  readonly busyNs: number;
  readonly prefillTokens: number;
  readonly decodeTokens: number;
};

const NOTHING: Done = Object.freeze({ busyNs: 0, prefillTokens: 0, decodeTokens: 0 });

const more = (left: Done, right: Done): Done => ({
  busyNs: left.busyNs + right.busyNs,
  prefillTokens: left.prefillTokens + right.prefillTokens,
  decodeTokens: left.decodeTokens + right.decodeTokens,
});

/** Tells how workers stand at the end of each interval, and what they did in it: by number, those that are there or were there in it. */
export class Series {
  readonly #tell: (row: SeriesRow) => void;
  #done = new Map<number, Done>();

  constructor(tell: (row: SeriesRow) => void) {
    this.#tell = tell;
  }

  /** An interval has ended. */
  take(atNs: number, standings: readonly Standing[]): void {
    const done = new Map<number, Done>();
    const present = new Map<number, NonNullable<Standing["now"]>>();
    for (const standing of standings) {
      const { worker, now } = standing;
      done.set(worker, more(done.get(worker) ?? NOTHING, standing));
      if (now !== undefined) present.set(worker, now);
    }
    for (const worker of [...done.keys()].toSorted(ascending((number) => number))) {
      const total = done.get(worker) as Done;
      const before = this.#done.get(worker) ?? NOTHING;
      const now = present.get(worker);
      const busyNs = total.busyNs - before.busyNs;
      const prefillTokens = total.prefillTokens - before.prefillTokens;
      const decodeTokens = total.decodeTokens - before.decodeTokens;
      if (now === undefined && busyNs + prefillTokens + decodeTokens === 0) continue;
      this.#tell({
        atNs,
        worker,
        waiting: now?.waiting ?? 0,
        running: now?.running ?? 0,
        heldBlocks: now?.heldBlocks ?? 0,
        cachedBlocks: now?.cachedBlocks ?? 0,
        freeBlocks: now?.freeBlocks ?? 0,
        busyNs,
        prefillTokens,
        decodeTokens,
      });
    }
    this.#done = done;
  }
}
