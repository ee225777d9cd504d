import fc from "fast-check";
import { reblock } from "#trace";
import { finding, property, type Subject, values } from "#verify";

/** What is said in each prompt, token by token, in blocks of one size that are to have another. */
type Case = {
  readonly prompts: readonly (readonly number[])[];
  /** Tokens of the smaller blocks, and how many of them are a larger one. */
  readonly size: number;
  readonly ratio: number;
  readonly isCut: boolean;
  /** Whether the last block of a prompt has a name when the prompt does not fill it. */
  readonly namesEnds: boolean;
};
type Call = {
  readonly blocks: readonly number[];
  readonly tokens: number;
  readonly from: number;
  readonly to: number;
};
type Names = readonly number[];

/** Tokens a block before and afterwards. */
const sizesOf = ({ size, ratio, isCut }: Case): Pick<Call, "from" | "to"> =>
  isCut ? { from: size * ratio, to: size } : { from: size, to: size * ratio };

/** The tokens that block `at` of a prompt ends with: its whole prefix, as a text. */
const prefix = (prompt: readonly number[], size: number, at: number): string =>
  prompt.slice(0, (at + 1) * size).join("");

const namedOf = (given: Case, tokens: number): number => {
  const blocks = tokens / sizesOf(given).from;
  return given.namesEnds ? Math.ceil(blocks) : Math.floor(blocks);
};

/** Blocks of `from` tokens, numbered by their whole prefixes in order of first appearance. */
const callsOf = (given: Case): readonly Call[] => {
  const { prompts } = given;
  const { from, to } = sizesOf(given);
  const numbers = new Map<string, number>();
  return prompts.map((prompt) => ({
    blocks: Array.from({ length: namedOf(given, prompt.length) }, (_, at) => {
      const text = prefix(prompt, from, at);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    }),
    tokens: prompt.length,
    from,
    to,
  }));
};

/** What the names of a prompt must tell apart, one text a block: all that is known of its prefix. */
const meanings = (given: Case, prompt: readonly number[]): readonly string[] => {
  const { from, to } = sizesOf(given);
  const covered = namedOf(given, prompt.length) * from;
  const all = Array.from({ length: Math.ceil(prompt.length / to) }, (_, at) => {
    const whole = prefix(prompt, from, Math.floor((at * to) / from));
    return to < from ? `${whole}/${at}` : prefix(prompt, to, at);
  });
  return all.filter((_, at) => Math.min((at + 1) * to, prompt.length) <= covered);
};

/** How many tokens of the prompts a cache of so many blocks finds, each block looked up and touched in order. */
const hitTokens = (
  prompts: readonly Names[],
  tokens: readonly number[],
  size: number,
  capacity: number,
): number => {
  let recent: number[] = [];
  let hits = 0;
  for (const [prompt, names] of prompts.entries()) {
    for (const [at, name] of names.entries()) {
      if (recent.includes(name)) hits += Math.min(size, (tokens[prompt] as number) - at * size);
      recent = [name, ...recent.filter((other) => other !== name)].slice(0, capacity);
    }
  }
  return hits;
};

const subject =
  (wrong: (call: Call) => Call = (call) => call): Subject<Call, Names> =>
  () =>
  (call) => {
    const { blocks, tokens, from, to } = wrong(call);
    return [...reblock(Uint32Array.from(blocks), tokens, from, to)];
  };

/** A subject that makes something else of the names. */
const otherwise =
  (names: (call: Call, right: Names) => Names): Subject<Call, Names> =>
  () =>
  (call) =>
    names(call, subject()()(call) as Names);

/** A subject that names the pieces of blocks in a way of its own. */
const pieces = (name: (block: number, piece: number, ratio: number) => number) =>
  otherwise(({ blocks, from, to, tokens }, right) => {
    if (to >= from) return right;
    const ratio = from / to;
    const all = blocks.flatMap((block) =>
      Array.from({ length: ratio }, (_, piece) => name(block, piece, ratio)),
    );
    return all.slice(0, Math.ceil(tokens / to));
  });

/** Whether the same names stand for the same things: each pair is new, or both of it were met together before. */
const createPairs = () => {
  const meaning = new Map<number, string>();
  const name = new Map<string, number>();
  return (found: number, text: string): boolean => {
    const isNew = !meaning.has(found) && !name.has(text);
    if (isNew) {
      meaning.set(found, text);
      name.set(text, found);
    }
    return meaning.get(found) === text && name.get(text) === found;
  };
};

