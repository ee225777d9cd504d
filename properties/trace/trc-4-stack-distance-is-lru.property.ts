import fc from "fast-check";
import { createStackDistances } from "#trace";
import { asIs, finding, property, type Subject, sequences, values } from "#verify";

const BLOCKS = 10;

/**
 * The model: an LRU cache of one capacity as a list, most recent first. Says whether a reference
 * hits.
 */
const naiveLru = (capacity: number) => {
  const recent: number[] = [];
  return (block: number): boolean => {
    const at = recent.indexOf(block);
    if (at >= 0) recent.splice(at, 1);
    else if (recent.length === capacity) recent.pop();
    recent.unshift(block);
    return at >= 0;
  };
};

/** Four slots to begin with, so that they run out and are compacted within a few references. */
const distances: Subject<number, number> = () => {
  const measure = createStackDistances(4);
  return (block) => measure.touch(block);
};

const distinctAfterLast = (seen: readonly number[], block: number): number => {
  const last = seen.lastIndexOf(block);
  return last < 0 ? 0 : new Set(seen.slice(last)).size;
};

/** A measure that looks at all references so far, made wrong by `wrong`. */
const naiveMeasure =
  (wrong: (seen: readonly number[], block: number) => number): Subject<number, number> =>
  () => {
    const seen: number[] = [];
    return (block) => {
      const distance = wrong(seen, block);
      seen.push(block);
      return distance;
    };
  };

export default property<readonly number[], number, number>({
  id: "TRC-4",
  part: "trace",
  statement:
    "a reference hits an LRU cache of any capacity exactly when its stack distance is 1 to that capacity",
  given: values(fc.array(fc.nat({ max: BLOCKS - 1 }), { maxLength: 100, size: "max" }), () =>
    sequences([0, 1, 2], 6),
  ),
  subject: distances,
  scripts: asIs,

  holds(blocks, [replies = []]) {
    for (let capacity = 1; capacity <= BLOCKS + 1; capacity += 1) {
      const lru = naiveLru(capacity);
      for (const [at, block] of blocks.entries()) {
        const distance = replies[at] ?? Number.NaN;
        const hit = lru(block);
        const says = distance >= 1 && distance <= capacity;
        if (says !== hit) return finding(at, hit, says, `a hit at ${capacity} blocks`);
      }
    }
    return undefined;
  },

  witnesses: {
    "a block twice in a row": (blocks) =>
      blocks.some((block, at) => at > 0 && block === blocks[at - 1]),
    "a hit that only a cache of four or more sees": (_, [replies = []]) =>
      replies.some((distance) => distance >= 4),
    "slots that run out": (blocks) => blocks.length > 8,
  },

  mutants: {
    "does not count the block itself": naiveMeasure((seen, block) =>
      Math.max(0, distinctAfterLast(seen, block) - 1),
    ),
    "counts references instead of blocks": naiveMeasure((seen, block) =>
      seen.includes(block) ? seen.length - seen.lastIndexOf(block) : 0,
    ),
    "measures from the first reference": naiveMeasure((seen, block) => {
      const first = seen.indexOf(block);
      return first < 0 ? 0 : new Set(seen.slice(first)).size;
    }),
    "forgets what came before its slots ran out": naiveMeasure((seen, block) =>
      distinctAfterLast(seen.slice(seen.length - (seen.length % 8)), block),
    ),
  },
});
