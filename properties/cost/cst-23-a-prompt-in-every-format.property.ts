import fc from "fast-check";
import { boundBy, longest, prefillBounds, prefillThroughput } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { deploymentOf, orIssue, sole } from "./setups.ts";

type Call = {
  readonly profile: "document";
  readonly gpu: "b200" | "h100";
  readonly model: "llama-70b" | "llama-405b";
  readonly weights: string;
  /** Of one prompt; the batch has so many of them. */
  readonly tokens: number;
  readonly batch: number;
};
type Time = {
  readonly seconds: number;
  readonly tokensPerSecond: number;
  readonly boundBy: string;
};
type Reply = Time | { readonly issue: string };

/** Bits a parameter, and PFLOPS of the cores it is multiplied on: of a B200, then of an H100. */
const FORMATS: Readonly<Record<string, readonly [bits: number, b200: number, h100: number]>> = {
  fp4: [4, 18, 0],
  int4: [4, 4.5, 1.979],
  fp8: [8, 9, 3.958],
  fp16: [16, 4.5, 1.979],
  bf16: [16, 4.5, 1.979],
};
const HBM = { b200: 8e12, h100: 3.35e12 } as const;
const PARAMETERS = { "llama-70b": 70e9, "llama-405b": 405e9 } as const;

const ask = ({ tokens, batch, ...named }: Call): Reply =>
  orIssue(() => {
    const deployment = deploymentOf({ ...named, kv: "fp8", tp: 1 });
    const bounds = prefillBounds(deployment, tokens * batch);
    return {
      seconds: longest(bounds),
      tokensPerSecond: prefillThroughput(deployment, tokens * batch),
      boundBy: boundBy(bounds),
    };
  });

const wanted = ({ gpu, model, weights, tokens, batch }: Call): Reply => {
  const format = FORMATS[weights];
  if (format === undefined) return { issue: "SPEC-1" };
  if (tokens * batch === 0) return { issue: "SPEC-6" };
  const [bits, ...peaks] = format;
  const peak = peaks[gpu === "b200" ? 0 : 1] as number;
  if (peak === 0) return { issue: "SPEC-4" };
  const all = tokens * batch;
  const compute = (2 * PARAMETERS[model] * all) / (peak * 1e15);
  const memory = (PARAMETERS[model] * bits) / 8 / HBM[gpu];
  const seconds = Math.max(compute, memory);
  return {
    seconds,
    tokensPerSecond: all / seconds,
    boundBy: compute > memory ? "compute" : "memory",
  };
};

const misreading =
  (misread: (call: Call) => Call): Subject<Call, Reply> =>
  () =>
  (call) =>
    ask(misread(call));

const bending =
  (bend: (time: Time, call: Call) => Partial<Time>): Subject<Call, Reply> =>
  () =>
  (call) => {
    const reply = ask(call);
    return "issue" in reply ? reply : { ...reply, ...bend(reply, call) };
  };

const NAMES = [...Object.keys(FORMATS), "fp6"] as const;

function* small(): Generator<Call> {
  for (const gpu of ["b200", "h100"] as const)
    for (const weights of NAMES)
      for (const tokens of [0, 1, 300, 4096])
        yield { profile: "document", gpu, model: "llama-70b", weights, tokens, batch: 1 };
}

export default property<Call, Call, Reply>({
  id: "CST-23",
  part: "cost",
  statement:
    "prompts together take the longer of their arithmetic and one read of the weights, in every format that the GPU has; one that it has not, one that there is not, and a batch of nothing are refused as such",
  given: values(
    fc.record({
      profile: fc.constant("document" as const),
      gpu: fc.constantFrom("b200" as const, "h100" as const),
      model: fc.constantFrom("llama-70b" as const, "llama-405b" as const),
      weights: fc.constantFrom<string[]>(...NAMES),
      tokens: fc.oneof(fc.nat({ max: 600 }), fc.nat({ max: 128_000 })),
      batch: fc.integer({ min: 1, max: 8 }),
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
    for (const figure of ["seconds", "tokensPerSecond"] as const)
      if (!isNear(found[figure], expected[figure]))
        return finding(0, expected[figure], found[figure], figure);
    if (found.boundBy === expected.boundBy) return undefined;
    return finding(0, expected.boundBy, found.boundBy, "bound by");
  },

  witnesses: {
    "INT4 bound by reading": ({ weights }, replies) => {
      const reply = sole(replies);
      return weights === "int4" && "boundBy" in reply && reply.boundBy === "memory";
    },
    "a batch bound by arithmetic": ({ batch }, replies) => {
      const reply = sole(replies);
      return batch > 1 && "boundBy" in reply && reply.boundBy === "compute";
    },
    "a batch of nothing": ({ tokens }) => tokens === 0,
    "FP4 on a GPU without": ({ gpu, weights }) => gpu === "h100" && weights === "fp4",
    "a format that there is not": ({ weights }) => weights === "fp6",
  },

  mutants: {
    "gives INT4 two bytes (document)": misreading((call) =>
      call.weights === "int4" ? { ...call, weights: "fp16" } : call,
    ),
    "takes a format that there is not for FP16 (document)": misreading((call) =>
      Object.hasOwn(FORMATS, call.weights) ? call : { ...call, weights: "fp16" },
    ),
    "reads the weights once a prompt": bending(({ seconds }, { tokens, batch }) => ({
      seconds: seconds * batch,
      tokensPerSecond: tokens / seconds,
    })),
    "counts the tokens of one prompt": misreading((call) => ({ ...call, batch: 1 })),
    "finds nothing done at once, and done at infinite speed": () => (call) =>
      call.tokens === 0
        ? { seconds: 0, tokensPerSecond: Number.POSITIVE_INFINITY, boundBy: "memory" }
        : ask(call),
    "is always bound by compute": bending(() => ({ boundBy: "compute" })),
  },
});
