import fc from "fast-check";
import { largestBatch } from "#cost";
import { supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { deploymentOf, orIssue, sole } from "./setups.ts";

type Call = {
  readonly model: "llama-70b" | "llama-405b";
  readonly weights: "fp4" | "fp8" | "fp16";
  readonly kv: "fp8" | "fp16";
  readonly tp: number;
  readonly gpus: number;
  readonly kvHeads: number;
  readonly contextTokens: number;
};
type Reply = { readonly sessions: number } | { readonly issue: string };

const BYTES = { fp4: 0.5, fp8: 1, fp16: 2 } as const;
/** Parameters and layers; heads have 128 dimensions. */
const MODELS = { "llama-70b": [70e9, 80], "llama-405b": [405e9, 126] } as const;
/** A B200's bytes without its workspace. */
const ROOM = 189e9;

const replicasOf = ({ gpus, tp }: Call): number => Math.floor(gpus / tp);

const perReplica = ({ model, weights, kv, tp, kvHeads, contextTokens }: Call): number => {
  const named = { profile: "document", gpu: "b200", model, weights, kv, tp };
  const { model: known, ...rest } = deploymentOf(named);
  return largestBatch({ ...rest, model: { ...known, kvHeads: supposed(kvHeads) } }, contextTokens);
};

const ask = (call: Call): Reply =>
  orIssue(() => ({ sessions: replicasOf(call) * perReplica(call) }));

/** Fills the replicas one by one, each GPU with the heads that it must keep, in halves of a byte. */
const filled = (call: Call): Reply => {
  const { model, weights, kv, tp, kvHeads, contextTokens } = call;
  const [parameters, layers] = MODELS[model];
  const halves = BigInt(2 * (ROOM * tp - parameters * BYTES[weights]));
  if (halves <= 0n) return { issue: "SPEC-2" };
  let heads = 0;
  for (let gpu = 0; gpu < tp; gpu += 1) heads += Math.max(1, Math.ceil(kvHeads / tp));
  const session = BigInt(contextTokens) * BigInt(2 * layers * heads * 128 * 2 * BYTES[kv]);
  let sessions = 0n;
  for (let gpu = tp; gpu <= call.gpus; gpu += tp) sessions += halves / session;
  return { sessions: Number(sessions) };
};

const counting =
  (count: (call: Call) => number): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => ({ sessions: count(call) }));

/** The sessions of one replica, with a fraction. */
const exact = (call: Call): number =>
  perReplica({ ...call, contextTokens: 1 }) / call.contextTokens;

function* small(): Generator<Call> {
  const one = { model: "llama-405b", kv: "fp8", contextTokens: 128_000 } as const;
  for (const weights of ["fp4", "fp8", "fp16"] as const)
    for (const tp of [8, 4, 2, 1])
      for (const gpus of [72, 8, 70])
        for (const kvHeads of [8, 2]) yield { ...one, weights, tp, gpus, kvHeads };
}

export default property<Call, Call, Reply>({
  id: "CST-24",
  part: "cost",
  statement:
    "a rack keeps as many sessions as its replicas do, each whole on one of them; GPUs that make up no replica keep none, and a model that does not fit is refused",
  given: values(
    fc.record({
      model: fc.constantFrom("llama-70b" as const, "llama-405b" as const),
      weights: fc.constantFrom("fp4" as const, "fp8" as const, "fp16" as const),
      kv: fc.constantFrom("fp8" as const, "fp16" as const),
      tp: fc.constantFrom(1, 2, 4, 8),
      gpus: fc.oneof(fc.constant(72), fc.integer({ min: 1, max: 72 })),
      kvHeads: fc.constantFrom(8, 8, 8, 4, 2, 1),
      contextTokens: fc.oneof(fc.constant(128_000), fc.integer({ min: 1000, max: 1_000_000 })),
    }),
    small,
  ),
  subject: () => ask,
  scripts: (call) => [[call]],

  holds(call, replies) {
    const [expected, found] = [filled(call), sole(replies)];
    const isRight =
      "issue" in expected
        ? "issue" in found && found.issue === expected.issue
        : "sessions" in found && found.sessions === expected.sessions;
    return isRight ? undefined : finding(0, expected, found);
  },

  witnesses: {
    "parts of a session left on every replica": (call, replies) => {
      const reply = sole(replies);
      return "sessions" in reply && Math.floor(exact(call) * replicasOf(call)) > reply.sessions;
    },
    "GPUs that make up no replica": ({ gpus, tp }) => gpus % tp > 0 && gpus > tp,
    "fewer GPUs than a replica needs": ({ gpus, tp }) => gpus < tp,
    "more GPUs than heads": ({ kvHeads, tp }) => tp > kvHeads,
    "a model that does not fit": (_, replies) => "issue" in sole(replies),
  },

  mutants: {
    "adds replicas up before it cuts to whole sessions (document)": counting((call) =>
      Math.floor(exact(call) * replicasOf(call)),
    ),
    "counts the KV of GPUs that make up no replica (document)": counting((call) =>
      Math.floor((perReplica(call) * call.gpus) / call.tp),
    ),
    "keeps each head once, on however many GPUs (document)": counting(
      (call) => replicasOf(call) * perReplica({ ...call, kvHeads: Math.max(8, call.kvHeads) }),
    ),
    "goes below zero instead of refusing (document)": () => (call) => {
      const reply = ask(call);
      return "issue" in reply ? { sessions: -1 } : reply;
    },
    "loads the weights once for the rack": counting((call) =>
      perReplica({ ...call, weights: "fp4" }),
    ),
    "rounds the last replica up": counting(
      (call) => Math.ceil(call.gpus / call.tp) * perReplica(call),
    ),
  },
});
