import fc from "fast-check";
import { InputError } from "#base";
import {
  FORMATS,
  findFormat,
  findGpu,
  findProfile,
  type Gpu,
  mixedPeak,
  PROFILES,
  peakOf,
} from "#spec";
import { finding, property, type Subject, values } from "#verify";

type Case = {
  readonly profile: string;
  readonly gpu: string;
  readonly left: string;
  readonly right: string;
};
/** Operations a second, or the code of the issue. */
type Reply = number | string;

const gpuOf = ({ profile, gpu }: Case): Gpu => findGpu(findProfile(profile), gpu);

const orIssue = (answer: () => number): Reply => {
  try {
    return answer();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return thrown.issues[0]?.code ?? "none";
  }
};

const ask = (call: Case): number =>
  mixedPeak(gpuOf(call), findFormat(call.left), findFormat(call.right)).value;

const alone = (call: Case, name: string): number => peakOf(gpuOf(call), findFormat(name)).value;

const answering =
  (answer: (call: Case) => number = ask): Subject<Case, Reply> =>
  () =>
  (call) =>
    orIssue(() => answer(call));

/** What runs where, written out; `none`: no product of these two. Rows and columns in one order. */
const COLUMNS = ["fp4", "fp8", "fp16", "bf16", "int4"];
const CORES: Readonly<Record<string, readonly string[]>> = {
  fp4: ["fp4", "fp8", "fp16", "fp16", "fp16"],
  fp8: ["fp8", "fp8", "fp16", "fp16", "fp16"],
  fp16: ["fp16", "fp16", "fp16", "none", "fp16"],
  bf16: ["fp16", "fp16", "none", "fp16", "fp16"],
  int4: ["fp16", "fp16", "fp16", "fp16", "fp16"],
};

/** TFLOPS by profile and GPU: FP4 (0 for none), FP8, FP16. */
const PEAKS: Readonly<Record<string, readonly [number, number, number]>> = {
  "document b200": [18_000, 9000, 4500],
  "document h100": [0, 3958, 1979],
  "datasheet b200": [10_000, 5000, 2500],
  "datasheet h100": [0, 1978.9, 989.4],
};

const wanted = ({ profile, gpu, left, right }: Case): Reply => {
  const cores = CORES[left]?.[COLUMNS.indexOf(right)] ?? "none";
  const [fp4, fp8, fp16] = PEAKS[`${profile} ${gpu}`] as readonly [number, number, number];
  const lacksOne = fp4 === 0 && (left === "fp4" || right === "fp4");
  const teraflops = { fp4, fp8, fp16 }[cores];
  return lacksOne || teraflops === undefined ? "SPEC-4" : teraflops * 1e12;
};

const NAMES = FORMATS.map(({ name }) => name as string);

/** Every pair on every GPU: all there is. */
function* small(): Generator<Case> {
  for (const { name: profile } of PROFILES)
    for (const gpu of ["b200", "h100"])
      for (const left of NAMES) for (const right of NAMES) yield { profile, gpu, left, right };
}

export default property<Case, Case, Reply>({
  id: "FMT-7",
  part: "format",
  statement:
    "a product of two formats runs at the peak of the wider, in either order and never above what each has alone; a format that the GPU lacks, and FP16 with BF16, are refused",
  given: values(
    fc.record({
      profile: fc.constantFrom("document", "datasheet"),
      gpu: fc.constantFrom("b200", "h100"),
      left: fc.constantFrom(...NAMES),
      right: fc.constantFrom(...NAMES),
    }),
    small,
  ),
  subject: answering(),
  scripts: (given) => {
    const { left, right } = given;
    return [
      [
        given,
        { ...given, left: right, right: left },
        { ...given, right: left },
        { ...given, left: right },
      ],
    ];
  },

  holds(given, [replies]) {
    const [found, turned, left, right] = replies as readonly [Reply, Reply, Reply, Reply];
    const peak = wanted(given);
    if (found !== peak) return finding(0, peak, found);
    if (turned !== found) return finding(1, found, turned, "the other way round");
    const single = [left, right].filter((reply) => typeof reply === "number");
    if (typeof found === "number" && (single.length < 2 || found > Math.min(...single)))
      return finding(0, `at most ${single.join(" and ")}`, found, "against each alone");
    return undefined;
  },

  witnesses: {
    "FP4 weights and FP8 activations": ({ left, right }) => left === "fp4" && right === "fp8",
    "a format that the GPU lacks": ({ gpu, right }) => gpu === "h100" && right === "fp4",
    "two that do not go together": ({ left, right }) => left === "fp16" && right === "bf16",
    "whole numbers with FP16": ({ left, right }) => left === "int4" && right === "fp16",
    "one format twice": ({ left, right }) => left === right,
  },

  mutants: {
    "runs at the peak of the weights": answering((call) => {
      ask(call);
      return alone(call, call.left);
    }),
    "runs at the faster peak": answering((call) => {
      ask(call);
      return Math.max(alone(call, call.left), alone(call, call.right));
    }),
    "runs half way between the two": answering((call) => {
      ask(call);
      return (alone(call, call.left) + alone(call, call.right)) / 2;
    }),
    "widens what the GPU lacks": answering((call) => {
      const has = (name: string) => name !== "fp4" || call.gpu !== "h100";
      const name = (known: string) => (has(known) ? known : "fp8");
      return ask({ ...call, left: name(call.left), right: name(call.right) });
    }),
    "takes FP16 with BF16": answering((call) =>
      call.left === "bf16"
        ? alone(call, call.right)
        : Math.min(alone(call, call.left), alone(call, call.right)),
    ),
    "refuses all that is mixed": answering((call) => {
      if (call.left === call.right) return ask(call);
      throw new InputError([{ code: "SPEC-4", message: "one format must be given, found two" }]);
    }),
    "takes INT4 for FP4": answering((call) => {
      const name = (known: string) => (known === "int4" ? "fp4" : known);
      return ask({ ...call, left: name(call.left), right: name(call.right) });
    }),
  },
});
