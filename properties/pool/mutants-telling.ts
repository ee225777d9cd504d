/** Pools that tell several blocks at once and get it wrong, each the model with a fill of its own. */
import { PoolModel } from "#rack";

/** Tells what a fill makes readable at once, where it can. */
class TellsFillsInRuns extends PoolModel {
  override fill(request: number): ReturnType<PoolModel["fill"]> {
    if (this.events.storedRun === undefined) return super.fill(request);
    const chain = this.requests.get(request)?.chain ?? [];
    const fresh = chain.filter((name) => this.blocks.get(name)?.readable === false);
    for (const name of fresh) {
      const block = this.blocks.get(name);
      if (block) block.readable = true;
    }
    if (fresh.length > 0) this.tellRun(fresh);
    return super.fill(request);
  }

  protected tellRun(names: readonly number[]): void {
    this.events.storedRun?.(Uint32Array.from(names), names.length);
  }
}

/** Tells the deepest block first. */
export class TellsRunsBackwards extends TellsFillsInRuns {
  protected override tellRun(names: readonly number[]): void {
    super.tellRun(names.toReversed());
  }
}

/** Leaves out the last block of a run. */
export class CutsRuns extends TellsFillsInRuns {
  protected override tellRun(names: readonly number[]): void {
    super.tellRun(names.slice(0, -1));
  }
}

/** Tells its whole buffer, with what is left in it of a longer run. */
export class TellsItsBuffer extends TellsFillsInRuns {
  readonly #buffer: number[] = [];
  protected override tellRun(names: readonly number[]): void {
    this.#buffer.splice(0, names.length, ...names);
    super.tellRun(this.#buffer);
  }
}

/** Tells a run, and then each of its blocks. */
export class TellsRunsTwice extends TellsFillsInRuns {
  protected override tellRun(names: readonly number[]): void {
    super.tellRun(names);
    for (const name of names) this.events.stored(name);
  }
}
