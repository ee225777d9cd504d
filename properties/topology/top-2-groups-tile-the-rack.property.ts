import fc from "fast-check";
import { finding, property, values } from "#verify";
import { type Call, mutants, type Reply, rightly } from "./measuring.ts";
import { type Counts, counts, KNOWN, seats, sizeOf } from "./racks.ts";

/** A rack, and the GPU from which all the others are measured, counted round. */
type Case = { readonly rack: Counts; readonly from: number };

const fromOf = ({ rack, from }: Case): number => from % sizeOf(rack);

const calls = (given: Case): readonly Call[] =>
  Array.from({ length: sizeOf(given.rack) }, (_, right) => ({
    rack: given.rack,
    left: fromOf(given),
    right,
  }));

/** Every GPU of every known rack. */
function* small(): Generator<Case> {
  for (const rack of KNOWN) for (let from = 0; from < sizeOf(rack); from += 1) yield { rack, from };
}

/** What a seat plan says of two GPUs. */
const expected = (given: Case): readonly number[] => {
  const plan = seats(given.rack);
  const own = plan[fromOf(given)];
  return plan.map(({ superchip, domain }, gpu) => {
    if (gpu === fromOf(given)) return 0;
    if (superchip === own?.superchip) return 1;
    return domain === own?.domain ? 2 : 3;
  });
};

export default property<Case, Call, Reply>({
  id: "TOP-2",
  part: "topology",
  statement:
    "superchips and domains are runs of consecutive GPUs that tile the rack, and every GPU has as many at each distance as the counts say",
  given: values(fc.record({ rack: counts, from: fc.nat({ max: 215 }) }), small),
  subject: rightly,
  scripts: (given) => [calls(given)],

  holds(given, [replies = []]) {
    const plan = expected(given);
    const at = plan.findIndex((far, gpu) => far !== replies[gpu]);
    if (at >= 0) return finding(at, plan[at] ?? null, replies[at] ?? null);
    const { gpus, superchips } = given.rack;
    const inDomain = gpus * superchips;
    const wanted = [1, gpus - 1, inDomain - gpus, sizeOf(given.rack) - inDomain];
    const found = wanted.map((_, far) => replies.filter((reply) => reply === far).length);
    const wrong = wanted.findIndex((count, far) => count !== found[far]);
    return wrong < 0
      ? undefined
      : finding(-1, wanted[wrong] ?? 0, found[wrong] ?? 0, `GPUs at distance ${wrong}`);
  },

  witnesses: {
    "a GPU at each distance": (_, [replies = []]) => new Set(replies).size === 4,
    "72 GPUs in 36 superchips and 9 domains": ({ rack }) =>
      rack.gpus === 2 && rack.superchips === 4 && rack.domains === 9,
    "a node of 8 without superchips": ({ rack }) =>
      rack.gpus === 1 && rack.superchips === 8 && rack.domains === 1,
    "a superchip that is a domain": ({ rack }) => rack.superchips === 1 && rack.gpus > 1,
    "one GPU alone": ({ rack }) => sizeOf(rack) === 1,
  },

  mutants: mutants(
    "takes every rack for one of superchips of 2 and domains of 8",
    "forgets superchips",
    "counts domains in superchips",
    "lets domains begin one GPU late",
  ),
});
