import { type Job, type Reply, answer as usual } from "../thread.ts";

/** A thread in which some replays go wrong, each in its own way, by the number of blocks that a worker has. */
export const answer = async (job: Job): Promise<Reply> => {
  switch (job.options.deploy[0]?.capacity_blocks) {
    case 1001:
      return { kind: "broken", stack: "SpecViolation: a planted contradiction" };
    case 1002:
      return { kind: "refused", issues: [{ code: "REPLAY-1", message: "a planted end" }] };
    case 1003:
      return { kind: "refused", issues: [{ code: "STORE-5", message: "a planted lock" }] };
    case 1004:
      return process.exit(7);
    case 1005:
    case 1006:
      await new Promise((done) => setTimeout(done, 300));
      return usual(job);
    default:
      return usual(job);
  }
};
