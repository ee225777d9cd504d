import { BARE_BYTES, directoryMemory, poolMemory } from "./block-memory.ts";
import { directoryWork, inOrder, lookUpWork, poolWork, scattered } from "./block-work.ts";
import type { Contest } from "./contest.ts";
import type { Bar, Sample } from "./figure.ts";
import { besideProbes } from "./probes.ts";
import type { Stage } from "./stage.ts";

/** What the directory must reach: so many operations, and a third of the bare probes. */
const DIRECTORY_BARS: readonly Bar[] = [
  { kind: "atLeast", value: 5_000_000 },
  { kind: "ratioAtLeast", value: 0.333 },
];

/** A part alone, against as many probes over as many keys. */
const part = (
  stage: Stage,
  name: string,
  keys: number,
  work: () => Sample,
  bars: readonly (Bar | undefined)[] = [undefined],
): Contest =>
  besideProbes(
    stage,
    bars.map((bar) => ({ name, unit: "block operations/s", ...(bar && { bar }) })),
    work,
    keys,
  );

/** What a block weighs in a part, against its bare number. */
const memory = (name: string, blocks: number, weigh: (blocks: number) => Sample): Contest => ({
  runs: 1,
  warmUps: 0,
  run: async () => weigh(blocks),
  bound: {
    name: "bare numbers",
    about: "four bytes for a block's number, and nothing of who holds it; reckoned, not measured",
  },
  runBound: async () => ({ ms: 0, count: blocks, peakBytes: BARE_BYTES * blocks }),
  measures: [{ name, unit: "bytes/block", bar: { kind: "below", value: 40 } }],
});

/** The directory and the pool alone. */
export const blockContests = (stage: Stage): readonly Contest[] => {
  const { clock } = stage;
  const { blocks, poolBlocks } = stage.sizes;
  const directory = (nameOf: (block: number) => number) => () =>
    directoryWork(blocks, nameOf, clock);
  return [
    part(stage, "directory, mixed", blocks, directory(inOrder), DIRECTORY_BARS),
    part(stage, "directory, mixed, scattered names", blocks, directory(scattered)),
    part(stage, "directory, leading runs alone", blocks, () => lookUpWork(blocks, clock)),
    memory("directory, memory", blocks, directoryMemory),
    part(stage, "pool", poolBlocks, () => poolWork(blocks, poolBlocks, clock)),
    memory("pool, memory", poolBlocks, poolMemory),
  ];
};
