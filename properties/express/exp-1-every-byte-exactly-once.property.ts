import { finding, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { gpusIn, lacks, planIn, sole } from "./reading.ts";
import { GPUS, planning, reference, requestOf, someMove } from "./requests.ts";

export default property({
  id: "EXP-1",
  part: "express",
  statement:
    "a plan brings every target every byte that it lacks exactly once, and nobody anything else",
  given: values(someMove),
  subject: reference,
  scripts: (move) => [[planning(move)]],
  holds(move, replies) {
    const plan = planIn(sole(replies));
    const request = requestOf(move);
    if (plan === undefined) return undefined;
    const targets = gpusIn(request.targets);
    for (let gpu = 0; gpu < GPUS; gpu += 1) {
      const lacked = new Set(targets.includes(gpu) ? lacks(request, gpu) : []);
      const brought = plan.transfers.filter(({ dst }) => dst === gpu);
      for (let at = 0; at < move.bytes; at += 1) {
        const times = brought.filter(({ from, to }) => from <= at && at < to).length;
        const expected = lacked.has(at) ? 1 : 0;
        if (times !== expected) return finding(0, expected, times, `byte ${at} to GPU ${gpu}`);
      }
    }
    const empty = plan.transfers.find(({ from, to }) => from >= to);
    return empty && finding(0, "no empty transfer", { ...empty });
  },
  witnesses: {
    "bytes that do not divide": ({ bytes, sources }, replies) =>
      planIn(sole(replies)) !== undefined && sources.some(({ count }) => bytes % count > 0),
    "four shards to two": ({ sources, targets }) =>
      sources.some(({ count }) => count === 4) && targets.some(({ count }) => count === 2),
    "a target that has something already": (move, replies) => {
      const { sources, targets } = requestOf(move);
      const isSource = (gpu: number): boolean => gpusIn(sources).includes(gpu);
      return planIn(sole(replies)) !== undefined && gpusIn(targets).some(isSource);
    },
    "a relayed plan": (_, replies) => planIn(sole(replies))?.strategy === "relayed",
  },
  mutants: planners(
    "every source sends all that it has, needed or not",
    "serves the first target only",
    "loses the last byte of a transfer",
    "sends the byte at a border twice",
    "sends what a target has already",
    "sends overlapping pieces of a target one by one",
  ),
});
