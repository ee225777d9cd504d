import fc from "fast-check";
import { createRouter, type Policy, type RouterCall, type RouterReply, routerSubject } from "#rack";
import { finding, property, values } from "#verify";
import { mutants } from "./mutants.ts";
import { callsOf, dynamoCost, kvAware, plainPolicy, replyIn, workerIn } from "./views.ts";

/** Each option of each policy, at the value it has when it is not set. */
const USUAL = {
  bound: { imbalanceBound: null },
  prefill: { prefillScale: 1 },
  credit: { overlapCredit: 1 },
  host: { hostCredit: 0.75 },
  disk: { diskCredit: 0.25 },
  w: { requestWeight: 0 },
  temperature: { temperature: 0 },
} as const;

const OPTIONS = Object.keys(USUAL) as readonly (keyof typeof USUAL)[];

/** The call with one option unset; the same call where its policy has no such option. */
const without = (call: RouterCall, option: keyof typeof USUAL): RouterCall => {
  const [[field, usual]] = Object.entries(USUAL[option]) as [[string, number | null]];
  if (!(field in call.policy)) return call;
  return { ...call, policy: { ...call.policy, [field]: usual } as Policy };
};

/** Whether the answer was another than with the option unset. */
const hasEffect =
  (option: keyof typeof USUAL) =>
  (_: unknown, replies: readonly (readonly RouterReply[])[]): boolean =>
    workerIn(replyIn(replies)) !== workerIn(replies[1]?.[OPTIONS.indexOf(option)]);

/** Policies with options more often than those without, and enough candidates for them to matter. */
const mostlyOptions = callsOf(
  fc.oneof(
    { weight: 2, arbitrary: kvAware },
    { weight: 6, arbitrary: dynamoCost(0, 0, 0.5) },
    { weight: 1, arbitrary: plainPolicy("round-robin") },
    { weight: 1, arbitrary: plainPolicy("random") },
  ),
  4,
).plain;

export default property({
  id: "RTR-8",
  part: "router",
  statement:
    "the same view under the same policy, seed and number has the same answer, whatever was asked between; and every option of a policy matters",
  given: values(fc.record({ asked: mostlyOptions, between: mostlyOptions })),
  subject: routerSubject(createRouter),
  scripts: ({ asked, between }) => [
    [asked, between, asked],
    OPTIONS.map((option) => without(asked, option)),
  ],
  holds(_, [replies = []]) {
    const [first, , again] = replies;
    if (workerIn(first) === workerIn(again)) return undefined;
    return finding(2, workerIn(first), workerIn(again));
  },
  witnesses: {
    "a choice that bound changes": hasEffect("bound"),
    "a choice that prefill changes": hasEffect("prefill"),
    "a choice that credit changes": hasEffect("credit"),
    "a choice that host changes": hasEffect("host"),
    "a choice that disk changes": hasEffect("disk"),
    "a choice that w changes": hasEffect("w"),
    "a choice that temperature changes": hasEffect("temperature"),
  },
  mutants: mutants("takes turns by a count of its own", "stays with its last choice"),
});
