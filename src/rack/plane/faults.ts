import type { PlaneFault } from "./contract.ts";

/** What an announcement suffers. */
export type Suffered = {
  readonly isDropped: boolean;
  readonly isDoubled: boolean;
  readonly delayNs: number;
};

const NOTHING: Suffered = Object.freeze({ isDropped: false, isDoubled: false, delayNs: 0 });

/** The faults that are in force, each until its end. */
export class Faults {
  #faults: readonly PlaneFault[] = [];
  /** Behind this instant there is none. */
  #endNs = 0;

  add(fault: PlaneFault, nowNs: number): void {
    this.#faults = [...this.#faults.filter(({ untilNs }) => untilNs > nowNs), fault];
    this.#endNs = Math.max(this.#endNs, fault.untilNs);
  }

  /** What a place's announcement suffers now. */
  of(place: number, nowNs: number): Suffered {
    if (nowNs >= this.#endNs) return NOTHING;
    const mine = this.#faults.filter(
      (fault) => fault.untilNs > nowNs && (fault.place === null || fault.place === place),
    );
    const delays = mine.map(({ how, delayNs = 0 }) => (how === "delay" ? delayNs : 0));
    return {
      isDropped: mine.some(({ how }) => how === "drop"),
      isDoubled: mine.some(({ how }) => how === "duplicate"),
      delayNs: Math.max(0, ...delays),
    };
  }
}
