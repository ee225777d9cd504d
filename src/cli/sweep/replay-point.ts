/** How one point is replayed: the one place where a sweep meets the replay. */
import { InputError, type Issue } from "#base";
import { plan, type ReplayOptions, type ReplayTrace, readReplayOptions, replay } from "#replay";
import type { RunRecord, Store } from "#store";
import { findingsOf, replayTraceOf, runInput } from "../replay-stored.ts";

/** Every reason why a trace cannot be replayed with some options, as far as that shows without replaying it; none when it can. */
export const whyNot = (trace: ReplayTrace, options: ReplayOptions): readonly Issue[] => {
  try {
    plan(readReplayOptions(options), trace);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return thrown.issues;
  }
};

/** A trace for many plans: it looks for its largest requests once for each size of blocks. */
export const tracePlanned = (store: Store, name: string): ReplayTrace => {
  const trace = replayTraceOf(store, name);
  const found = new Map<number, ReturnType<Store["largest"]>>();
  return {
    ...trace,
    largest(blockTokens) {
      const largest = found.get(blockTokens) ?? store.largest(name, blockTokens);
      found.set(blockTokens, largest);
      return largest;
    },
  };
};

/** Replays a stored trace and gives what is to be kept of it; stores nothing. Throws an `InputError`, also half way. */
export const replayPoint = (store: Store, trace: string, options: ReplayOptions): RunRecord => ({
  ...runInput(trace, options),
  ...findingsOf(replay(replayTraceOf(store, trace), options)),
});
