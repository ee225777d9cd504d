import fc from "fast-check";
import type { RunnerCall, RunnerReply } from "#rack";
import { differs, oneOfValues, property, values } from "#verify";
import {
  choices,
  choosing,
  FORMATS,
  type Format,
  type OnGpu,
  onGpu,
  possible,
  runner,
  teraflops,
  wrongly,
} from "./cases.ts";

type Case = OnGpu & {
  readonly choice: { readonly weights: Format; readonly kv: Format };
  readonly output: "fp16" | "fp8";
};

const call = ({ profile, gpu, choice, output }: Case): RunnerCall => ({
  kind: "configure",
  profile,
  gpu,
  choice: { ...choice, output },
});

/** Every layer there is: 2 profiles, 2 GPUs, 5 formats for the weights and 5 for the KV. */
function* small(): Generator<Case> {
  for (const profile of ["document", "datasheet"])
    for (const gpu of ["b200", "h100"])
      for (const weights of FORMATS)
        for (const kv of FORMATS) yield { profile, gpu, choice: { weights, kv }, output: "fp16" };
}

/** The reply with some peaks changed. */
const peaks = (change: (layer: Layer, call: Configure) => Partial<Layer>) =>
  wrongly((reply, call) =>
    reply.kind === "configured" && call.kind === "configure"
      ? { ...reply, ...change(reply, call) }
      : reply,
  );

type Layer = Extract<RunnerReply, { kind: "configured" }>;
type Configure = Extract<RunnerCall, { kind: "configure" }>;

export default property<Case, RunnerCall, RunnerReply>({
  id: "RNR-1",
  part: "runner",
  statement:
    "a layer has the formats chosen and FP8 beside them, each product runs at the peak of the wider of its operands, and a format that the GPU lacks is refused, in whichever product",
  given: values(
    fc.record({ ...onGpu, choice: choices, output: oneOfValues<"fp16" | "fp8">("fp16", "fp8") }),
    small,
  ),
  subject: runner,
  scripts: (given) => [[call(given)]],

  holds(given, [replies = []]) {
    const { weights, kv } = given.choice;
    const attention = teraflops(given, kv) * 1e12;
    const expected: RunnerReply = possible(given, given.choice)
      ? {
          kind: "configured",
          q: "fp8",
          k: kv,
          v: kv,
          weights,
          activations: "fp8",
          accumulator: "fp32",
          output: given.output,
          qkFlopsPerSecond: attention,
          pvFlopsPerSecond: attention,
          linearFlopsPerSecond: teraflops(given, weights) * 1e12,
        }
      : { kind: "issues", codes: ["SPEC-4"] };
    const difference = differs(expected, replies[0]);
    return difference && { at: 0, ...difference };
  },

  witnesses: {
    "FP4 weights on a GPU with FP4 cores": ({ choice }, [replies]) =>
      choice.weights === "fp4" && replies?.[0]?.kind === "configured",
    "KV that the GPU lacks, and weights that it has": ({ choice }, [replies]) =>
      choice.kv === "fp4" && choice.weights !== "fp4" && replies?.[0]?.kind === "issues",
    "attention and linear layers at different peaks": (_, [replies]) => {
      const reply = replies?.[0];
      return reply?.kind === "configured" && reply.qkFlopsPerSecond !== reply.linearFlopsPerSecond;
    },
    "output in FP8": ({ output }, [replies]) =>
      output === "fp8" && replies?.[0]?.kind === "configured",
  },

  mutants: {
    "runs FP4 weights at the FP4 peak, whatever the activations": peaks(
      ({ linearFlopsPerSecond }, { choice, profile }) => ({
        linearFlopsPerSecond:
          choice.weights === "fp4"
            ? (profile === "document" ? 18_000 : 10_000) * 1e12
            : linearFlopsPerSecond,
      }),
    ),
    "runs attention at the peak of the weights": peaks(({ linearFlopsPerSecond }) => ({
      qkFlopsPerSecond: linearFlopsPerSecond,
      pvFlopsPerSecond: linearFlopsPerSecond,
    })),
    "runs the values at the FP8 peak": peaks(({ q, qkFlopsPerSecond }, { profile, gpu }) => ({
      pvFlopsPerSecond: q === "fp8" ? teraflops({ profile, gpu }, "fp8") * 1e12 : qkFlopsPerSecond,
    })),
    "takes what the GPU lacks for FP8": wrongly(
      (reply) => reply,
      (call) =>
        call.gpu === "h100" && call.choice.weights === "fp4"
          ? { ...call, choice: { ...call.choice, weights: "fp8" } }
          : call,
    ),
    "ignores the output": choosing(({ output: _, ...choice }) => choice),
    "looks at the weights only": wrongly((reply, call) =>
      reply.kind === "issues" && call.choice.weights !== "fp4"
        ? runner()({ ...call, choice: { ...call.choice, kv: "fp8" } })
        : reply,
    ),
  },
});