/** All names against their meanings: the first that is missing, too many, or not told apart as it must be. */
const firstWrong = (given: Case, replies: readonly Names[]) => {
  const isPair = createPairs();
  for (const [at, prompt] of given.prompts.entries()) {
    const wanted = meanings(given, prompt);
    const names = replies[at] ?? [];
    if (names.length !== wanted.length) return finding(at, wanted.length, names.length, "names");
    const wrong = wanted.findIndex((text, block) => !isPair(names[block] as number, text));
    if (wrong !== -1) {
      return finding(at, wanted[wrong] ?? null, names[wrong] ?? null, "what a name stands for");
    }
  }
  return undefined;
};

/** The hits of a cache of `capacity` larger blocks, and those of as many tokens in smaller ones. */
const hitsOf = (
  given: Case,
  replies: readonly Names[],
  capacity: number,
): readonly [inLarge: number, inSmall: number] => {
  const { prompts, size, ratio, isCut } = given;
  const tokens = prompts.map(({ length }) => length);
  const before = callsOf(given).map(({ blocks }) => blocks);
  const [inLarge, inSmall] = isCut ? [before, replies] : [replies, before];
  return [
    hitTokens(inLarge, tokens, size * ratio, capacity),
    hitTokens(inSmall, tokens, size, capacity * ratio),
  ];
};

const CAPACITIES = [1, 2, 3];

export default property<Case, Call, Names>({
  id: "TRC-15",
  part: "trace",
  statement:
    "blocks of another size have equal names exactly where all that is known of their prefixes is equal, and where none lost its name a cache of as many tokens finds no fewer of them in smaller blocks",
  given: values(
    fc.record({
      size: fc.integer({ min: 1, max: 2 }),
      ratio: fc.integer({ min: 2, max: 3 }),
      isCut: fc.boolean(),
      namesEnds: fc.boolean(),
      prompts: fc.array(fc.array(fc.nat({ max: 1 }), { maxLength: 9, size: "max" }), {
        maxLength: 6,
        size: "max",
      }),
    }),
  ),
  subject: subject(),
  scripts: (given) => [callsOf(given)],

  holds(given, [replies = []]) {
    const wrong = firstWrong(given, replies);
    if (wrong !== undefined) return wrong;
    // A block that is joined to an end without a name has none itself, and then takes no room in the cache of larger blocks.
    if (!given.isCut && !given.namesEnds) return undefined;
    for (const capacity of CAPACITIES) {
      const [least, found] = hitsOf(given, replies, capacity);
      if (found < least) return finding(0, `at least ${least}`, found, `hits at ${capacity}`);
    }
    return undefined;
  },

  witnesses: {
    "a prompt that ends within a block that is cut": ({ prompts, size, ratio, isCut, namesEnds }) =>
      isCut && namesEnds && prompts.some(({ length }) => length % (size * ratio) > size),
    "an end without a name in a group": ({ prompts, size, isCut, namesEnds }) =>
      !isCut && !namesEnds && prompts.some(({ length }) => length % size > 0),
    "a group that two prompts have in part": (given, [replies = []]) =>
      !given.isCut &&
      new Set(replies.flat()).size < new Set(callsOf(given).flatMap(({ blocks }) => blocks)).size,
    "tokens that only smaller blocks find": (given, [replies = []]) => {
      const [inLarge, inSmall] = hitsOf(given, replies, 3);
      return inSmall > inLarge;
    },
  },

  mutants: {
    "numbers the pieces from the block's own number on": pieces((block, piece) => block + piece),
    "leaves no room between the pieces of two blocks": pieces(
      (block, piece, ratio) => block * (ratio - 1) + piece,
    ),
    "cuts blocks that the prompt does not fill": subject((call) => ({
      ...call,
      tokens: call.blocks.length * call.from,
    })),
    "names a group by its first block": otherwise(({ blocks, from, to }, names) =>
      to > from ? names.map((_, at) => blocks[(at * to) / from] as number) : names,
    ),
    "numbers groups by their depth": otherwise(({ from, to }, names) =>
      to > from ? names.map((_, at) => at) : names,
    ),
    "thins out the numbers of groups": otherwise(({ from, to }, names) =>
      to > from ? names.map((name) => Math.floor((name * from) / to)) : names,
    ),
    "names a group whose end has no name": otherwise(({ blocks, from, to, tokens }, names) =>
      to > from && names.length * to < tokens && blocks.length > (names.length * to) / from
        ? [...names, blocks.at(-1) as number]
        : names,
    ),
  },
});
