import { InputError } from "#base";
import type { ReplayOptions } from "#replay";
import { showCount } from "#report";
import { axisName, type Place } from "./axes.ts";
import type { Varied } from "./vary.ts";

/** One point of a grid: a replay to be made. */
export type Point = {
  /** What it has on each varied axis, in the order of the axes. */
  readonly places: readonly Place[];
  readonly options: ReplayOptions;
  /** `policy=round-robin tp=8` */
  readonly label: string;
};

/** Each point is a whole replay; a grid of more is a slip of the hand. */
const POINTS_MAX = 10_000;

const START: Omit<Point, "options"> = { places: [], label: "" };

const widened = (points: readonly Point[], { axis, settings }: Varied): readonly Point[] =>
  points.flatMap(({ places, options, label }) =>
    settings.map(({ place, text, apply }) => ({
      places: [...places, place],
      options: apply(options),
      label: `${label}${label && " "}${axisName(axis)}=${text}`,
    })),
  );

/** Every combination of the axes' values, the last axis quickest. Throws an `InputError` CLI-2 for more than 10,000. */
export const pointsOf = (varied: readonly Varied[], base: ReplayOptions): readonly Point[] => {
  const size = varied.reduce((product, { settings }) => product * settings.length, 1);
  if (size > POINTS_MAX) {
    const message = `a sweep must have at most ${showCount(POINTS_MAX)} points, found ${showCount(size)}`;
    throw new InputError([{ code: "CLI-2", message }]);
  }
  return varied.reduce(widened, [{ ...START, options: base }]);
};
