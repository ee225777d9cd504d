import { worstOf } from "./loads.ts";
import type { Standing } from "./meters.ts";
import type { LoadOverTime } from "./result.ts";

/** So many intervals are kept at most; twice as long ones take their place when there are more. */
const INTERVALS_MAX = 32;

/** How long an interval is to begin with: a millisecond. */
const FIRST_NS = 1_000_000;

type Snapshot = { readonly atNs: number; readonly standings: readonly Standing[] };

/** Gathers how busy workers were over a run of whatever length, in memory that does not grow with it. */
export class LoadHistory {
  #everyNs = FIRST_NS;
  #snapshots: Snapshot[] = [];

  /** When the interval under way ends. */
  get nextNs(): number {
    return (this.#snapshots.length + 1) * this.#everyNs;
  }

  /** It has ended. */
  take(standings: readonly Standing[]): void {
    this.#snapshots.push({ atNs: this.nextNs, standings });
    if (this.#snapshots.length < INTERVALS_MAX) return;
    this.#snapshots = this.#snapshots.filter((_, index) => index % 2 === 1);
    this.#everyNs *= 2;
  }

  /** The run has ended, maybe within an interval or before its begin; `standings` are those of the end. */
  found(endNs: number, standings: readonly Standing[]): LoadOverTime {
    const whole = this.#snapshots.filter(({ atNs }) => atNs < endNs);
    const all: readonly Snapshot[] = endNs > 0 ? [...whole, { atNs: endNs, standings }] : [];
    const steps = all.map((snapshot, index) => between(all[index - 1]?.standings, snapshot));
    return {
      every_ns: this.#everyNs,
      busy_share: steps.map(({ share }) => share),
      busy_max_over_mean: steps.map(({ worst }) => worst),
      waiting: steps.map(({ waiting }) => waiting),
    };
  }
}

/** What happened from one snapshot to the next; those of the first come first in the second. */
const between = (before: readonly Standing[] | undefined, { standings }: Snapshot) => {
  const loads = standings.map(({ deployment, aliveNs, busyNs }, index) => ({
    deployment,
    aliveNs: aliveNs - (before?.[index]?.aliveNs ?? 0),
    load: busyNs - (before?.[index]?.busyNs ?? 0),
  }));
  const aliveNs = loads.reduce((sum, worker) => sum + worker.aliveNs, 0);
  const busyNs = loads.reduce((sum, worker) => sum + worker.load, 0);
  return {
    share: aliveNs > 0 ? busyNs / aliveNs : null,
    worst: worstOf(loads.filter((worker) => worker.aliveNs > 0)),
    waiting: standings.reduce((sum, { now }) => sum + (now?.waiting ?? 0), 0),
  };
};
