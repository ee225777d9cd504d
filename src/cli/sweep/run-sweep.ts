/** Runs the points of a grid that were not run yet, and keeps each run as `replay` would. */
import { assert, InputError, type Issue, SpecViolation } from "#base";
import type { ReplayResult } from "#replay";
import type { Store } from "#store";
import { storedRuns } from "../find-run.ts";
import { resultOf } from "../replay-stored.ts";
import { Interrupted } from "../world.ts";
import type { Point } from "./grid.ts";
import { inThreads, type Sharing } from "./in-threads.ts";
import { tracePlanned, whyNot } from "./replay-point.ts";
import type { Job, Reply } from "./thread.ts";

/** What became of a point: a run that is kept, or the reasons why there is none. */
export type Outcome =
  | { readonly kind: "run"; readonly runId: number; readonly result: ReplayResult }
  | { readonly kind: "refused"; readonly issues: readonly Issue[] };

/** A point, with its outcome when that is known. */
export type Sighted = { readonly point: Point; readonly outcome: Outcome | undefined };

/** A point, with its outcome. */
export type Ended = { readonly point: Point; readonly outcome: Outcome };

/** Looks at every point before anything runs: which are there already, and which cannot be. */
export const sight = (
  store: Store,
  trace: string,
  points: readonly Point[],
): readonly Sighted[] => {
  const find = storedRuns(store);
  const facts = tracePlanned(store, trace);
  return points.map((point) => {
    const run = find(trace, point.options);
    if (run !== undefined) {
      return { point, outcome: { kind: "run", runId: run.runId, result: resultOf(run) } };
    }
    const issues = whyNot(facts, point.options);
    return { point, outcome: issues.length > 0 ? { kind: "refused", issues } : undefined };
  });
};

/** What a sweep's runs are made of, and who is told how far it is. */
export type SweepWork = Omit<Sharing, "signal"> & {
  readonly db: string;
  readonly trace: string;
  progress(done: number, total: number): void;
};

/** A fault of the database is no fault of the point: nothing else could be read or kept either. */
const isOfTheDatabase = ({ code }: Issue): boolean => code.startsWith("STORE-");

const kept = (store: Store, { label }: Point, reply: Reply): Outcome => {
  if (reply.kind === "broken") throw new SpecViolation(`${label} broke off: ${reply.stack}`);
  if (reply.kind === "refused") {
    if (reply.issues.some(isOfTheDatabase)) throw new InputError(reply.issues);
    return reply;
  }
  const { runId } = store.saveRun(reply.record);
  return { kind: "run", runId, result: resultOf({ ...reply.record, runId }) };
};

/** Keeps replies in the order of the grid, whatever the order in which they come: a database is then the same for any number of threads. */
class Keeper {
  readonly #store: Store;
  readonly #points: readonly Point[];
  readonly #early = new Map<number, Reply>();
  readonly outcomes: Outcome[] = [];

  constructor(store: Store, points: readonly Point[]) {
    this.#store = store;
    this.#points = points;
  }

  take(at: number, reply: Reply): void {
    this.#early.set(at, reply);
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const place = this.outcomes.length;
      this.#early.delete(place);
      this.outcomes.push(this.#keep(place, next));
    }
  }

  /** How many replies have come. */
  get taken(): number {
    return this.outcomes.length + this.#early.size;
  }

  /** Keeps what has come before its turn, because its turn will not come. */
  rescue(): void {
    for (const [at, reply] of this.#early) if (reply.kind === "run") this.#keep(at, reply);
    this.#early.clear();
  }

  #next(): Reply | undefined {
    return this.#early.get(this.outcomes.length);
  }

  #keep(at: number, reply: Reply): Outcome {
    return kept(this.#store, this.#points[at] as Point, reply);
  }
}

/**
 * Runs every point whose outcome is not known, and gives the outcomes of all, in order. Each run is kept in a transaction of its own, in the
 * order of the grid. Throws `Interrupted` on the signal, an `InputError` for a fault of the database, and a `SpecViolation` when a point broke off;
 * what was finished by then is kept all the same.
 */
export const runSweep = async (
  store: Store,
  sighted: readonly Sighted[],
  work: SweepWork,
  signal: AbortSignal,
): Promise<readonly Ended[]> => {
  const { db, trace, file, threads, progress } = work;
  const open = sighted.filter(({ outcome }) => outcome === undefined).map(({ point }) => point);
  const jobs = open.map(({ options }): Job => ({ db, trace, options }));
  const keeper = new Keeper(store, open);
  const known = sighted.length - open.length;
  const tick = (): void => progress(known + keeper.taken, sighted.length);
  // A bar that nobody moves would look like work that hangs: a point can take minutes.
  const timer = setInterval(tick, 500);
  try {
    await inThreads<Job, Reply>(jobs, { file, threads, signal }, (at, reply) => {
      keeper.take(at, reply);
      tick();
    });
  } catch (thrown) {
    keeper.rescue();
    throw signal.aborted ? interrupted(store, trace, sighted) : thrown;
  } finally {
    clearInterval(timer);
  }
  let next = 0;
  return sighted.map(({ point, outcome }) => {
    if (outcome !== undefined) return { point, outcome };
    const ran = keeper.outcomes[next];
    assert(ran !== undefined, "every point of a sweep has an outcome at its end");
    next += 1;
    return { point, outcome: ran };
  });
};

const interrupted = (store: Store, trace: string, sighted: readonly Sighted[]): Interrupted => {
  const find = storedRuns(store);
  const there = sighted.filter(({ point }) => find(trace, point.options) !== undefined).length;
  return new Interrupted(
    `Interrupted: ${there} of ${sighted.length} points are kept; the same line does the rest.`,
  );
};
