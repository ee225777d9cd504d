import { InputError } from "#base";
import {
  type InvariantId,
  type ReplayExtras,
  type ReplayResult,
  replay,
  type Violation,
} from "#replay";
import type { RunInput } from "./run-case.ts";

/** Which parts a rack is made of; its own when left out. */
export type PartsOf = ReplayExtras["partsOf"];

/** Replays an input with every invariant watched. */
export const replayInput = (
  input: RunInput,
  onViolation: "record" | "stop",
  extras: ReplayExtras,
): ReplayResult => {
  const { options, ...trace } = input;
  return replay(trace, { ...options, checks: "all", on_violation: onViolation }, extras);
};

/** What was seen of an invariant, and how many replays it took. */
type Seen = { readonly found: Violation | undefined; readonly replays: number };

/**
 * The first violation of an invariant, or of any when none is named; nothing when the run has none. Stops at the first violation
 * whatever it is, and goes through all of the run only when that one is another's: then the invariant must be among the first
 * that the watch keeps in full.
 */
export const violationIn = (
  input: RunInput,
  invariant: InvariantId | undefined,
  partsOf: PartsOf,
): Seen => {
  const [first] = replayInput(input, "stop", { partsOf }).first_violations;
  const isSought = first === undefined || invariant === undefined || first.id === invariant;
  if (isSought) return { found: first, replays: 1 };
  const { first_violations } = replayInput(input, "record", { partsOf });
  return { found: first_violations.find(({ id }) => id === invariant), replays: 2 };
};

/** How inputs are tried. */
export type AttemptSettings = {
  readonly partsOf: PartsOf;
  /** How many requests may be replayed in all. */
  readonly budget: number;
  /** What building the rack costs each time, in requests. */
  readonly rackCost: number;
};

/** Tries smaller inputs one after the other, and keeps the smallest that still violates the invariant, until it has replayed enough. */
export class Attempts {
  /** The smallest input so far, and what it violates. */
  input: RunInput;
  found: Violation;
  /** Replays so far. */
  replays = 0;
  readonly #settings: AttemptSettings;
  #left: number;

  /** From an input that violates the invariant of `found`. */
  constructor(input: RunInput, found: Violation, settings: AttemptSettings) {
    this.input = input;
    this.found = found;
    this.#settings = settings;
    this.#left = settings.budget;
  }

  /** Whether nothing more is tried. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  /** Takes an input in the place of the one so far if it still violates the invariant; whether it does. */
  adopt(input: RunInput): boolean {
    if (this.isSpent) return false;
    const { found, replays } = this.#look(input);
    this.replays += replays;
    this.#left -= replays * (input.requests.length + this.#settings.rackCost);
    if (found === undefined) return false;
    this.input = input;
    this.found = found;
    return true;
  }

  /** The same with other requests. */
  adoptRequests(requests: RunInput["requests"]): boolean {
    return this.adopt({ ...this.input, requests });
  }

  #look(input: RunInput): Seen {
    try {
      return violationIn(input, this.found.id, this.#settings.partsOf);
    } catch (thrown) {
      if (thrown instanceof InputError) throw thrown;
      // Broken parts may run into our own assertions: that is not what is looked for here.
      return { found: undefined, replays: 1 };
    }
  }
}
