import fc from "fast-check";
import { type EndToEndRow, endToEndRow } from "#cost";
import { findProfile, type Profile, supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { sole } from "./setups.ts";

type Call = {
  readonly profile: "document" | "datasheet";
  readonly gpu: "b200" | "h100";
  readonly prefillTokens: number;
  readonly prefillTokensPerSecond: number;
  readonly decodeBatch: number;
  readonly decodeContextTokens: number;
  readonly decodeTokensPerSecond: number;
  readonly sessionTokens: number;
  readonly blockTokens: number;
};
type Reply = Omit<EndToEndRow, "deployment">;

/** The profile with another column of figures for the GPU. */
const supposing = ({ profile: name, gpu, ...figures }: Call): Profile => {
  const profile = findProfile(name);
  const put = Object.fromEntries(
    Object.entries(figures).map(([figure, value]) => [figure, supposed(value)]),
  );
  const endToEnd = { ...profile.endToEnd, [gpu]: { ...profile.endToEnd[gpu], ...put } };
  return { ...profile, endToEnd };
};

const ask = (call: Call): Reply => {
  const { deployment: _, ...row } = endToEndRow(supposing(call), call.gpu);
  return row;
};

/** A subject that bends the answer. */
const except =
  (bend: (right: Reply, call: Call) => Partial<Reply>): Subject<Call, Reply> =>
  () =>
  (call) => {
    const right = ask(call);
    return { ...right, ...bend(right, call) };
  };

/** Bytes a second over NVLink one way, bytes of weights and of KV a token, and the bytes that eight GPUs have for KV: written out. */
const ONE_WAY = {
  document: { b200: 1.8e12, h100: 0.9e12 },
  datasheet: { b200: 0.9e12, h100: 0.45e12 },
} as const;
const WEIGHTS = { b200: 202.5e9, h100: 405e9 } as const;
const KV_TOKEN = { b200: 258_048, h100: 516_096 } as const;
const HBM = {
  document: { b200: 192e9, h100: 80e9 },
  datasheet: { b200: 186e9, h100: 80e9 },
} as const;
const WORKSPACE = 3e9;
const TP = 8;

/** Every identity: what it is called, what must be, what was found. */
const identities = (call: Call, row: Reply): readonly (readonly [string, number, number])[] => {
  const { profile, gpu } = call;
  const oneWay = ONE_WAY[profile][gpu];
  const budget = TP * (HBM[profile][gpu] - WORKSPACE) - WEIGHTS[gpu];
  const block = call.blockTokens * KV_TOKEN[gpu];
  return [
    ["TTFT × throughput", call.prefillTokens, row.ttft * call.prefillTokensPerSecond],
    ["TPOT × throughput", call.decodeBatch, row.tpot * call.decodeTokensPerSecond],
    ["prefill", call.prefillTokensPerSecond, row.prefill.efficiency * row.prefill.roofline],
    ["decode", call.decodeTokensPerSecond, row.decode.efficiency * row.decode.roofline],
    ["sessions", budget, row.sessions * call.sessionTokens * KV_TOKEN[gpu]],
    ["swapped", WEIGHTS[gpu], row.swap.bytes],
    ["swap alone", WEIGHTS[gpu], row.swap.alone * oneWay],
    ["swap together", WEIGHTS[gpu], row.swap.together * TP * oneWay],
    ["block", block, row.blockTransfer.bytes],
    ["block alone", block, row.blockTransfer.alone * oneWay],
    ["block together", block, row.blockTransfer.together * TP * oneWay],
    [
      "fits",
      call.decodeBatch * call.decodeContextTokens * KV_TOKEN[gpu] <= budget ? 1 : 0,
      row.decodeFits ? 1 : 0,
    ],
    [
      "largest batch",
      Math.floor(budget / (call.decodeContextTokens * KV_TOKEN[gpu])),
      row.decodeBatchMax,
    ],
  ];
};

export default property<Call, Call, Reply>({
  id: "CST-20",
  part: "cost",
  statement:
    "a column of the end-to-end table agrees with itself: time to first token times prefill throughput is the prompt, time per token times decode throughput is the batch, seconds times link rate are the bytes moved, and it says whether its batch fits",
  given: values(
    fc.record({
      profile: fc.constantFrom("document" as const, "datasheet" as const),
      gpu: fc.constantFrom("b200" as const, "h100" as const),
      prefillTokens: fc.integer({ min: 1, max: 200_000 }),
      prefillTokensPerSecond: fc.integer({ min: 1, max: 1_000_000 }),
      decodeBatch: fc.integer({ min: 1, max: 4096 }),
      decodeContextTokens: fc.integer({ min: 1, max: 200_000 }),
      decodeTokensPerSecond: fc.integer({ min: 1, max: 100_000 }),
      sessionTokens: fc.integer({ min: 1, max: 1_000_000 }),
      blockTokens: fc.integer({ min: 1, max: 512 }),
    }),
  ),
  subject: () => ask,
  scripts: (call) => [[call]],

  holds(call, replies) {
    for (const [what, wanted, found] of identities(call, sole(replies)))
      if (!isNear(found, wanted)) return finding(0, wanted, found, what);
    return undefined;
  },

  witnesses: {
    "a batch that fits": (_, replies) => sole(replies).decodeFits,
    "a batch that does not": (_, replies) => !sole(replies).decodeFits,
    "a throughput that cannot be": (_, replies) => sole(replies).decode.efficiency > 1,
    "links whose figure adds up both directions": ({ profile }) => profile === "datasheet",
  },

  mutants: {
    "gives the first token in milliseconds": except(({ ttft }) => ({ ttft: ttft * 1000 })),
    "waits for a batch of prompts": except(({ ttft }, { decodeBatch }) => ({
      ttft: ttft * (decodeBatch + 1),
    })),
    "shares a token's time among the batch": except((_, { decodeTokensPerSecond }) => ({
      tpot: 1 / decodeTokensPerSecond / 2,
    })),
    "takes the roofline for what is stated": except(({ prefill }) => ({
      prefill: { ...prefill, efficiency: 1 },
    })),
    "clips efficiency at 1": except(({ decode }) => ({
      decode: { ...decode, efficiency: Math.min(1, decode.efficiency) },
    })),
    "swaps models over both directions": except(({ swap }, { profile }) => ({
      swap: { ...swap, alone: profile === "datasheet" ? swap.alone / 2 : swap.alone },
    })),
    "sends every shard over one link": except(({ swap }) => ({
      swap: { ...swap, together: swap.alone },
    })),
    "moves a token for a block": except(({ blockTransfer }, { blockTokens }) => ({
      blockTransfer: { ...blockTransfer, alone: blockTransfer.alone / blockTokens },
    })),
    "says that every batch fits": except(() => ({ decodeFits: true })),
    "counts one session of each context": except(({ sessions }) => ({
      decodeBatchMax: Math.floor(sessions),
    })),
  },
});
