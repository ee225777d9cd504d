import fc from "fast-check";
import type { RunnerCall, RunnerReply } from "#rack";
import { finding, oneOfValues, property, values } from "#verify";
import { choosing, FORMATS, type Format, runner, wrongly } from "./cases.ts";

type Case = {
  readonly model: "llama-70b" | "llama-405b";
  readonly weights: Format;
  readonly against: Format;
};

/** Bits a parameter, and parameters, written out. */
const BITS: Readonly<Record<Format, number>> = { fp4: 4, int4: 4, fp8: 8, fp16: 16, bf16: 16 };
const PARAMETERS = { "llama-70b": 70e9, "llama-405b": 405e9 } as const;

const call = ({ model, weights, against }: Case): RunnerCall => ({
  kind: "gain",
  profile: "document",
  gpu: "b200",
  model,
  tp: 8,
  choice: { weights },
  against: { weights: against },
});

const savedIn = (reply: RunnerReply | undefined): number =>
  reply?.kind === "gain" ? reply.weightBytesSaved : Number.NaN;

const bending = (change: (saved: number, call: RunnerCall) => number) =>
  wrongly((reply, asked) =>
    reply.kind === "gain"
      ? { ...reply, weightBytesSaved: change(reply.weightBytesSaved, asked) }
      : reply,
  );

function* small(): Generator<Case> {
  for (const model of ["llama-70b", "llama-405b"] as const)
    for (const weights of FORMATS) for (const against of FORMATS) yield { model, weights, against };
}

export default property<Case, RunnerCall, RunnerReply>({
  id: "RNR-5",
  part: "runner",
  statement:
    "what a runner saves in weights is what its own format saves: nothing against itself, and less than nothing against a smaller one",
  given: values(
    fc.record({
      model: oneOfValues<Case["model"]>("llama-70b", "llama-405b"),
      weights: oneOfValues<Format>(...FORMATS),
      against: oneOfValues<Format>(...FORMATS),
    }),
    small,
  ),
  subject: runner,
  scripts: (given) => [[call(given)]],

  holds({ model, weights, against }, [replies = []]) {
    const expected = ((BITS[against] - BITS[weights]) / 8) * PARAMETERS[model];
    const found = savedIn(replies[0]);
    return found === expected ? undefined : finding(0, expected, found, "bytes saved");
  },

  witnesses: {
    "a format against itself": ({ weights, against }) => weights === against,
    "a format against a smaller one": (_, [replies]) => savedIn(replies?.[0]) < 0,
    "FP16 against FP8": ({ weights, against }) => weights === "fp16" && against === "fp8",
  },

  mutants: {
    "gives the savings of FP4, whatever was chosen (document)": choosing((choice) => ({
      ...choice,
      weights: "fp4",
    })),
    "never loses": bending((saved) => Math.max(0, saved)),
    "forgets the sign": bending(Math.abs),
    "counts the weights of one GPU": bending((saved, asked) =>
      asked.kind === "gain" ? saved / asked.tp : saved,
    ),
    "counts in binary gigabytes": bending((saved) => (saved / 1e9) * 2 ** 30),
  },
});
