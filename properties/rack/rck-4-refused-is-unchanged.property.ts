import { expectSame, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, refusalIn, type Step, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const refusedFor = (because: string) => someStep(({ reply }) => refusalIn(reply) === because);

const all = ({ events, after }: Step) => ({ events, after });

export default property({
  id: "RCK-4",
  part: "rack",
  statement: "whatever is refused has changed nothing, and nothing has happened",
  given: rackCases(2),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) =>
    refusalIn(step.reply) === undefined
      ? undefined
      : expectSame(step, { events: [], after: step.before }, all(step), "after a refusal"),
  ),
  witnesses: {
    "no room for a gang": refusedFor("no-room"),
    "an owner who has one already": refusedFor("owner-known"),
    "weights that leave no block": refusedFor("does-not-fit"),
    "blocks in use where new weights should go": refusedFor("kv-in-use"),
    "the same weights once more": refusedFor("same-weights"),
    "a pool that is full": refusedFor("full"),
    "nothing to copy": refusedFor("nothing-missing"),
    "a copy that is on its way": refusedFor("on-its-way"),
    "hardware lost twice": refusedFor("already-lost"),
  },
  mutants: mutants(
    "keeps the replicas that fit when not all do",
    "ends an owner who deploys twice",
    "evicts before it looks whether a swap can be",
    "swaps the workers of an owner as far as it can",
  ),
});
