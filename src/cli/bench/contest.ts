import type { Bound } from "./bounds.ts";
import { type Figure, figureOf, type Measure, type Sample } from "./figure.ts";

/** Something that is timed, and its bound. */
export type Contest = {
  readonly run: () => Promise<Sample>;
  readonly bound: Pick<Bound, "name" | "about">;
  readonly runBound: () => Promise<Sample>;
  readonly measures: readonly Measure[];
  /** How often each is timed. */
  readonly runs: number;
  /** How often each is run before, and forgotten: caches fill. */
  readonly warmUps: number;
};

/** How many runs a contest takes. */
export const runsOf = ({ runs, warmUps }: Pick<Contest, "runs" | "warmUps">): number =>
  2 * (runs + warmUps);

/**
 * Holds a contest. What is timed and its bound take turns, so that a machine that is slow for a while is slow for both. `tick` is called before
 * each run, and may end it all by throwing.
 */
export const hold = async (contest: Contest, tick: () => void): Promise<readonly Figure[]> => {
  const samples: Sample[] = [];
  const boundSamples: Sample[] = [];
  for (let turn = -contest.warmUps; turn < contest.runs; turn += 1) {
    tick();
    const sample = await contest.run();
    tick();
    const boundSample = await contest.runBound();
    if (turn < 0) continue;
    samples.push(sample);
    boundSamples.push(boundSample);
  }
  return contest.measures.map((measure) =>
    figureOf(measure, samples, contest.bound.name, boundSamples),
  );
};
