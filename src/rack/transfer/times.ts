import { assert, bytes } from "#base";
import { transferTime } from "#cost";
import { type Distance, workerDistance, workers } from "#spec";
import type { TransferShape } from "./contract.ts";

/** How long one block takes between two workers, in nanoseconds; both must be there. */
export type BlockTime = (from: number, to: number) => number;

const DISTANCES = [0, 1, 2, 3] as const satisfies readonly Distance[];
/** A distance that nobody has asked for. */
const UNKNOWN = 255;

/** Works out four times at once, and the distance of each pair of workers when it is first asked for: a byte each. */
export const blockTimes = ({ profile, tp, blockBytes }: TransferShape): BlockTime => {
  const all = workers(profile, tp);
  const count = all.length;
  const far = new Uint8Array(count * count).fill(UNKNOWN);
  const measured = (from: number, to: number): number => {
    const [left, right] = [all[from], all[to]];
    assert(left !== undefined && right !== undefined, "a block goes between workers");
    return workerDistance(profile, left, right);
  };
  const nsAt = DISTANCES.map(
    (distance): number => transferTime(profile, distance, bytes(blockBytes), tp).total,
  );
  return (from, to) => {
    const pair = from * count + to;
    if (far[pair] === UNKNOWN) far[pair] = measured(from, to);
    return nsAt[far[pair] as number] as number;
  };
};
