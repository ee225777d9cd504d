import type { FabricAudit } from "./contract.ts";
import type { Passage } from "./shares.ts";
import { UNITS_PER_BYTE } from "./units.ts";

/** What one flow had to do with a window: what it went through, and the units that it moved. */
export type Moved = { readonly uses: readonly Passage[]; readonly moved: number };

/**
 * Adds up what went through everything in each window, and holds it against rate × time: by what was moved, not by what was shared out, so that a wrong
 * share shows.
 */
export class Windows {
  #windows = 0;
  #shared = 0;
  #excess = 0;

  /** A window is over. Costs a few steps for each flow. */
  close(flows: readonly Moved[], spanNs: number): void {
    for (const { uses, moved } of flows) {
      for (const one of uses) {
        one.users += 1;
        one.passed += moved;
      }
    }
    let most = 0;
    for (const { uses } of flows) {
      for (const one of uses) {
        if (one.users === 0) continue;
        most = Math.max(most, one.users);
        this.#excess = Math.max(this.#excess, one.passed - one.perNano * spanNs);
        one.busyNs += spanNs;
        one.users = 0;
        one.passed = 0;
      }
    }
    if (most > 0) this.#windows += 1;
    if (most > 1) this.#shared += 1;
  }

  audit(): FabricAudit {
    return {
      windows: this.#windows,
      sharedWindows: this.#shared,
      excessBytes: this.#excess / UNITS_PER_BYTE,
    };
  }
}
