import { INVARIANT_IDS, INVARIANTS, type InvariantId } from "./invariants.ts";

/** How an invariant fared over a whole run. */
export type InvariantCount = {
  readonly id: InvariantId;
  readonly statement: string;
  /** How often it was looked at. */
  readonly evaluated: number;
  /** How often that meant something: there was a hit, a copy, an eviction to judge. */
  readonly premise_true: number;
  readonly violated: number;
};

/** One violation: which invariant, when, and what was seen. */
export type Violation = {
  readonly id: InvariantId;
  readonly at_ns: number;
  /** The request that was last heard of; −1 before the first. */
  readonly request: number;
  /** The number that is off: how many too many, how many nanoseconds too early. */
  readonly found: number;
};

/** What is done about a violation: it is written down, or the run stops there. */
export type OnViolation = "record" | "stop";

/** How many violations are kept in full; all are counted. */
const KEPT_MAX = 20;

/** Thrown at a violation, when that is to stop the run: what was being run must not be used any further. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
  readonly violation: Violation;

  constructor(violation: Violation) {
    const { id, at_ns, request, found } = violation;
    super(`${id} must hold at ${at_ns} ns, request ${request}: ${INVARIANTS[id]}, found ${found}`);
    this.violation = violation;
  }
}

/** Counts one invariant. */
export class Counter {
  evaluated = 0;
  premiseTrue = 0;
  violated = 0;
  readonly #id: InvariantId;
  readonly #counts: Counts;

  constructor(id: InvariantId, counts: Counts) {
    this.#id = id;
    this.#counts = counts;
  }

  /** Counts one look: whether its premise was true, and whether what it says was. `found` is shown when it was not. */
  check(premise: boolean, truth: boolean, found: number): void {
    this.evaluated += 1;
    if (!premise) return;
    this.premiseTrue += 1;
    if (truth) return;
    this.violated += 1;
    this.#counts.violation(this.#id, found);
  }
}

/** The counters of a run, and its first violations. */
export class Counts {
  /** The instant and the request that a violation is blamed on. */
  nowNs = 0;
  request = -1;
  readonly #isStopping: boolean;
  readonly #counters: Readonly<Record<InvariantId, Counter>>;
  readonly #kept: Violation[] = [];

  constructor(onViolation: OnViolation) {
    this.#isStopping = onViolation === "stop";
    this.#counters = Object.fromEntries(
      INVARIANT_IDS.map((id) => [id, new Counter(id, this)]),
    ) as Record<InvariantId, Counter>;
  }

  /** The counter of an invariant. */
  of(id: InvariantId): Counter {
    return this.#counters[id];
  }

  /** Keeps a violation that has been counted; throws `RunStopped` when it is to stop the run. */
  violation(id: InvariantId, found: number): void {
    const violation = { id, at_ns: this.nowNs, request: this.request, found };
    if (this.#kept.length < KEPT_MAX) this.#kept.push(violation);
    if (this.#isStopping) throw new RunStopped(violation);
  }

  /** The counts, by id in order. */
  all(): readonly InvariantCount[] {
    return INVARIANT_IDS.map((id) => {
      const { evaluated, premiseTrue, violated } = this.#counters[id];
      return { id, statement: INVARIANTS[id], evaluated, premise_true: premiseTrue, violated };
    });
  }

  /** The first violations, in the order in which they were seen. */
  violations(): readonly Violation[] {
    return this.#kept;
  }
}
