import { expectSame, expectTrue, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { blockBytesOf, type Seen, tpOf, weightBytesOf } from "./reading.ts";
import { FIGURES } from "./setup.ts";
import { atEveryStep, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** What lies on each GPU of a worker: workspace, the largest shard of its weights and of those that come, and its share of every block. */
const memoryOf = ({
  gpus,
  running,
  swap,
  counts,
}: Seen): readonly (readonly [number, number])[] => {
  const shard = (kind: string): number => Math.ceil(weightBytesOf(kind) / tpOf(kind));
  const blocks = counts.filling + counts.active + counts.cached - (swap?.blocks ?? 0);
  const kv = (blocks * blockBytesOf(running)) / gpus.length;
  const weights = shard(running) + (swap ? shard(swap.running) : 0);
  return gpus.map((gpu) => [gpu, FIGURES.workspaceBytes + weights + kv]);
};

export default property({
  id: "RCK-15",
  part: "rack",
  statement:
    "workspace, weights and blocks fit into every GPU's memory at every moment, also while two models' weights lie side by side",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { workers, memory } = step.after;
    const expected = workers.flatMap(memoryOf);
    const over = expected.find(([, bytes]) => bytes > FIGURES.hbmBytes);
    return (
      expectTrue(
        step,
        over === undefined,
        `at most ${FIGURES.hbmBytes} bytes a GPU`,
        over ?? null,
      ) ?? expectSame(step, expected, memory, "memory by GPU")
    );
  }),
  witnesses: {
    "two models side by side": someStep(({ after }) =>
      after.workers.some(({ swap }) => swap !== null),
    ),
    "blocks beside two models": someStep(({ after }) =>
      after.workers.some(({ swap, readable }) => swap !== null && readable.length > 0),
    ),
    "a GPU with less than a block to spare": someStep(({ after }) =>
      after.memory.some(([, bytes]) => bytes > FIGURES.hbmBytes - 16),
    ),
    "weights that no degree divides": someStep(({ after }) =>
      after.workers.some(({ running, gpus }) => weightBytesOf(running) % gpus.length !== 0),
    ),
  },
  mutants: mutants(
    "keeps no room for the new weights",
    "keeps a block too few for the new weights",
    "gives a worker a block more than fit",
  ),
});
