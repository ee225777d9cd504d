import fc from "fast-check";
import type { RunnerCall, RunnerReply } from "#rack";
import { type Finding, finding, oneOfValues, property, values } from "#verify";
import {
  BYTES,
  choices,
  type Format,
  near,
  type OnGpu,
  onGpu,
  possible,
  runner,
  wrongly,
} from "./cases.ts";

type Choice = { readonly weights: Format; readonly kv: Format };
type Case = OnGpu & {
  readonly model: "llama-70b" | "llama-405b";
  readonly tp: number;
  readonly choice: Choice;
  readonly against: Choice;
};
type Gain = Extract<RunnerReply, { kind: "gain" }>;

/** Parameters, and the values that one token keeps: 2 × layers × 8 heads × 128. */
const MODELS = {
  "llama-70b": { parameters: 70e9, values: 2 * 80 * 8 * 128 },
  "llama-405b": { parameters: 405e9, values: 2 * 126 * 8 * 128 },
} as const;

/** GB of HBM that are not workspace. */
const ROOM: Readonly<Record<string, number>> = {
  "document b200": 189,
  "document h100": 77,
  "datasheet b200": 183,
  "datasheet h100": 77,
};

const figures = (given: Case, { weights, kv }: Choice) => {
  const { parameters, values } = MODELS[given.model];
  const room = (ROOM[`${given.profile} ${given.gpu}`] ?? 0) * 1e9 * given.tp;
  const bytes = parameters * BYTES[weights];
  return { bytes, kv: values * BYTES[kv], left: room - bytes };
};

/** The gain, or the code of what stands against it. */
const wanted = (given: Case): Omit<Gain, "kind"> | string => {
  const both = [given.choice, given.against];
  // One precision is looked at after the other, its own first.
  for (const one of both) {
    if (!possible(given, one)) return "SPEC-4";
    if (figures(given, one).left <= 0) return "SPEC-2";
  }
  const [own, other] = both.map((one) => figures(given, one)) as [
    ReturnType<typeof figures>,
    ReturnType<typeof figures>,
  ];
  return {
    weightBytesSaved: other.bytes - own.bytes,
    weightGain: other.bytes / own.bytes,
    kvBytesPerTokenSaved: other.kv - own.kv,
    kvGain: other.kv / own.kv,
    roomGain: (own.left * other.kv) / (own.kv * other.left),
  };
};

const bending = (change: (gain: Gain) => Partial<Gain>) =>
  wrongly((reply) => (reply.kind === "gain" ? { ...reply, ...change(reply) } : reply));

const gainOf = ([replies]: readonly (readonly RunnerReply[])[]): Gain | undefined => {
  const reply = replies?.[0];
  return reply?.kind === "gain" ? reply : undefined;
};

export default property<Case, RunnerCall, RunnerReply>({
  id: "RNR-2",
  part: "runner",
  statement:
    "what a precision gains in memory over another is counted in bytes a value: of the weights, of a token's KV, and of the tokens that both together leave room for",
  given: values(
    fc.record({
      ...onGpu,
      model: oneOfValues<Case["model"]>("llama-70b", "llama-405b"),
      tp: oneOfValues<number>(1, 2, 4, 8),
      choice: choices,
      against: choices,
    }),
  ),
  subject: runner,
  scripts: (given) => [[{ kind: "gain", ...given }]],

  holds(given, [replies = []]): Finding | undefined {
    const [reply] = replies;
    const expected = wanted(given);
    if (reply?.kind !== "gain" || typeof expected === "string") {
      const found = reply?.kind === "issues" ? reply.codes[0] : "a gain";
      return found === expected
        ? undefined
        : finding(0, typeof expected === "string" ? expected : "a gain", found ?? null);
    }
    const keys = Object.keys(expected) as (keyof typeof expected)[];
    const wrong = keys.find((key) => !near(reply[key], expected[key]));
    return wrong && finding(0, expected[wrong], reply[wrong], wrong);
  },

  witnesses: {
    "weights and KV both smaller": (_, replies) => {
      const gain = gainOf(replies);
      return gain !== undefined && gain.weightGain > 1 && gain.kvGain > 1;
    },
    "smaller weights and larger KV": (_, replies) => {
      const gain = gainOf(replies);
      return gain !== undefined && gain.weightGain > 1 && gain.kvGain < 1;
    },
    "weights that leave no room": (_, [replies]) =>
      replies?.[0]?.kind === "issues" && replies[0].codes[0] === "SPEC-2",
    "a format that the GPU lacks": (_, [replies]) =>
      replies?.[0]?.kind === "issues" && replies[0].codes[0] === "SPEC-4",
  },

  mutants: {
    "measures the other way round": bending(({ weightGain }) => ({ weightGain: 1 / weightGain })),
    "counts the weights of one GPU": wrongly((reply, call) =>
      reply.kind === "gain" && call.kind === "gain"
        ? { ...reply, weightBytesSaved: reply.weightBytesSaved / call.tp }
        : reply,
    ),
    "forgets that smaller weights leave more room": bending(({ kvGain }) => ({ roomGain: kvGain })),
    "forgets that smaller KV takes less room": bending(({ roomGain, kvGain }) => ({
      roomGain: roomGain / kvGain,
    })),
    "compares the KV of the same format": wrongly(
      (reply) => reply,
      (call) =>
        call.kind === "gain" && call.choice.kv
          ? { ...call, against: { ...call.against, kv: call.choice.kv } }
          : call,
    ),
    "shows no loss": bending(({ weightBytesSaved }) => ({
      weightBytesSaved: Math.max(0, weightBytesSaved),
    })),
  },
});
