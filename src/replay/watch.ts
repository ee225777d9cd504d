/** The invariants of a run: what must be true at every event, and how often it was really put to the test. */
/** Every invariant of a request-level run, by id. An id is never reused. */
export const INVARIANTS = {
  "RUN-1":
    "every request that arrived is waiting, prefilling, decoding, completed or failed, and in one of them only",
  "RUN-2": "the clock never goes back",
  "RUN-3": "a request's arrival ≤ start ≤ first token ≤ end",
  "RUN-4": "in every pool, free + filling + active + cached = capacity, and none is negative",
  "RUN-5": "the directory lists exactly what the pools hold readable",
  "RUN-6":
    "no block becomes readable at a worker that has it already, and none is removed where it is not",
  "RUN-7":
    "the hits of a request are the leading run that the directory lists for its worker at that moment, no more and no less",
  "RUN-8":
    "the blocks in use on a worker never exceed what its running requests asked for, nor its capacity",
  "RUN-9": "a block that is fetched is listed at its source at that moment",
  "RUN-10":
    "a request is in use of blocks exactly from its start to its end, and at the end none is in use",
  "RUN-11":
    "the time of a request is never below the roofline's time for what it computed and moved",
  "RUN-12": "a block becomes readable only when a request that asked for it has been prefilled",
} as const;

/** The id of an invariant. */
export type InvariantId = keyof typeof INVARIANTS;

/** The ids, in order. */
export const INVARIANT_IDS = Object.keys(INVARIANTS) as readonly InvariantId[];

const INDEX = Object.fromEntries(INVARIANT_IDS.map((id, index) => [id, index])) as Readonly<
  Record<InvariantId, number>
>;

/** How an invariant fared over a whole run. */
export type InvariantCount = {
  readonly id: InvariantId;
  readonly statement: string;
  /** How often it was looked at. */
  readonly evaluated: number;
  /** How often that meant something: there was a hit, a transfer, an eviction to judge. */
  readonly premise_true: number;
  readonly violated: number;
};

/** One violation: which invariant, when, and what was seen. */
export type Violation = {
  readonly id: InvariantId;
  readonly at_ns: number;
  readonly request: number;
  /** The number that is off: how many too many, how many nanoseconds too early. */
  readonly found: number;
};

/** How many violations are kept in full; all are counted. */
const KEPT_MAX = 20;

/** Counts what is checked. One a run. */
export class Watch {
  readonly #evaluated = new Float64Array(INVARIANT_IDS.length);
  readonly #meant = new Float64Array(INVARIANT_IDS.length);
  readonly #violated = new Float64Array(INVARIANT_IDS.length);
  readonly #kept: Violation[] = [];
  /** The moment and the request that a violation is blamed on. */
  now = 0;
  request = -1;

  /**
   * Counts one look at an invariant: whether its premise was true, and whether what it says was. `found` is shown when it was not.
   */
  check(id: InvariantId, premise: boolean, truth: boolean, found: number): void {
    const index = INDEX[id];
    this.#evaluated[index] = (this.#evaluated[index] as number) + 1;
    if (!premise) return;
    this.#meant[index] = (this.#meant[index] as number) + 1;
    if (truth) return;
    this.#violated[index] = (this.#violated[index] as number) + 1;
    if (this.#kept.length >= KEPT_MAX) return;
    this.#kept.push({ id, at_ns: this.now, request: this.request, found });
  }

  /** The counts, by id in order. */
  counts(): readonly InvariantCount[] {
    return INVARIANT_IDS.map((id, index) => ({
      id,
      statement: INVARIANTS[id],
      evaluated: this.#evaluated[index] as number,
      premise_true: this.#meant[index] as number,
      violated: this.#violated[index] as number,
    }));
  }

  /** The first violations, in the order in which they were seen. */
  violations(): readonly Violation[] {
    return this.#kept;
  }
}
