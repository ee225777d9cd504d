import fc from "fast-check";
import { finding, oneOfValues, property, values } from "#verify";
import { type Call, mutants, type Reply, rightly } from "./measuring.ts";
import { type Counts, counts, KNOWN, sizeOf } from "./racks.ts";

/** A number that is a GPU's or is not, and one that is, counted round. */
type Case = { readonly rack: Counts; readonly odd: Odd; readonly good: number };

/** Numbers, told from the rack's size: JSON holds neither NaN nor an infinity. */
type Odd = "first" | "last" | "beyond" | "below" | "half" | "huge" | "NaN" | "infinite";
const ODD: readonly [Odd, ...Odd[]] = [
  "first",
  "last",
  "beyond",
  "below",
  "half",
  "huge",
  "NaN",
  "infinite",
];

const numberOf = ({ rack, odd }: Case): number =>
  ({
    first: 0,
    last: sizeOf(rack) - 1,
    beyond: sizeOf(rack),
    below: -1,
    half: 0.5,
    huge: 2 ** 53,
    NaN: Number.NaN,
    infinite: Number.POSITIVE_INFINITY,
  })[odd];

const calls = (given: Case): readonly Call[] => {
  const { rack } = given;
  const [odd, good] = [numberOf(given), given.good % sizeOf(rack)];
  return [
    { rack, left: odd, right: good },
    { rack, left: good, right: odd },
    { rack, left: odd, right: odd },
  ];
};

function* small(): Generator<Case> {
  for (const rack of KNOWN) for (const odd of ODD) yield { rack, odd, good: 0 };
}

export default property<Case, Call, Reply>({
  id: "TOP-3",
  part: "topology",
  statement:
    "a distance is measured between GPUs that there are, from the first to the last, and refused on either side and both for every other number",
  given: values(
    fc.record({ rack: counts, odd: oneOfValues(...ODD), good: fc.nat({ max: 215 }) }),
    small,
  ),
  subject: rightly,
  scripts: (given) => [calls(given)],

  holds(given, [replies = []]) {
    const isGpu = ["first", "last"].includes(given.odd);
    const at = replies.findIndex((reply) => (typeof reply === "number") !== isGpu);
    return at < 0
      ? undefined
      : finding(at, isGpu ? "a distance" : "no such GPU", replies[at] ?? null);
  },

  witnesses: {
    "a GPU beyond the last": ({ odd }) => odd === "beyond",
    "no number at all": ({ odd }) => odd === "NaN",
    "the last GPU": ({ odd }) => odd === "last",
  },

  mutants: mutants(
    "takes a GPU beyond the last for the last",
    "counts GPUs from the end when they are negative",
    "cuts a GPU's number to a whole one",
    "checks the first GPU only",
    "takes any GPU for near itself",
  ),
});
