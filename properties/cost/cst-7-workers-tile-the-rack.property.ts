import fc from "fast-check";
import { workerDistance, workers } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { groups, lookedUp, RACK_NAMES, type RackName, rackOf } from "./racks.ts";
import { orIssue, sole } from "./setups.ts";

type Case = {
  readonly rack: RackName;
  readonly tp: number;
  readonly left: number;
  readonly right: number;
};
type Tiling = {
  readonly gpus: readonly (readonly number[])[];
  readonly domains: readonly number[];
  /** Between the workers `left` and `right`, counted round when there are fewer. */
  readonly distance: number;
};
type Reply = Tiling | { readonly issue: string };

const tile = ({ rack, tp, left, right }: Case): Tiling => {
  const all = workers(rackOf(rack), tp);
  const [from, to] = [left, right].map((id) => all[id % all.length]);
  if (from === undefined || to === undefined) throw new RangeError("a rack has workers");
  return {
    gpus: all.map(({ gpus }) => gpus),
    domains: all.map(({ domain }) => domain),
    distance: workerDistance(rackOf(rack), from, to),
  };
};

/** A subject that arranges GPUs, domains or distances differently. */
const tiling =
  (change: (tiling: Tiling, given: Case) => Tiling = (same) => same): Subject<Case, Reply> =>
  () =>
  (given) =>
    orIssue(() => change(tile(given), given));

const apart = (reply: Reply): number => ("issue" in reply ? -1 : reply.distance);

const possible = ({ rack, tp }: Case): boolean =>
  [1, 2, 4, 8].includes(tp) && rackOf(rack).gpusPerDomain.value % tp === 0;

const judge = (given: Case, { gpus, domains, distance }: Tiling) => {
  const { gpuCount, gpusPerDomain } = rackOf(given.rack);
  const count = gpuCount.value / given.tp;
  for (let gpu = 0; gpu < gpuCount.value; gpu += 1) {
    const holders = gpus.filter((held) => held.includes(gpu)).length;
    if (holders !== 1) return finding(0, 1, holders, `the workers on GPU ${gpu}`);
  }
  if (gpus.length !== count) return finding(0, count, gpus.length, "workers");
  const wholes = groups(gpuCount.value, gpusPerDomain.value);
  for (const [id, held] of gpus.entries()) {
    const home = wholes.findIndex((whole) => held.every((gpu) => whole.includes(gpu)));
    if (domains[id] !== home) return finding(0, home, domains[id] ?? null, `worker ${id}'s domain`);
    const span = (held.at(-1) ?? 0) - (held[0] ?? 0) + 1;
    if (span !== given.tp) return finding(0, given.tp, span, `the span of worker ${id}`);
  }
  const [left, right] = [given.left % count, given.right % count];
  const expected = lookedUp(given.rack, left * given.tp, right * given.tp);
  return distance === expected ? undefined : finding(0, expected, distance, "distance");
};

function* small(): Generator<Case> {
  for (const rack of RACK_NAMES)
    for (const tp of [1, 2, 3, 4, 5, 8, 16])
      for (const left of [0, 1, 5])
        for (const right of [0, 1, 2, 7]) yield { rack, tp, left, right };
}

export default property<Case, Case, Reply>({
  id: "CST-7",
  part: "cost",
  statement:
    "workers take every GPU once, in runs that stay in one domain, and are as far apart as their first GPUs; a degree that does not divide a domain is refused",
  given: values(
    fc.record({
      rack: fc.constantFrom(...RACK_NAMES),
      tp: fc.constantFrom(1, 2, 4, 8, 1, 2, 4, 8, 0, 3, 6, 9, 72),
      left: fc.nat({ max: 71 }),
      right: fc.nat({ max: 71 }),
    }),
    small,
  ),
  subject: tiling(),
  scripts: (given) => [[given]],

  holds(given, replies) {
    const reply = sole(replies);
    if ("issue" in reply) return possible(given) ? finding(0, "workers", reply) : undefined;
    return possible(given) ? judge(given, reply) : finding(0, { issue: "SPEC-3" }, "workers");
  },

  witnesses: {
    "workers of several GPUs": ({ tp }, replies) => tp > 1 && !("issue" in sole(replies)),
    "a degree that is refused": (_, replies) => "issue" in sole(replies),
    "two workers in one domain": (_, replies) => apart(sole(replies)) === 2,
    "two workers in different domains": (_, replies) => apart(sole(replies)) === 3,
  },

  mutants: {
    "lets workers overlap": tiling((right) => ({
      ...right,
      gpus: right.gpus.map((held, id) => held.map((_, shard) => id + shard)),
    })),
    "deals the GPUs out in turn": tiling((right) => ({
      ...right,
      gpus: right.gpus.map((held, id) => held.map((_, shard) => id + shard * right.gpus.length)),
    })),
    "leaves out the last worker": tiling((right) => ({ ...right, gpus: right.gpus.slice(0, -1) })),
    "calls workers domains": tiling((right) => ({
      ...right,
      domains: right.domains.map((_, id) => id),
    })),
    "measures from the first shard to the last": tiling((right, given) => {
      const count = right.gpus.length;
      const from = right.gpus[given.left % count]?.[0] ?? 0;
      const to = right.gpus[given.right % count]?.at(-1) ?? 0;
      return { ...right, distance: lookedUp(given.rack, from, to) };
    }),
    "measures between the workers' numbers": tiling((right, given) => {
      const count = right.gpus.length;
      return {
        ...right,
        distance: lookedUp(given.rack, given.left % count, given.right % count),
      };
    }),
    "takes any degree that the rack has GPUs for": () => (given) =>
      orIssue(() => tile({ ...given, tp: possible(given) ? given.tp : 1 })),
  },
});
