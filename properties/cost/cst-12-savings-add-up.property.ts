import fc from "fast-check";
import { memorySavings, weightBytes } from "#cost";
import { findFormat, findModel } from "#spec";
import { finding, property, type Subject, values } from "#verify";

type Case = {
  readonly model: string;
  readonly first: string;
  readonly second: string;
  readonly third: string;
};
type Call = { readonly model: string; readonly from: string; readonly to: string };

/** Bits a parameter and parameters, written out, to be checked by eye. */
const BITS: Readonly<Record<string, number>> = { fp4: 4, int4: 4, fp8: 8, fp16: 16, bf16: 16 };
const PARAMETERS: Readonly<Record<string, number>> = { "llama-70b": 70e9, "llama-405b": 405e9 };

const bytesOf = ({ model, from, to }: Call): number =>
  ((PARAMETERS[model] ?? Number.NaN) * ((BITS[from] ?? 0) - (BITS[to] ?? 0))) / 8;

const ask = ({ model, from, to }: Call): number =>
  memorySavings(findModel(model), findFormat(from), findFormat(to));

/** A subject that bends the answer. */
const bent =
  (bend: (right: number, call: Call) => number): Subject<Call, number> =>
  () =>
  (call) =>
    bend(ask(call), call);

const FORMAT_NAMES = Object.keys(BITS);

function* small(): Generator<Case> {
  for (const model of Object.keys(PARAMETERS))
    for (const first of FORMAT_NAMES)
      for (const second of FORMAT_NAMES)
        for (const third of FORMAT_NAMES) yield { model, first, second, third };
}

export default property<Case, Call, number>({
  id: "CST-12",
  part: "cost",
  statement:
    "what one format saves against another is the difference in bits, to the byte: there and back is nothing, and two steps save what one does",
  given: values(
    fc.record({
      model: fc.constantFrom(...Object.keys(PARAMETERS)),
      first: fc.constantFrom(...FORMAT_NAMES),
      second: fc.constantFrom(...FORMAT_NAMES),
      third: fc.constantFrom(...FORMAT_NAMES),
    }),
    small,
  ),
  subject: bent((right) => right),
  scripts: ({ model, first, second, third }) => [
    [
      { model, from: first, to: second },
      { model, from: second, to: first },
      { model, from: second, to: third },
      { model, from: first, to: third },
      { model, from: first, to: first },
    ],
  ],

  holds({ model, first, second }, [replies]) {
    const [there, back, onward, along, stay] = replies as readonly [
      number,
      number,
      number,
      number,
      number,
    ];
    const exact = bytesOf({ model, from: first, to: second });
    if (there !== exact) return finding(0, exact, there, "saved");
    if (there + back !== 0) return finding(1, -there, back, "the way back");
    if (there + onward !== along) return finding(3, there + onward, along, "two steps");
    return stay === 0 ? undefined : finding(4, 0, stay, "a format against itself");
  },

  witnesses: {
    "a format that takes more": (_, [replies]) => (replies?.[0] ?? 0) < 0,
    "three formats of different sizes": ({ first, second, third }) =>
      new Set([BITS[first], BITS[second], BITS[third]]).size === 3,
  },

  mutants: {
    "never loses": bent((right) => Math.max(0, right)),
    "forgets the sign": bent((right) => Math.abs(right)),
    "swaps the formats": bent((right) => -right),
    "gives the larger one whole": bent((_, { model, from }) =>
      weightBytes(findModel(model), findFormat(from)),
    ),
    "counts in binary gigabytes": bent((right) => (right / 2 ** 30) * 1e9),
    "counts bits for bytes": bent((right) => right * 8),
    "saves a share of what there was": bent(
      (right, { model, from }) => right / weightBytes(findModel(model), findFormat(from)),
    ),
  },
});
