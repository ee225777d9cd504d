import fc from "fast-check";
import { allReduceTime, hiddenStateBytes, type Span, stepAllReduceTime } from "#cost";
import { findFormat, findModel, findProfile } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";

type Case = {
  readonly profile: "document" | "datasheet";
  readonly model: "llama-70b" | "llama-405b";
  readonly format: "fp8" | "fp16";
  readonly tp: number;
  readonly tokens: number;
  readonly more: number;
};
type Call = Omit<Case, "more"> & { readonly span: Span };
type Reply = { readonly bytes: number; readonly one: number; readonly step: number };

/** Layers, hidden width and bytes a value, written out, to be checked by eye. */
const MODELS = {
  "llama-70b": { layers: 80, hidden: 8192 },
  "llama-405b": { layers: 126, hidden: 16_384 },
} as const;
const BYTES = { fp8: 1, fp16: 2 } as const;
/** How many times as long as within a domain an all-reduce takes across domains. */
const PENALTY = { document: 2, datasheet: 1 } as const;

const ask = ({
  profile: name,
  model: modelName,
  format: formatName,
  tp,
  tokens,
  span,
}: Call): Reply => {
  const [profile, model, format] = [
    findProfile(name),
    findModel(modelName),
    findFormat(formatName),
  ];
  const bytes = hiddenStateBytes(model, tokens, format);
  return {
    bytes,
    one: allReduceTime(profile, span, tp, bytes),
    step: stepAllReduceTime({ profile, model, tp }, span, tokens, format),
  };
};

/** A subject that bends the answer. */
const except =
  (bend: (right: Reply, call: Call) => Partial<Reply>): Subject<Call, Reply> =>
  () =>
  (call) => {
    const right = ask(call);
    return { ...right, ...bend(right, call) };
  };

const everywhere = (factor: (call: Call) => number) =>
  except(({ bytes, one, step }, call) => {
    const by = factor(call);
    return { bytes: bytes * by, one: one * by, step: step * by };
  });

export default property<Case, Call, Reply>({
  id: "CST-17",
  part: "cost",
  statement:
    "the time of an all-reduce is linear in its bytes, a step has two in every layer, a GPU alone has none to wait for, and across domains it takes as much longer as the rate is lower",
  given: values(
    fc.record({
      profile: fc.constantFrom("document" as const, "datasheet" as const),
      model: fc.constantFrom("llama-70b" as const, "llama-405b" as const),
      format: fc.constantFrom("fp8" as const, "fp16" as const),
      tp: fc.constantFrom(1, 2, 4, 8),
      tokens: fc.integer({ min: 1, max: 100_000 }),
      more: fc.integer({ min: 1, max: 100_000 }),
    }),
  ),
  subject: () => ask,
  scripts: ({ more, ...same }) => [
    [
      { ...same, span: "domain" },
      { ...same, span: "domain", tokens: more },
      { ...same, span: "domain", tokens: same.tokens + more },
      { ...same, span: "rack" },
    ],
  ],

  holds({ profile, model, format, tp, tokens }, [replies]) {
    const [few, more, both, far] = replies as readonly [Reply, Reply, Reply, Reply];
    const bytes = tokens * MODELS[model].hidden * BYTES[format];
    if (few.bytes !== bytes) return finding(0, bytes, few.bytes, "bytes");
    if (both.bytes !== few.bytes + more.bytes)
      return finding(2, few.bytes + more.bytes, both.bytes, "bytes together");
    if (!isNear(both.one, few.one + more.one))
      return finding(2, few.one + more.one, both.one, "seconds together");
    const step = 2 * MODELS[model].layers * few.one;
    if (!isNear(few.step, step)) return finding(0, step, few.step, "a step");
    if ((few.one === 0) !== (tp === 1)) return finding(0, "0 for a GPU alone", few.one, "one");
    const across = few.one * PENALTY[profile];
    return isNear(far.one, across) ? undefined : finding(3, across, far.one, "across domains");
  },

  witnesses: {
    "a GPU alone": ({ tp }) => tp === 1,
    "a rack in which domains cost more": ({ profile }) => profile === "document",
    "a rack of one domain": ({ profile }) => profile === "datasheet",
  },

  mutants: {
    "pays a fixed price each time": except(({ one }) => ({ one: one + 1e-6 })),
    "sends the state of one token": everywhere(({ tokens }) => 1 / tokens),
    "counts a key and a value": everywhere(() => 2),
    "sends the KV heads instead of the hidden state": everywhere(
      ({ model }) => (8 * 128) / MODELS[model].hidden,
    ),
    "reduces once a layer": except(({ step }) => ({ step: step / 2 })),
    "reduces in one layer": except(({ step }, { model }) => ({
      step: step / MODELS[model].layers,
    })),
    "sees no domains": except((_, call) => ask({ ...call, span: "domain" })),
    "swaps the spans": except((_, call) =>
      ask({ ...call, span: call.span === "rack" ? "domain" : "rack" }),
    ),
  },
});
