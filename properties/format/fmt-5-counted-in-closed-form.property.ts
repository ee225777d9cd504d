import fc from "fast-check";
import { type Encoding, finiteValues, largestValue, supposed, valueCount } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { encodingOf, type Layout, layouts, NAMED, widthOf } from "./layouts.ts";
import { tableOf } from "./tables.ts";

type Call = { readonly layout: Layout; readonly isListed: boolean };
type Reply = {
  readonly count: number;
  readonly largest: number;
  readonly listed: readonly number[];
};

const ask = (encoding: Encoding, isListed: boolean): Reply => ({
  count: valueCount(encoding),
  largest: largestValue(encoding),
  listed: isListed ? finiteValues(encoding) : [],
});

/** A subject that answers of another encoding, or bends the answer. */
const counting =
  (
    bend: (reply: Reply, encoding: Encoding) => Partial<Reply> = () => ({}),
    misread: (encoding: Encoding) => Encoding = (encoding) => encoding,
  ): Subject<Call, Reply> =>
  () =>
  ({ layout, isListed }) => {
    const encoding = misread(encodingOf(layout));
    const reply = ask(encoding, isListed);
    return { ...reply, ...bend(reply, encoding) };
  };

const isFloat = ({ kind }: Encoding): boolean => kind === "float";

/** Every number once, in order: the plain way, with a set. */
const counted = (layout: Layout): readonly number[] => {
  const finite = tableOf(layout).byCode.filter(Number.isFinite);
  const unique = new Set(finite.map((number) => number + 0));
  return [...Float64Array.from(unique).toSorted()];
};

/** Every encoding that there is; the numbers of those with eight bits or fewer are listed. */
function* small(): Generator<Call> {
  for (const layout of NAMED) yield { layout, isListed: widthOf(layout) <= 8 };
}

const wantedCounts = new Map<string, Omit<Reply, "listed">>();

/** Count and largest by brute force, once a layout: sixteen bits have over 60,000. */
const wantedOf = (layout: Layout): Omit<Reply, "listed"> => {
  const key = JSON.stringify(layout);
  const all = wantedCounts.has(key) ? [] : counted(layout);
  const wanted = wantedCounts.get(key) ?? { count: all.length, largest: all.at(-1) as number };
  wantedCounts.set(key, wanted);
  return wanted;
};

export default property<Call, Call, Reply>({
  id: "FMT-5",
  part: "format",
  statement:
    "a format has as many finite numbers as its codes show, +0 and −0 being one, the largest of them is the largest, and they are listed in order",
  given: values(fc.record({ layout: layouts, isListed: fc.boolean() }), small),
  subject: counting(),
  // Listing sixteen bits would take as long as everything else together.
  scripts: ({ layout, isListed }) => [[{ layout, isListed: isListed && widthOf(layout) <= 10 }]],

  holds({ layout, isListed }, [replies]) {
    const found = replies?.[0] as Reply;
    const wanted = wantedOf(layout);
    if (found.count !== wanted.count) return finding(0, wanted.count, found.count, "count");
    if (found.largest !== wanted.largest)
      return finding(0, wanted.largest, found.largest, "largest");
    if (!isListed || widthOf(layout) > 10) return undefined;
    const listed = counted(layout);
    const isListedSo =
      found.listed.length === listed.length &&
      listed.every((number, index) => Object.is(number, found.listed[index]));
    return isListedSo ? undefined : finding(0, listed, found.listed, "listed");
  },

  witnesses: {
    "the fifteen of E2M1": ({ layout }, [replies]) =>
      layout.name === "e2m1" && replies?.[0]?.count === 15,
    "sixteen bits": ({ layout }) => widthOf(layout) === 16,
    "two's complement": ({ layout, isListed }) => layout.kind === "integer" && isListed,
    "a format that nobody uses": ({ layout }) => layout.name === "supposed",
  },

  mutants: {
    "counts the codes": counting((_, encoding) => ({
      count:
        encoding.kind === "integer"
          ? 2 ** encoding.bits.value
          : 2 ** (1 + encoding.exponentBits.value + encoding.mantissaBits.value),
    })),
    "counts +0 and −0 apart": counting(({ count }, encoding) => ({
      count: isFloat(encoding) ? count + 1 : count,
    })),
    "counts normal numbers alone": counting(({ count }, encoding) => ({
      count: encoding.kind === "float" ? count - 2 * (2 ** encoding.mantissaBits.value - 1) : count,
    })),
    "ends E4M3 at 240": counting(undefined, (encoding) =>
      encoding.kind === "float"
        ? { ...encoding, topExponent: supposed("ieee" as const) }
        : encoding,
    ),
    "has a number where E4M3 has NaN": counting(undefined, (encoding) =>
      encoding.kind === "float" && encoding.topExponent.value === "nan"
        ? { ...encoding, topExponent: supposed("finite" as const) }
        : encoding,
    ),
    "gives two's complement as much above zero as below": counting(({ largest }, encoding) => ({
      largest: isFloat(encoding) ? largest : largest + 1,
    })),
    "lists in the order of codes": counting(({ listed }) => ({
      listed: [...listed.filter((number) => number >= 0), ...listed.filter((number) => number < 0)],
    })),
    "lists −0 too": counting(({ listed }, encoding) => ({
      listed: isFloat(encoding)
        ? listed.flatMap((number) => (number === 0 ? [-0, 0] : [number]))
        : listed,
    })),
  },
});
