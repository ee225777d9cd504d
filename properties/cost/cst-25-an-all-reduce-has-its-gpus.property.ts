import fc from "fast-check";
import { InputError } from "#base";
import { allReduceTime } from "#cost";
import { distance, findProfile } from "#spec";
import { finding, oneOfValues, property, type Subject, values } from "#verify";
import { isNear } from "./near.ts";
import { orIssue, sole } from "./setups.ts";

type Call = {
  /** Where the group lies, as a placement has it. */
  readonly gpus: readonly number[];
  readonly tp: number;
  readonly bytes: number;
};
type Reply = { readonly seconds: number } | { readonly issue: string };

const GPUS = 72;

const isGpu = (gpu: number): boolean => Number.isInteger(gpu) && gpu >= 0 && gpu < GPUS;

const impossible = (message: string): InputError => new InputError([{ code: "SPEC-6", message }]);

const timed = ({ gpus, tp, bytes }: Call): number => {
  const profile = findProfile("document");
  if (!gpus.every(isGpu)) throw impossible("a group must lie on GPUs of the rack");
  if (gpus.length !== tp || new Set(gpus).size !== tp)
    throw impossible(`a group of ${tp} must lie on as many GPUs`);
  const isWide = gpus.some((gpu) => distance(profile, gpus[0] as number, gpu) === 3);
  return allReduceTime(profile, isWide ? "rack" : "domain", tp, bytes);
};

const asking =
  (misread: (call: Call) => Call = (call) => call): Subject<Call, Reply> =>
  () =>
  (call) =>
    orIssue(() => ({ seconds: timed(misread(call)) }));

/** The GPUs of the domain that each GPU is in, written out. */
const DOMAINS = Array.from({ length: 9 }, (_, domain) =>
  Array.from({ length: 8 }, (_, place) => 8 * domain + place),
);

const wanted = ({ gpus, tp, bytes }: Call): Reply => {
  const known = DOMAINS.flat().filter((gpu) => gpus.includes(gpu));
  if (known.length !== gpus.length || gpus.length !== tp || tp === 0) return { issue: "SPEC-6" };
  const isInOne = DOMAINS.some((domain) => gpus.every((gpu) => domain.includes(gpu)));
  // Everybody sends tp − 1 shares while they reduce and as many while they gather.
  const sent = (bytes * 2 * (tp - 1)) / tp;
  return { seconds: sent / ((isInOne ? 1.8 : 0.9) * 1e12) };
};

/** A group that could be, with one thing wrong with it or nothing. */
const some = fc
  .record({
    first: fc.nat({ max: GPUS - 1 }),
    size: oneOfValues<number>(1, 2, 4, 8),
    stride: oneOfValues<number>(1, 1, 1, 3, 8),
    wrong: oneOfValues("", "", "degree", "twice", "stranger", "nobody"),
    bytes: fc.integer({ min: 1, max: 128_000_000 }),
  })
  .map(({ first, size, stride, wrong, bytes }): Call => {
    const right = Array.from({ length: size }, (_, index) => (first + index * stride) % GPUS);
    const [start = 0] = right;
    const gpus: Readonly<Record<string, readonly number[]>> = {
      twice: [...right.slice(0, -1), start],
      stranger: [...right.slice(0, -1), GPUS],
      nobody: [],
    };
    return { gpus: gpus[wrong] ?? right, tp: wrong === "degree" ? 2 * size : size, bytes };
  });

const plain: fc.Arbitrary<Call> = fc.record({
  gpus: fc.array(fc.nat({ max: GPUS }), { maxLength: 8 }),
  tp: fc.nat({ max: 16 }),
  bytes: fc.integer({ min: 1, max: 128_000_000 }),
});

export default property<Call, Call, Reply>({
  id: "CST-25",
  part: "cost",
  statement:
    "an all-reduce is that of the GPUs that take part: as many different ones of the rack as its degree, at the rate across domains when they are not all in one; any other group is refused",
  given: { ...values(plain), arbitrary: some },
  subject: asking(),
  scripts: (call) => [[call]],

  holds(call, replies) {
    const [expected, found] = [wanted(call), sole(replies)];
    if ("issue" in expected || "issue" in found) {
      const isRight = "issue" in expected && "issue" in found && expected.issue === found.issue;
      return isRight ? undefined : finding(0, expected, found);
    }
    return isNear(found.seconds, expected.seconds)
      ? undefined
      : finding(0, expected.seconds, found.seconds, "seconds");
  },

  witnesses: {
    "a group in one domain": ({ gpus }, replies) =>
      gpus.length > 1 && "seconds" in sole(replies) && Math.max(...gpus) - Math.min(...gpus) < 8,
    "a group across domains": ({ gpus }, replies) =>
      "seconds" in sole(replies) && Math.max(...gpus) - Math.min(...gpus) >= 8,
    "a GPU alone": ({ gpus }, replies) => gpus.length === 1 && "seconds" in sole(replies),
    "a degree that is not theirs": ({ gpus, tp }) => gpus.length > 0 && gpus.length !== tp,
    "a GPU twice": ({ gpus, tp }) => new Set(gpus).size < gpus.length && gpus.length === tp,
    "a GPU that the rack does not have": ({ gpus }) => gpus.includes(GPUS),
  },

  mutants: {
    "believes the degree, whatever the GPUs (document)": () => (call) =>
      orIssue(() => ({
        seconds:
          (2 * (call.tp - 1) * call.bytes) / call.tp / timed({ ...call, tp: call.gpus.length }),
      })),
    "counts a GPU that is named twice as two (document)": () => (call) => {
      const isTwice = new Set(call.gpus).size < call.gpus.length && call.gpus.every(isGpu);
      const seconds = allReduceTime(findProfile("document"), "domain", Math.max(1, call.tp), 1);
      return isTwice ? { seconds } : asking()()(call);
    },
    "takes the degree from the GPUs": asking((call) => ({ ...call, tp: call.gpus.length })),
    "looks at the first two GPUs only": () => (call) => {
      const right = asking()()(call);
      const [first = 0, second = 0] = call.gpus;
      const isNear = Math.floor(first / 8) === Math.floor(second / 8);
      if ("issue" in right) return right;
      const span = isNear ? "domain" : "rack";
      return { seconds: allReduceTime(findProfile("document"), span, call.tp, call.bytes) };
    },
    "takes every run of GPUs for one domain": () => (call) => {
      const right = asking()()(call);
      if ("issue" in right) return right;
      const { tp, bytes, gpus } = call;
      const isRun = gpus.every((gpu, index) => index === 0 || gpu === (gpus[index - 1] ?? 0) + 1);
      const profile = findProfile("document");
      return isRun ? { seconds: allReduceTime(profile, "domain", tp, bytes) } : right;
    },
  },
});
