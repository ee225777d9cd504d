import fc from "fast-check";
import { calibrate, decodeStepTime, type Efficiency, endToEndDeployment, prefillTime } from "#cost";
import { findProfile, type GpuName, type Profile } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { faster, orIssue, sole } from "./setups.ts";

type Call = {
  readonly profile: string;
  readonly gpu: GpuName;
  /** Hundredths of the profile's own peaks and bandwidth: less than the table needs is refused. */
  readonly peakPercent: number;
  readonly bandwidthPercent: number;
};
type Reply = Efficiency | { readonly issue: string };

/** The profile with GPUs that are faster or slower than its own. */
const supposing = ({ profile: name, peakPercent, bandwidthPercent }: Call): Profile => {
  const profile = findProfile(name);
  const { b200, h100 } = profile.gpus;
  const scaled = (gpu: typeof b200) => faster(gpu, peakPercent / 100, bandwidthPercent / 100);
  return { ...profile, gpus: { b200: scaled(b200), h100: scaled(h100) } };
};

/** A subject that calibrates against another profile or GPU, or bends what comes out. */
const calibrating =
  (
    profile: (call: Call) => Profile = supposing,
    gpu: (call: Call) => GpuName = (call) => call.gpu,
    bend: (efficiency: Efficiency) => Efficiency = (same) => same,
  ): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => bend(calibrate(profile(call), gpu(call), "document")));

/** What the table states for each GPU: tokens a second in prefill, and in decode at batch 256. Written out, to be checked by eye. */
const TABLE = {
  b200: { prefill: 82_000, decode: 14_800 },
  h100: { prefill: 18_200, decode: 4100 },
} as const;
const PROMPT_TOKENS = 4000;
const BATCH = 256;

/** Tokens a second of the table's own deployment at some efficiency. */
const throughput = (call: Call, { prefill, decode }: Efficiency) => {
  const deployment = endToEndDeployment(supposing(call), call.gpu);
  const prefillNs = prefillTime(deployment, PROMPT_TOKENS, prefill).total;
  const stepNs = decodeStepTime(deployment, BATCH, BATCH * PROMPT_TOKENS, decode).total;
  return { prefill: (PROMPT_TOKENS * 1e9) / prefillNs, decode: (BATCH * 1e9) / stepNs };
};

export default property<Call, Call, Reply>({
  id: "CST-9",
  part: "cost",
  statement:
    "the calibration `document` gives the end-to-end table back to its last printed digit on whatever roofline can carry it, and is refused on one that cannot",
  given: values(
    fc.record({
      profile: fc.constantFrom("document", "datasheet"),
      gpu: fc.constantFrom<GpuName[]>("b200", "h100"),
      peakPercent: fc.integer({ min: 20, max: 400 }),
      bandwidthPercent: fc.integer({ min: 20, max: 400 }),
    }),
  ),
  subject: calibrating(),
  scripts: (call) => [[call]],

  holds(call, replies) {
    const reply = sole(replies);
    const stated = TABLE[call.gpu];
    const roofline = throughput(call, { prefill: 1, decode: 1 });
    const carries = roofline.prefill >= stated.prefill && roofline.decode >= stated.decode;
    if ("issue" in reply) return carries ? finding(0, "efficiencies", reply) : undefined;
    if (!carries) return finding(0, { issue: "SPEC-5" }, reply);
    for (const regime of ["prefill", "decode"] as const) {
      if (!(reply[regime] > 0 && reply[regime] <= 1))
        return finding(0, "a share of the roofline", reply[regime], regime);
      const found = throughput(call, reply)[regime];
      if (Math.abs(found - stated[regime]) >= 0.5)
        return finding(0, stated[regime], found, `${regime} tokens/s`);
    }
    return undefined;
  },

  witnesses: {
    "a roofline that carries the table": (_, replies) => !("issue" in sole(replies)),
    "a roofline that does not": (_, replies) => "issue" in sole(replies),
    "the H100 column": ({ gpu }) => gpu === "h100",
    "the dense peaks": ({ profile }) => profile === "datasheet",
  },

  mutants: {
    "keeps the efficiencies of the document's own roofline": calibrating(() =>
      findProfile("document"),
    ),
    "reads the other column": calibrating(supposing, ({ gpu }) =>
      gpu === "b200" ? "h100" : "b200",
    ),
    "has one efficiency for both regimes": calibrating(undefined, undefined, ({ prefill }) => ({
      prefill,
      decode: prefill,
    })),
    "swaps prefill and decode": calibrating(undefined, undefined, ({ prefill, decode }) => ({
      prefill: decode,
      decode: prefill,
    })),
    "takes a slowdown for an efficiency": calibrating(
      undefined,
      undefined,
      ({ prefill, decode }) => ({ prefill: 1 / prefill, decode: 1 / decode }),
    ),
    "forgets the KV that the batch reads": () => (call) =>
      orIssue(() => {
        const profile = supposing(call);
        const bare = decodeStepTime(endToEndDeployment(profile, call.gpu), BATCH, 0).total;
        const { prefill } = calibrate(profile, call.gpu, "document");
        return { prefill, decode: (TABLE[call.gpu].decode * bare) / 1e9 / BATCH };
      }),
    "lets a table beat its roofline": () => (call) => {
      const roofline = throughput(call, { prefill: 1, decode: 1 });
      const stated = TABLE[call.gpu];
      return {
        prefill: stated.prefill / roofline.prefill,
        decode: stated.decode / roofline.decode,
      };
    },
  },
});
