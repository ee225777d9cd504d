import fc from "fast-check";
import { createRouter, type RouterCall, routerSubject } from "#rack";
import { finding, property, values } from "#verify";
import { mutants } from "./mutants.ts";
import { someCandidates, workerIn } from "./views.ts";

const DRAWS = 150;

/** Six standard deviations and six draws: what an honest router exceeds less than once in 10^9 cases. */
const tolerance = (share: number): number => 6 * Math.sqrt(DRAWS * share * (1 - share)) + 6;

type Case = { readonly call: RouterCall; readonly costs: ReadonlyMap<number, number> };

const caseOf = (given: {
  readonly candidates: RouterCall["view"]["candidates"];
  readonly hotter: boolean;
  readonly from: number;
}): Case => ({
  call: {
    policy: {
      kind: "dynamo-cost",
      prefillScale: 1,
      overlapCredit: 1,
      hostCredit: 0,
      diskCredit: 0,
      requestWeight: 0,
      temperature: given.hotter ? 1 : 0.25,
    },
    seed: 1,
    view: { candidates: given.candidates, promptBlocks: 3, number: given.from },
  },
  costs: new Map(
    given.candidates
      .filter(({ live }) => live)
      .map(({ worker, overlapBlocks, loadBlocks }) => [worker, 3 - overlapBlocks + loadBlocks]),
  ),
});

/** How often each worker should be chosen: e to the minus its cost, as a share of the span, over the temperature. */
const shares = ({ call, costs }: Case): ReadonlyMap<number, number> => {
  if (call.policy.kind !== "dynamo-cost") return new Map();
  const { temperature } = call.policy;
  const [low, high] = [Math.min(...costs.values()), Math.max(...costs.values())];
  const weights = [...costs].map(
    ([worker, cost]) =>
      [worker, Math.E ** ((low - cost) / Math.max(1, high - low) / temperature)] as const,
  );
  const whole = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(weights.map(([worker, weight]) => [worker, weight / whole]));
};

export default property({
  id: "RTR-11",
  part: "router",
  statement:
    "with temperature, dynamo-cost draws each live worker as often as the softmax over the scaled negative costs says",
  given: values(
    fc.record({
      candidates: someCandidates(3),
      hotter: fc.boolean(),
      from: fc.nat({ max: 1_000_000 }),
    }),
  ),
  subject: routerSubject(createRouter),
  scripts: (given) => {
    const { call } = caseOf(given);
    return [
      Array.from({ length: DRAWS }, (_, index) => ({
        ...call,
        view: { ...call.view, number: call.view.number + index },
      })),
    ];
  },
  holds(given, [replies = []]) {
    for (const [worker, share] of shares(caseOf(given))) {
      const found = replies.filter((reply) => workerIn(reply) === worker).length;
      if (Math.abs(found - DRAWS * share) > tolerance(share)) {
        return finding(-1, DRAWS * share, found, `draws of worker ${worker}`);
      }
    }
    return undefined;
  },
  witnesses: {
    "equal costs": (given) => {
      const { costs } = caseOf(given);
      return costs.size > 1 && new Set(costs.values()).size === 1;
    },
    "one worker much likelier than another": (given) => {
      const likely = [...shares(caseOf(given)).values()];
      return Math.max(...likely) > 10 * Math.min(...likely);
    },
  },
  mutants: mutants(
    "ignores temperature",
    "takes the dearest",
    "draws by the costs as they are, not scaled",
    "draws evenly",
    "draws the same for every decision",
  ),
});
