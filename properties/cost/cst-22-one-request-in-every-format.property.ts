import fc from "fast-check";
import { boundBy, decodeBounds, longest } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { deploymentOf, orIssue, sole } from "./setups.ts";

type Call = {
  readonly profile: "document" | "datasheet";
  readonly gpu: "b200" | "h100";
  readonly model: "llama-70b" | "llama-405b";
  readonly weights: string;
};
type Rate = { readonly tokensPerSecond: number; readonly boundBy: string };
type Reply = Rate | { readonly issue: string };

/** Bytes a parameter, and the cores that it is multiplied on, written out, to be checked by eye. */
const FORMATS: Readonly<Record<string, readonly [bytes: number, cores: "fp4" | "fp8" | "fp16"]>> = {
  fp4: [0.5, "fp4"],
  int4: [0.5, "fp16"],
  fp8: [1, "fp8"],
  fp16: [2, "fp16"],
  bf16: [2, "fp16"],
};
/** TB/s of HBM, and TFLOPS. */
const GPUS = {
  "document b200": { hbm: 8, fp4: 18_000, fp8: 9000, fp16: 4500 },
  "document h100": { hbm: 3.35, fp4: undefined, fp8: 3958, fp16: 1979 },
  "datasheet b200": { hbm: 8, fp4: 10_000, fp8: 5000, fp16: 2500 },
  "datasheet h100": { hbm: 3.35, fp4: undefined, fp8: 1978.9, fp16: 989.4 },
} as const;
const PARAMETERS = { "llama-70b": 70e9, "llama-405b": 405e9 } as const;

const ask = ({ weights, ...named }: Call): Reply =>
  orIssue(() => {
    const bounds = decodeBounds(deploymentOf({ ...named, weights, kv: "fp8", tp: 1 }), 1, 0);
    return { tokensPerSecond: 1 / longest(bounds), boundBy: boundBy(bounds) };
  });

const wanted = ({ profile, gpu, model, weights }: Call): Reply => {
  const [bytes, cores] = FORMATS[weights] ?? [];
  if (bytes === undefined || cores === undefined) return { issue: "SPEC-1" };
  const specs = GPUS[`${profile} ${gpu}`];
  const peak = specs[cores];
  if (peak === undefined) return { issue: "SPEC-4" };
  const reads = (specs.hbm * 1e12) / (PARAMETERS[model] * bytes);
  const computes = (peak * 1e12) / (2 * PARAMETERS[model]);
  return {
    tokensPerSecond: Math.min(reads, computes),
    boundBy: computes < reads ? "compute" : "memory",
  };
};

const misreading =
  (misread: (call: Call) => Call): Subject<Call, Reply> =>
  () =>
  (call) =>
    ask(misread(call));

const bending =
  (bend: (rate: Rate, call: Call) => Partial<Rate>): Subject<Call, Reply> =>
  () =>
  (call) => {
    const reply = ask(call);
    return "issue" in reply ? reply : { ...reply, ...bend(reply, call) };
  };

const NAMES = [...Object.keys(FORMATS), "fp6", "FP8", ""] as const;

function* small(): Generator<Call> {
  for (const profile of ["document", "datasheet"] as const)
    for (const gpu of ["b200", "h100"] as const)
      for (const model of ["llama-70b", "llama-405b"] as const)
        for (const weights of NAMES) yield { profile, gpu, model, weights };
}

export default property<Call, Call, Reply>({
  id: "CST-22",
  part: "cost",
  statement:
    "a request alone is decoded at the smaller of two rates, reading and arithmetic, in every format that its GPU has; a format that it has not, or that there is not, is refused as such",
  given: values(
    fc.record({
      profile: fc.constantFrom("document" as const, "datasheet" as const),
      gpu: fc.constantFrom("b200" as const, "h100" as const),
      model: fc.constantFrom("llama-70b" as const, "llama-405b" as const),
      weights: fc.constantFrom<string[]>(...NAMES),
    }),
    small,
  ),
  subject: () => ask,
  scripts: (call) => [[call]],

  holds(call, replies) {
    const [expected, found] = [wanted(call), sole(replies)];
    if ("issue" in expected || "issue" in found) {
      const isRight = "issue" in expected && "issue" in found && expected.issue === found.issue;
      return isRight ? undefined : finding(0, expected, found);
    }
    if (!isNear(found.tokensPerSecond, expected.tokensPerSecond))
      return finding(0, expected.tokensPerSecond, found.tokensPerSecond, "tokens a second");
    if (found.boundBy === expected.boundBy) return undefined;
    return finding(0, expected.boundBy, found.boundBy, "bound by");
  },

  witnesses: {
    "four bits on a GPU with FP4 cores": ({ gpu, weights }) => gpu === "b200" && weights === "fp4",
    "FP4 on a GPU without": ({ gpu, weights }) => gpu === "h100" && weights === "fp4",
    "BF16, which only shares its size with FP16": ({ weights }) => weights === "bf16",
    "a format that there is not": ({ weights }) => weights === "fp6",
  },

  mutants: {
    "takes a format that there is not for FP16 (document)": misreading((call) =>
      Object.hasOwn(FORMATS, call.weights) ? call : { ...call, weights: "fp16" },
    ),
    "gives INT4 two bytes (document)": misreading((call) =>
      call.weights === "int4" ? { ...call, weights: "fp16" } : call,
    ),
    "has no size for BF16 (document)": () => (call) =>
      call.weights === "bf16" ? { tokensPerSecond: Number.NaN, boundBy: "compute" } : ask(call),
    "emulates FP4 in FP8 without a word": misreading((call) =>
      call.gpu === "h100" && call.weights === "fp4" ? { ...call, weights: "fp8" } : call,
    ),
    "takes the larger of the two rates": bending(({ tokensPerSecond }, call) => ({
      tokensPerSecond: tokensPerSecond * (call.weights === "fp4" ? 562 : 2),
    })),
    "says that batch 1 is bound by compute": bending(() => ({ boundBy: "compute" })),
    "reads upper case": misreading((call) => ({ ...call, weights: call.weights.toLowerCase() })),
  },
});
