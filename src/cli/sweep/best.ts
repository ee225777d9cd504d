import type { ReplayResult } from "#replay";
import { MEASURES, type Measure } from "./measures.ts";

/** A run that lost requests is quick with the rest, and one that broke an invariant is no run of this rack: neither is held against the others. */
const comparable = (results: readonly ReplayResult[]): readonly ReplayResult[] => {
  const sound = results.filter(({ violations }) => violations === 0);
  const most = Math.max(...sound.map(({ requests }) => requests.completed));
  return sound.filter(({ requests }) => requests.completed === most);
};

/** How requests ended: what decides which runs the others are compared among. */
const ENDS: readonly string[] = ["completed", "failed", "cancelled"];

const bestOf = ({ best, of }: Measure, results: readonly ReplayResult[]): number | undefined => {
  if (best === undefined) return undefined;
  const values = results.map(of).filter((value) => value !== null);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // Where all are alike, or there is but one, nothing is better than anything.
  if (!(least < most)) return undefined;
  return best === "least" ? least : most;
};

/**
 * Says of a run in which measures it is best, by name; ties all are. Compared are the runs without a violation that completed the most requests;
 * in how they ended, all without a violation.
 */
export const bestAmong = (
  results: readonly ReplayResult[],
): ((result: ReplayResult) => readonly string[]) => {
  const sound = results.filter(({ violations }) => violations === 0);
  const fair = comparable(results);
  const compared = MEASURES.map((measure) => {
    const among = ENDS.includes(measure.name) ? sound : fair;
    return { measure, among: new Set(among), best: bestOf(measure, among) };
  });
  return (result) =>
    compared
      .filter(({ measure, among, best }) => among.has(result) && measure.of(result) === best)
      .map(({ measure }) => measure.name);
};
