import fc from "fast-check";
import type { RunnerCall, RunnerReply } from "#rack";
import { type Finding, finding, property, values } from "#verify";
import {
  BYTES,
  bandwidth,
  choices,
  FORMATS,
  type Format,
  near,
  type OnGpu,
  onGpu,
  possible,
  runner,
  teraflops,
  wrongly,
} from "./cases.ts";

type Choice = { readonly weights: Format; readonly kv: Format };
type Case = OnGpu & {
  readonly batch: number;
  readonly choice: Choice;
  readonly against: Choice;
};
type Speedup = Extract<RunnerReply, { kind: "speedup" }>;

/** Seconds a parameter: of arithmetic, and of reading. */
const bounds = (given: Case, { weights }: Choice): readonly [number, number] => [
  (2 * given.batch) / (teraflops(given, weights) * 1e12),
  BYTES[weights] / bandwidth(given),
];

/** Each quotient, by the tables. */
const wanted = (given: Case): Omit<Speedup, "kind"> => {
  const { choice, against } = given;
  const ratio = (own: Format, other: Format) => teraflops(given, own) / teraflops(given, other);
  const [compute, memory] = bounds(given, choice);
  return {
    qk: ratio(choice.kv, against.kv),
    pv: ratio(choice.kv, against.kv),
    linear: ratio(choice.weights, against.weights),
    effective: Math.max(...bounds(given, against)) / Math.max(compute, memory),
    boundBy: compute > memory ? "compute" : "memory",
  };
};

/** Every two formats of the weights on every GPU, at a batch bound by reading, one between and one bound by arithmetic. */
function* small(): Generator<Case> {
  for (const profile of ["document", "datasheet"])
    for (const gpu of ["b200", "h100"])
      for (const weights of FORMATS)
        for (const other of FORMATS)
          for (const batch of [1, 400, 10_000]) {
            const [choice, against] = [
              { weights, kv: "fp8" } as const,
              { weights: other, kv: "fp16" } as const,
            ];
            yield { profile, gpu, batch, choice, against };
          }
}

const speedupOf = ([replies]: readonly (readonly RunnerReply[])[]): Speedup | undefined => {
  const reply = replies?.[0];
  return reply?.kind === "speedup" ? reply : undefined;
};

const bending = (change: (speedup: Speedup, call: RunnerCall) => Partial<Speedup>) =>
  wrongly((reply, call) =>
    reply.kind === "speedup" ? { ...reply, ...change(reply, call) } : reply,
  );

const isKey = (key: string): key is "qk" | "pv" | "linear" | "effective" => key !== "boundBy";

export default property<Case, RunnerCall, RunnerReply>({
  id: "RNR-4",
  part: "runner",
  statement:
    "linear layers are as fast as the slower of arithmetic and reading allows in either precision, so that the effective speedup lies between that of the peaks and that of the bytes",
  given: values(
    fc.record({
      ...onGpu,
      batch: fc.oneof(fc.integer({ min: 1, max: 1200 }), fc.integer({ min: 1, max: 1_000_000 })),
      choice: choices,
      against: choices,
    }),
    small,
  ),
  subject: runner,
  scripts: (given) => [[{ kind: "speedup", ...given }]],

  holds(given, replies): Finding | undefined {
    const { choice, against } = given;
    const found = speedupOf(replies);
    if (found === undefined)
      return [choice, against].every((one) => possible(given, one))
        ? finding(0, "a speedup", "issues")
        : undefined;
    const expected = wanted(given);
    const wrong = Object.keys(expected).find((key) =>
      isKey(key) ? !near(found[key], expected[key]) : found.boundBy !== expected.boundBy,
    ) as keyof typeof expected | undefined;
    if (wrong) return finding(0, expected[wrong], found[wrong], wrong);
    const reading = BYTES[against.weights] / BYTES[choice.weights];
    const [least, most] = [Math.min(found.linear, reading), Math.max(found.linear, reading)];
    const isBetween =
      found.effective >= least * (1 - 1e-12) && found.effective <= most * (1 + 1e-12);
    return isBetween
      ? undefined
      : finding(0, `between ${least} and ${most}`, found.effective, "effective");
  },

  witnesses: {
    "bound by arithmetic": (_, replies) => speedupOf(replies)?.boundBy === "compute",
    "bound by reading": (_, replies) => speedupOf(replies)?.boundBy === "memory",
    "strictly between the two": (given, replies) => {
      const found = speedupOf(replies);
      const reading = BYTES[given.against.weights] / BYTES[given.choice.weights];
      return (
        found !== undefined &&
        !near(found.effective, found.linear) &&
        !near(found.effective, reading)
      );
    },
    "four bits that are no faster than eight where arithmetic counts": (
      { choice, against },
      replies,
    ) =>
      choice.weights === "fp4" &&
      against.weights === "fp8" &&
      speedupOf(replies)?.boundBy === "compute" &&
      speedupOf(replies)?.linear === 1,
  },

  mutants: {
    "is the quotient of the peaks": bending(({ linear }) => ({ effective: linear })),
    "is the quotient of the bytes": bending((_, call) => ({
      effective:
        call.kind === "speedup"
          ? BYTES[call.against.weights as Format] / BYTES[call.choice.weights as Format]
          : 1,
    })),
    "counts one operation a parameter": wrongly(
      (reply) => reply,
      (call) => (call.kind === "speedup" ? { ...call, batch: call.batch / 2 } : call),
    ),
    "counts on the FP4 peak": bending(({ linear }, { choice }) => ({
      linear: choice.weights === "fp4" ? 2 * linear : linear,
    })),
    "always names memory": bending(() => ({ boundBy: "memory" })),
    "takes the batch for one": wrongly(
      (reply) => reply,
      (call) => (call.kind === "speedup" ? { ...call, batch: 1 } : call),
    ),
  },
});
