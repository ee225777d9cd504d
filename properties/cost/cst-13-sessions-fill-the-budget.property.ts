import fc from "fast-check";
import { batchFits, type Deployment, largestBatch, sessions } from "#cost";
import { supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import {
  asGiven,
  deploymentOf,
  type Mistake,
  orIssue,
  type Setup,
  setups,
  sole,
  times,
} from "./setups.ts";

type Call = {
  readonly setup: Setup;
  readonly tp: number;
  readonly kvHeads: number;
  readonly tokens: number;
};
type Room = {
  readonly sessions: number;
  readonly largest: number;
  /** Whether the largest batch fits, and whether one request more does. */
  readonly fits: boolean;
  readonly moreFits: boolean;
};
type Reply = Room | { readonly issue: string };

const deployed = ({ setup, tp, kvHeads }: Call): Deployment => {
  const deployment = deploymentOf(setup);
  return { ...deployment, tp, model: { ...deployment.model, kvHeads: supposed(kvHeads) } };
};

const room = (deployment: Deployment, tokens: number): Room => {
  const largest = largestBatch(deployment, tokens);
  return {
    sessions: sessions(deployment, tokens),
    largest,
    fits: largest === 0 || batchFits(deployment, largest, tokens),
    moreFits: batchFits(deployment, largest + 1, tokens),
  };
};

const rooms =
  (mistake: Mistake = asGiven): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => room(mistake(deployed(call)), call.tokens));

/** A subject that bends the answer. */
const except =
  (bend: (right: Room, call: Call) => Partial<Room>): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => {
      const right = room(deployed(call), call.tokens);
      return { ...right, ...bend(right, call) };
    });

/** The vectors that a worker stores for a token: heads dealt out to its GPUs in turn, and again while GPUs have none. */
const headsStored = ({ kvHeads, tp }: Call): number => {
  let most = 0;
  for (let gpu = 0; gpu < tp; gpu += 1) {
    let held = 0;
    for (let head = 0; head < Math.max(kvHeads, tp); head += 1) if (head % tp === gpu) held += 1;
    most = Math.max(most, held);
  }
  return most * tp;
};

/** What is left of a worker's memory, and what a token takes of it, in bytes. */
const memory = (call: Call) => {
  const { profile, gpu, model, weightFormat, kvFormat, tp } = deployed(call);
  const weights = model.parameters.value * weightFormat.bytesPerValue.value;
  return {
    left: tp * gpu.hbm.value - tp * profile.workspace.value - weights,
    token:
      2 *
      model.layers.value *
      headsStored(call) *
      model.headDimension.value *
      kvFormat.bytesPerValue.value,
  };
};

export default property<Call, Call, Reply>({
  id: "CST-13",
  part: "cost",
  statement:
    "sessions times tokens times bytes a token fill the KV budget, however many GPUs share a KV head; the largest batch fits and one request more does not; a model that leaves no room is refused",
  given: values(
    fc.record({
      setup: setups,
      tp: fc.constantFrom(1, 2, 3, 4, 8, 16, 32),
      kvHeads: fc.constantFrom(1, 2, 4, 8, 10),
      tokens: fc.integer({ min: 1, max: 2_000_000 }),
    }),
  ),
  subject: rooms(),
  scripts: (call) => [[call]],

  holds(call, replies) {
    const reply = sole(replies);
    const { left, token } = memory(call);
    if ("issue" in reply) return left <= 0 ? undefined : finding(0, left, reply, "KV");
    if (left <= 0) return finding(0, { issue: "SPEC-2" }, reply);
    const filled = reply.sessions * call.tokens * token;
    if (Math.abs(filled - left) > 1e-12 * left) return finding(0, left, filled, "bytes of KV");
    const whole = Number(BigInt(left) / (BigInt(call.tokens) * BigInt(token)));
    if (reply.largest !== whole) return finding(0, whole, reply.largest, "the largest batch");
    if (!reply.fits) return finding(0, true, reply.fits, "the largest batch fits");
    return reply.moreFits ? finding(0, false, true, "one request more fits") : undefined;
  },

  witnesses: {
    "more GPUs than heads": (call, replies) =>
      call.tp > call.kvHeads && !("issue" in sole(replies)),
    "heads that do not divide among the GPUs": ({ kvHeads, tp }) =>
      kvHeads % tp !== 0 && tp < kvHeads,
    "less than one session": (_, replies) => {
      const reply = sole(replies);
      return "sessions" in reply && reply.sessions < 1;
    },
    "a model that does not fit": (_, replies) => "issue" in sole(replies),
  },

  mutants: {
    "rounds sessions down": except((right) => ({ sessions: right.largest })),
    "rounds the largest batch up": except((right) => ({ largest: right.largest + 1 })),
    "keeps each head once, on however many GPUs": except((right, call) => {
      const more = right.sessions * (headsStored(call) / call.kvHeads);
      return { sessions: more, largest: Math.floor(more) };
    }),
    "keeps every head on every GPU": rooms((given) => ({
      ...given,
      model: { ...given.model, kvHeads: times(given.model.kvHeads, given.tp) },
    })),
    "has the KV of one GPU": except((right, { tp }) => ({
      sessions: right.sessions / tp,
      largest: Math.floor(right.sessions / tp),
    })),
    "keeps no workspace free": rooms((given) => ({
      ...given,
      profile: { ...given.profile, workspace: times(given.profile.workspace, 0) },
    })),
    "takes 1,000 tokens for 1,024": except((right) => ({
      sessions: (right.sessions * 1000) / 1024,
    })),
    "lets one more in": except(() => ({ moreFits: true })),
    "keeps one place empty": except(() => ({ fits: false })),
  },
});
