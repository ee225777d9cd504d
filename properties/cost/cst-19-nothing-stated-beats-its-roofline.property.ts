import fc from "fast-check";
import { endToEndRow, type StatedThroughput } from "#cost";
import { findProfile } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { sole } from "./setups.ts";

type Call = {
  readonly profile: "document" | "datasheet";
  readonly gpu: "b200" | "h100";
  readonly regime: "prefill" | "decode";
};

/** The peaks of eight GPUs in the format of each column, in TFLOPS, written out, to be checked by eye. */
const PEAK_TFLOPS = {
  document: { b200: 18_000, h100: 3958 },
  datasheet: { b200: 10_000, h100: 1978.9 },
} as const;
/** Bytes a parameter, bytes of KV a token, and TB/s of HBM, likewise. */
const COLUMNS = {
  b200: { parameter: 0.5, kvToken: 258_048, bandwidth: 8, prefill: 82_000, decode: 14_800 },
  h100: { parameter: 1, kvToken: 516_096, bandwidth: 3.35, prefill: 18_200, decode: 4100 },
} as const;
const [PARAMETERS, GPUS, BATCH, TOKENS] = [405e9, 8, 256, 4000];

/** Tokens a second that eight GPUs could reach: the lower of what they multiply and what they read. */
const rooflineOf = ({ profile, gpu, regime }: Call): number => {
  const { parameter, kvToken, bandwidth } = COLUMNS[gpu];
  const [tokens, kv] = regime === "prefill" ? [TOKENS, 0] : [BATCH, BATCH * TOKENS * kvToken];
  const computed = (PEAK_TFLOPS[profile][gpu] * 1e12 * GPUS) / (2 * PARAMETERS);
  const read = (bandwidth * 1e12 * GPUS) / (PARAMETERS * parameter + kv);
  return Math.min(computed, read * tokens);
};

const ask = ({ profile, gpu, regime }: Call): StatedThroughput =>
  endToEndRow(findProfile(profile), gpu)[regime];

/** A subject with another roofline, or another stated figure. */
const except =
  (
    bend: (right: StatedThroughput, call: Call) => Partial<StatedThroughput>,
  ): Subject<Call, StatedThroughput> =>
  () =>
  (call) => {
    const right = ask(call);
    const bent = { ...right, ...bend(right, call) };
    return { ...bent, efficiency: bent.stated / bent.roofline };
  };

function* small(): Generator<Call> {
  for (const profile of ["document", "datasheet"] as const)
    for (const gpu of ["b200", "h100"] as const)
      for (const regime of ["prefill", "decode"] as const) yield { profile, gpu, regime };
}

export default property<Call, Call, StatedThroughput>({
  id: "CST-19",
  part: "cost",
  statement:
    "no throughput of the end-to-end table is above the roofline of its deployment, on either profile's figures",
  given: values(
    fc.record({
      profile: fc.constantFrom("document" as const, "datasheet" as const),
      gpu: fc.constantFrom("b200" as const, "h100" as const),
      regime: fc.constantFrom("prefill" as const, "decode" as const),
    }),
    small,
  ),
  subject: () => ask,
  scripts: (call) => [[call]],

  holds(call, replies) {
    const { stated, roofline, efficiency } = sole(replies);
    const printed = COLUMNS[call.gpu][call.regime];
    if (stated !== printed) return finding(0, printed, stated, "stated");
    const possible = rooflineOf(call);
    if (!isNear(roofline, possible)) return finding(0, possible, roofline, "roofline");
    if (!isNear(efficiency, printed / possible))
      return finding(0, printed / possible, efficiency, "efficiency");
    return efficiency > 0 && efficiency <= 1
      ? undefined
      : finding(0, "a share of the roofline", efficiency, "efficiency");
  },

  witnesses: {
    "a decode that is bound by its KV": ({ regime, gpu }) => regime === "decode" && gpu === "h100",
    "a prefill on dense peaks": ({ regime, profile }) =>
      regime === "prefill" && profile === "datasheet",
  },

  mutants: {
    "has the roofline of one GPU": except(({ roofline }) => ({ roofline: roofline / GPUS })),
    "states nine replicas as one": except(({ stated }) => ({ stated: 9 * stated })),
    "reads no KV": except(({ roofline }, { gpu, regime }) => {
      const { parameter, bandwidth } = COLUMNS[gpu];
      const bare = (bandwidth * 1e12 * GPUS * BATCH) / (PARAMETERS * parameter);
      return { roofline: regime === "decode" ? bare : roofline };
    }),
    "decodes one request at a time": except(({ roofline }, { regime }) => ({
      roofline: regime === "decode" ? roofline / BATCH : roofline,
    })),
    "takes sparse peaks for dense ones": except(({ roofline }, { profile, regime }) => ({
      roofline: profile === "datasheet" && regime === "prefill" ? 2 * roofline : roofline,
    })),
    "reads the other column": () => (call) =>
      ask({ ...call, gpu: call.gpu === "b200" ? "h100" : "b200" }),
    "takes a slowdown for an efficiency": () => (call) => {
      const right = ask(call);
      return { ...right, efficiency: 1 / right.efficiency };
    },
  },
});
