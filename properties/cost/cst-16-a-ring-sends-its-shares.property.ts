import fc from "fast-check";
import { ringFactor } from "#cost";
import { finding, property, type Subject, values } from "#verify";
import { sole } from "./setups.ts";

type Call = { readonly tp: number };

const RING_MAX = 24;

/** The GPUs whose part is in a share, as a set of bits. */
const all = (tp: number): bigint => (1n << BigInt(tp)) - 1n;

/**
 * Plays an all-reduce on a ring step by step: each GPU hands one share on to its neighbour, which adds it while they reduce and replaces its own while
 * they gather, until every share everywhere has every GPU's part. Returns the shares that each GPU has sent.
 */
const sharesSent = (tp: number): number => {
  const mod = (number: number): number => ((number % tp) + tp) % tp;
  const held = Array.from({ length: tp }, (_, gpu) =>
    Array.from({ length: tp }, () => 1n << BigInt(gpu)),
  );
  const isDone = (): boolean => held.every((shares) => shares.every((parts) => parts === all(tp)));
  let sent = 0;
  for (; !isDone(); sent += 1) {
    const isReducing = sent < tp - 1;
    const onTheWay = held.map((shares, gpu) => shares[mod(gpu - sent)] as bigint);
    for (const [gpu, parts] of onTheWay.entries()) {
      const shares = held[mod(gpu + 1)] as bigint[];
      const share = mod(gpu - sent);
      shares[share] = isReducing ? (shares[share] as bigint) | parts : parts;
    }
  }
  return sent;
};

const sent = new Map<number, number>();
const sharesSentOnce = (tp: number): number => {
  const known = sent.get(tp) ?? sharesSent(tp);
  sent.set(tp, known);
  return known;
};

const of =
  (factor: (tp: number) => number): Subject<Call, number> =>
  () =>
  ({ tp }) =>
    factor(tp);

function* small(): Generator<Call> {
  for (let tp = 1; tp <= RING_MAX; tp += 1) yield { tp };
}

export default property<Call, Call, number>({
  id: "CST-16",
  part: "cost",
  statement:
    "the ring factor is what each GPU of a ring sends in an all-reduce, in messages, counted share by share: 1, 1.5 and 1.75 for 2, 4 and 8 GPUs",
  given: values(fc.record({ tp: fc.integer({ min: 1, max: RING_MAX }) }), small),
  subject: of(ringFactor),
  scripts: (call) => [[call]],

  holds({ tp }, replies) {
    const factor = sole(replies);
    const messages = sharesSentOnce(tp) / tp;
    if (factor !== messages) return finding(0, messages, factor, `${tp} GPUs`);
    const printed = { 2: 1, 4: 1.5, 8: 1.75 }[tp];
    if (printed === undefined || factor === printed) return undefined;
    return finding(0, printed, factor, `${tp} GPUs`);
  },

  witnesses: {
    "a GPU alone": ({ tp }) => tp === 1,
    "two GPUs": ({ tp }) => tp === 2,
    "four GPUs": ({ tp }) => tp === 4,
    "eight GPUs": ({ tp }) => tp === 8,
    "a ring of no power of two": ({ tp }) => ![1, 2, 4, 8, 16].includes(tp),
  },

  mutants: {
    "reduces but does not gather": of((tp) => (tp - 1) / tp),
    "sends whole messages": of((tp) => 2 * (tp - 1)),
    "takes the limit of a large ring": of((tp) => (tp > 1 ? 2 : 0)),
    "goes all the way round twice": of(() => 2),
    "climbs a tree": of((tp) => 2 * Math.log2(tp)),
    "turns a ring of one": of((tp) => (2 * Math.max(1, tp - 1)) / tp),
    "counts the GPUs for the steps": of((tp) => (2 * tp) / (tp + 1)),
  },
});
