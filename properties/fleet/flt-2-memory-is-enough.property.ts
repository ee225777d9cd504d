import { expectSame, expectTrue, type Finding, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { blockShardOf, blocksToGo, capacityOf, type Seen, shardOf, workerAt } from "./reading.ts";
import { FIGURES } from "./setup.ts";
import { answered, fromTheFirstStep, type Step, someStep, watched } from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

const { hbmBytes, workspaceBytes } = FIGURES;

/** What lies on each GPU of a worker, while as many blocks must go as new weights need and no more. */
const budgetOf = (worker: Seen) => {
  const { running, swap, capacityBlocks } = worker;
  const kvBlocks = capacityBlocks - (swap ? blocksToGo(worker, swap.running) : 0);
  return {
    hbmBytes,
    workspaceBytes,
    weightBytes: shardOf(running),
    arrivingBytes: swap ? shardOf(swap.running) : 0,
    kvBytes: kvBlocks * blockShardOf(running),
    kvBlocks,
  };
};

const judgeWorker = (step: Step, worker: Seen): Finding | undefined => {
  const { budget, heldBlocks, keptBlocks, capacityBlocks, swap } = worker;
  const { weightBytes, arrivingBytes, kvBytes, kvBlocks } = budget;
  const together = workspaceBytes + weightBytes + arrivingBytes + kvBytes;
  return (
    expectTrue(step, together <= hbmBytes, `at most ${hbmBytes} bytes a GPU`, together) ??
    expectSame(step, budgetOf(worker), budget, `on each GPU of worker ${worker.worker}`) ??
    expectTrue(step, heldBlocks <= kvBlocks, "no more blocks held than there are", worker) ??
    expectSame(step, swap?.blocks ?? 0, keptBlocks, "blocks kept empty") ??
    expectTrue(step, capacityBlocks <= capacityOf(worker.running), "blocks that fit", worker)
  );
};

/** Each worker has as many blocks as fit, or as it was bounded to. */
const judgeCapacity = (step: Step): Finding | undefined => {
  const { call, reply, after } = step;
  const deployed = answered(reply, "deployed");
  if (call.kind !== "deploy" || deployed === undefined) return undefined;
  const most = call.capacityMost ?? Number.POSITIVE_INFINITY;
  const workers = deployed.workers.map(({ worker }) => workerAt(after, worker));
  const due = workers.map((worker) => Math.min(most, capacityOf(worker?.running ?? "")));
  const found = workers.map((worker) => worker?.capacityBlocks);
  return expectSame(step, due, found, "blocks of those deployed");
};

export default property({
  id: "FLT-2",
  part: "fleet",
  statement:
    "workspace, weights, weights on their way and blocks fit into every GPU at every moment; a swap takes the room of as few blocks as can be, and only of such as nobody holds",
  given: fleetCases(),
  subject: fleet,
  scripts: watched,
  holds: fromTheFirstStep(() => (step) => {
    for (const worker of step.after.workers) {
      const found = judgeWorker(step, worker);
      if (found) return found;
    }
    return judgeCapacity(step);
  }),
  witnesses: {
    "two models side by side": someStep(({ after }) =>
      after.workers.some(({ swap }) => swap !== null),
    ),
    "blocks held beside two models": someStep(({ after }) =>
      after.workers.some(({ swap, heldBlocks }) => swap !== null && heldBlocks > 0),
    ),
    "weights that no degree divides": someStep(({ after }) =>
      after.workers.some(({ running, gpus }) => running.startsWith("b") && gpus.length > 1),
    ),
    "fewer blocks than would fit": someStep(({ after }) =>
      after.workers.some(({ running, capacityBlocks }) => capacityBlocks < capacityOf(running)),
    ),
  },
  mutants: mutants(
    "keeps no room for the new weights",
    "keeps a block too few for the new weights",
    "gives a worker a block more than fit",
    "gives all the blocks that fit, whatever the bound",
    "does not give the room back when a swap fails",
  ),
});
