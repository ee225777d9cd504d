import type { MachineSight } from "#rack";
import { expectSame, property } from "#verify";
import { longLife, rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, happened, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

type Listed = MachineSight["listed"];

/** What the directory must list: what each pool and each switch has. */
const held = ({ workers, switches }: MachineSight): Listed => [
  ...workers.flatMap(({ worker, running, readable }) =>
    readable.map((block) => [`worker ${worker}`, running, block] as const),
  ),
  ...switches.flatMap((blocks, domain) =>
    (blocks ?? []).map(([kind, block]) => [`domain ${domain}`, kind, block] as const),
  ),
];

const inOrder = (listed: Listed): readonly string[] =>
  listed.map((line) => line.join(" ")).toSorted();

export default property({
  id: "RCK-2",
  part: "rack",
  statement:
    "after every call the directory lists exactly what the pools and the switches have, and transfers have in place what the pools can read",
  given: rackCases(1, longLife(2000)),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { after } = step;
    for (const { worker, readable, placed } of after.workers) {
      const found = expectSame(step, readable, placed, `in place at worker ${worker}`);
      if (found) return found;
    }
    return expectSame(step, inOrder(held(after)), inOrder(after.listed), "listed");
  }),
  witnesses: {
    "two workers that hold the same block": someStep(({ after }) =>
      after.workers.some(({ readable }, index) =>
        after.workers.slice(index + 1).some((other) => other.readable.includes(readable[0] ?? -1)),
      ),
    ),
    "a copy that arrives": someStep(happened("fetched")),
    "a promotion": someStep(happened("promoted")),
    "an eviction from a switch": someStep(happened("evicted")),
  },
  mutants: mutants(
    "does not tell the directory of workers that are gone",
    "does not tell the directory that a model has changed",
    "keeps the listings of a switch whose memory is lost",
    "gives a switch back with what it had",
    "does not tell the directory of some evictions",
  ),
});
