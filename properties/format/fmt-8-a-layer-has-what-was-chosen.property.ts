import fc from "fast-check";
import { InputError } from "#base";
import { type LayerPrecision, layerPrecision } from "#spec";
import { finding, property, type Subject, values } from "#verify";

/** Empty for what is not chosen. */
type Case = { readonly weights: string; readonly kv: string; readonly output: string };
type Parts = {
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly weights: string;
  readonly activations: string;
  readonly accumulators: string;
  readonly outputs: string;
  readonly isFrozen: boolean;
};
type Reply = Parts | { readonly issue: string };

const parts = (precision: LayerPrecision): Parts => {
  const { attention, linear } = precision;
  return {
    q: attention.q.value,
    k: attention.k.value,
    v: attention.v.value,
    weights: linear.weights.value,
    activations: linear.activations.value,
    accumulators: `${attention.accumulator.value} ${linear.accumulator.value}`,
    outputs: `${attention.output.value} ${linear.output.value}`,
    isFrozen: [precision, attention, linear].every(Object.isFrozen),
  };
};

const chosen = ({ weights, kv, output }: Case): LayerPrecision =>
  layerPrecision({
    ...(weights !== "" && { weights }),
    ...(kv !== "" && { kv }),
    ...(output !== "" && { output }),
  });

/** A subject that misreads the choice, or bends what comes out. */
const configuring =
  (
    misread: (call: Case) => Case = (call) => call,
    bend: (found: Parts) => Partial<Parts> = () => ({}),
    made: (precision: LayerPrecision) => LayerPrecision = (precision) => precision,
  ): Subject<Case, Reply> =>
  () =>
  (call) => {
    try {
      const found = parts(made(chosen(misread(call))));
      return { ...found, ...bend(found) };
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      return { issue: thrown.issues[0]?.code ?? "none" };
    }
  };

const KNOWN = ["fp4", "int4", "fp8", "fp16", "bf16"];
const OUTPUTS = ["fp16", "fp8"];

const wanted = ({ weights, kv, output }: Case): Reply => {
  const isKnown = [weights, kv].every((name) => name === "" || KNOWN.includes(name));
  if (!isKnown || (output !== "" && !OUTPUTS.includes(output))) return { issue: "SPEC-1" };
  const kept = kv || "fp8";
  const result = output || "fp16";
  return {
    q: "fp8",
    k: kept,
    v: kept,
    weights: weights || "fp4",
    activations: "fp8",
    accumulators: "fp32 fp32",
    outputs: `${result} ${result}`,
    isFrozen: true,
  };
};

const name = fc.constantFrom("", "", ...KNOWN, "fp32", "__proto__");

export default property<Case, Case, Reply>({
  id: "FMT-8",
  part: "format",
  statement:
    "a layer has the formats chosen for weights, keys and values, and output, what the document has elsewhere, and nothing that is not known",
  given: values(fc.record({ weights: name, kv: name, output: name })),
  subject: configuring(),
  scripts: (given) => [[given]],

  holds(given, [replies]) {
    const expected = wanted(given);
    const found = replies?.[0] as Reply;
    const about = Object.keys({ ...expected, ...found }).find(
      (key) => expected[key as keyof Reply] !== found[key as keyof Reply],
    );
    return about === undefined ? undefined : finding(0, expected, found, about);
  },

  witnesses: {
    "nothing chosen for the weights": ({ weights }, [replies]) =>
      weights === "" && replies?.[0] !== undefined && !("issue" in replies[0]),
    "keys and values in another format than queries": (_, [replies]) =>
      replies?.[0] !== undefined && "k" in replies[0] && replies[0].k !== replies[0].q,
    "output in FP8": ({ output }, [replies]) =>
      output === "fp8" && replies?.[0] !== undefined && !("issue" in replies[0]),
    "a format that is known but not for output": ({ weights, output }) =>
      output === "fp4" && KNOWN.includes(weights),
  },

  mutants: {
    "ignores the output": configuring((call) => ({ ...call, output: "" })),
    "ignores the KV format": configuring((call) => ({ ...call, kv: "" })),
    "has keys in the chosen format, and values not": configuring(undefined, () => ({ v: "fp8" })),
    "has activations in the format of the weights": configuring(undefined, ({ weights }) => ({
      activations: weights,
    })),
    "accumulates in the format of the output": configuring(undefined, ({ outputs }) => ({
      accumulators: outputs,
    })),
    "takes what is not known for what is usual": configuring((call) => ({
      ...call,
      weights: KNOWN.includes(call.weights) ? call.weights : "",
    })),
    "can be changed afterwards": configuring(undefined, undefined, structuredClone),
  },
});
