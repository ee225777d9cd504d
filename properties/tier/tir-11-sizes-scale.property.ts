import fc from "fast-check";
import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { firstDifference, type Given, oneOfValues, property } from "#verify";
import { access, create, type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** How many bytes a unit of the small histories is: not a power of two, not a page, beyond 32 bits. */
const SCALES = [1000, 4097, 83_886_080, 11_111_111_111, 12_800_000_000] as const;
type Case = TierCase & { readonly scale: number };

/** Everything `scale` times as large. */
const scaled = ({ capacityBytes, history, scale }: Case): TierCase => ({
  capacityBytes: capacityBytes * scale,
  history: history.map((event) =>
    event.kind === "access" ? { ...event, bytes: event.bytes * scale } : event,
  ),
});

const SEE: readonly TierCall[] = [{ kind: "contents" }, { kind: "usedBytes" }];

const script = (given: TierCase): readonly TierCall[] => [
  create(given),
  ...given.history.flatMap((event) => [event, SEE[1] as TierCall]),
  ...SEE,
];

/** The replies with all bytes divided by the scale. */
const reduced = (replies: readonly TierReply[], scale: number): readonly unknown[] =>
  replies.map((reply) => {
    if (typeof reply === "number") return reply / scale;
    if (Array.isArray(reply))
      return reply.map((one: object) =>
        "bytes" in one ? { ...one, bytes: Number(one.bytes) / scale } : one,
      );
    if ("bytes" in reply) return { ...reply, bytes: reply.bytes / scale };
    return "freedBytes" in reply ? { ...reply, freedBytes: reply.freedBytes / scale } : reply;
  });

const withScale = (cases: fc.Arbitrary<TierCase>): fc.Arbitrary<Case> =>
  fc.tuple(cases, oneOfValues<number>(...SCALES)).map(
    ([given, scale]) => ({ ...given, scale }),
    (made) => {
      const { scale, ...given } = made as Case;
      return [given, scale];
    },
  );

/** A block that three GPUs read, in a switch of the document's size. */
function* small(): Generator<Case> {
  const history = [8, 9, 10].map((gpu) => access(gpu, 0, 6, 0));
  yield { capacityBytes: 10, scale: 12_800_000_000, history };
}

const given: Given<Case> = {
  arbitrary: withScale(tierCases.arbitrary),
  plain: withScale(tierCases.plain),
  small,
};

export default property<Case, TierCall, TierReply>({
  id: "TIR-11",
  part: "tier",
  statement:
    "sizes count exactly, however large: a switch and blocks some times as large behave as the small ones do",
  given,
  subject: subjectOf(SwitchTier),
  scripts: (given) => [script(given), script(scaled(given))],
  holds: ({ scale }, [small = [], large = []]) => firstDifference(small, reduced(large, scale)),

  witnesses: {
    "a switch of 128 GB with blocks in it": ({ capacityBytes, scale }, [small = []]) =>
      capacityBytes * scale === 128e9 && (small.at(-2) as readonly unknown[]).length > 0,
    "a block of 10 × 4,097 bytes, one more than 10 pages": ({ scale, history }) =>
      scale === 4097 && history.some((event) => event.kind === "access" && event.bytes === 10),
  },

  mutants: mutants(
    "counts bytes in 32 bits",
    "counts in pages of 4,096 bytes",
    "keeps sizes in single precision",
  ),
});
