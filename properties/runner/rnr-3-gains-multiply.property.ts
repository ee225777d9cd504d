import fc from "fast-check";
import type { RunnerCall, RunnerReply } from "#rack";
import { type Finding, finding, property, values } from "#verify";
import { choices, type Format, near, type OnGpu, onGpu, runner, wrongly } from "./cases.ts";

type Choice = { readonly weights: Format; readonly kv: Format };
type Case = OnGpu & {
  readonly batch: number;
  readonly a: Choice;
  readonly b: Choice;
  readonly c: Choice;
};

/** Eight GPUs of a 70B model: whatever the format, the weights leave room. */
const scripts = ({ profile, gpu, batch, a, b, c }: Case): readonly (readonly RunnerCall[])[] => [
  [
    [a, b],
    [b, a],
    [b, c],
    [a, c],
    [a, a],
  ].flatMap(([choice, against]): readonly RunnerCall[] => {
    const compared = { profile, gpu, choice: choice as Choice, against: against as Choice };
    return [
      { kind: "gain", model: "llama-70b", tp: 8, ...compared },
      { kind: "speedup", batch, ...compared },
    ];
  }),
];

/** Every quotient of a gain and a speedup, in one list. */
const ratios = (replies: readonly RunnerReply[], pair: number): readonly number[] => {
  const [gain, speedup] = [replies[2 * pair], replies[2 * pair + 1]];
  if (gain?.kind !== "gain" || speedup?.kind !== "speedup") return [];
  return [
    gain.weightGain,
    gain.kvGain,
    gain.roomGain,
    speedup.qk,
    speedup.pv,
    speedup.linear,
    speedup.effective,
  ];
};

const bytesSaved = (replies: readonly RunnerReply[], pair: number): number => {
  const gain = replies[2 * pair];
  return gain?.kind === "gain" ? gain.weightBytesSaved : 0;
};

const isRefused = ({ gpu, a, b, c }: Case): boolean =>
  gpu === "h100" && [a, b, c].some(({ weights, kv }) => weights === "fp4" || kv === "fp4");

/** The gains of a over b, b over a, b over c, a over c, and a over itself, against one another. */
const judged = (replies: readonly RunnerReply[]): Finding | undefined => {
  const [ab = [], ba = [], bc = [], ac = [], aa = []] = [0, 1, 2, 3, 4].map((pair) =>
    ratios(replies, pair),
  );
  if (ab.length === 0) return finding(0, "an answer", "issues");
  for (const [index, gain] of ab.entries()) {
    const [back = 0, on = 0, over = 0, own = 0] = [ba[index], bc[index], ac[index], aa[index]];
    if (own !== 1) return finding(8, 1, own, `ratio ${index}, over itself`);
    if (!near(gain * back, 1)) return finding(2, 1, gain * back, `ratio ${index}, there and back`);
    if (!near(gain * on, over)) return finding(6, gain * on, over, `ratio ${index}, over a third`);
  }
  const sum = bytesSaved(replies, 0) + bytesSaved(replies, 2);
  const saved = bytesSaved(replies, 3);
  return sum === saved ? undefined : finding(6, sum, saved, "bytes saved");
};

export default property<Case, RunnerCall, RunnerReply>({
  id: "RNR-3",
  part: "runner",
  statement:
    "a precision gains nothing over itself, gains over another are the inverse of the other's over it, and gains over a third multiply; bytes saved add up",
  given: values(
    fc.record({
      ...onGpu,
      batch: fc.integer({ min: 1, max: 5000 }),
      a: choices,
      b: choices,
      c: choices,
    }),
  ),
  subject: runner,
  scripts,

  holds(given, [replies = []]): Finding | undefined {
    if (isRefused(given)) {
      const isRight = replies.some(({ kind }) => kind === "issues");
      return isRight ? undefined : finding(0, "issues", "an answer");
    }
    return judged(replies);
  },

  witnesses: {
    "three different precisions": ({ a, b, c }, [replies = []]) =>
      ratios(replies, 0).length > 0 && new Set([a.weights, b.weights, c.weights]).size === 3,
    "a speedup": (_, [replies = []]) => (ratios(replies, 0)[6] ?? 1) > 1,
    "a slowdown": (_, [replies = []]) => (ratios(replies, 0)[6] ?? 1) < 1,
  },

  mutants: {
    "shows gains only": wrongly((reply) =>
      reply.kind === "gain" ? { ...reply, weightGain: Math.max(1, reply.weightGain) } : reply,
    ),
    "counts from the larger of the two": wrongly((reply) =>
      reply.kind === "speedup" ? { ...reply, effective: Math.max(1, reply.effective) } : reply,
    ),
    "rounds to halves": wrongly((reply) =>
      reply.kind === "gain" ? { ...reply, roomGain: Math.round(reply.roomGain * 2) / 2 } : reply,
    ),
    "takes the quotient for a percentage": wrongly((reply) =>
      reply.kind === "speedup" ? { ...reply, linear: reply.linear - 1 } : reply,
    ),
  },
});
