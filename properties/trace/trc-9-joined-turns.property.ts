import fc from "fast-check";
import { differs, oneOfValues, property, type Subject, sequences, values } from "#verify";
import { bytesOf, type ReadCall, reader } from "./read-text.ts";

/** One turn: what it adds to its conversation. */
type Turn = {
  /** −1 for a request that stands alone. */
  readonly chat: number;
  readonly blocks: readonly number[];
  /** How many tokens the last block lacks. */
  readonly spare: number;
  readonly output: number;
};
type Case = {
  readonly blockTokens: number;
  readonly idScope: "file" | "session";
  readonly turns: readonly Turn[];
};
/** Whole prompts: how long, of which blocks, and the blocks' ids. */
type Reply = {
  readonly prompts: readonly { readonly tokens: number; readonly blocks: readonly number[] }[];
  readonly blockIds: readonly string[];
};

/** A token is its place in the block that an id names, or in an answer. */
type Token = { readonly of: string; readonly at: number; readonly id: number | null };

/** How turns are joined, one token at a time; every way but `WRITTEN_OUT` is wrong. */
type Joining = {
  /** What an answer's tokens are called, so that equal calls mean equal tokens; null leaves answers out. */
  answer(chat: number, turn: number): string | null;
  /** Whether a block is what precedes it as well as what it holds. */
  readonly isPrefixed: boolean;
  /** Whether a turn's first block begins with the turn. */
  readonly isCutByTurn: boolean;
  /** Whether ids that hold in a session alone are kept apart. */
  readonly isScoped: boolean;
};

const WRITTEN_OUT: Joining = {
  answer: (chat, turn) => `${chat}.${turn}`,
  isPrefixed: true,
  isCutByTurn: false,
  isScoped: true,
};

const NO_SINGLE_ID = String(2n ** 64n - 1n);

const tokens = (of: string, count: number, id: number | null): readonly Token[] =>
  Array.from({ length: count }, (_, at) => ({ of, at, id }));

const lengthOf = ({ blocks, spare }: Turn, blockTokens: number): number =>
  Math.max(blocks.length === 0 ? 0 : 1, blocks.length * blockTokens - (spare % blockTokens));

/** The tokens that a turn adds: its prompt's, by the ids that name them. */
const promptOf = (turn: Turn, scope: string, blockTokens: number): readonly Token[] =>
  turn.blocks
    .flatMap((id) => tokens(`${scope}${id}`, blockTokens, id))
    .slice(0, lengthOf(turn, blockTokens));

/** Cuts a prompt into blocks. */
const cut = (prompt: readonly Token[], blockTokens: number): readonly (readonly Token[])[] =>
  Array.from({ length: Math.ceil(prompt.length / blockTokens) }, (_, at) =>
    prompt.slice(at * blockTokens, (at + 1) * blockTokens),
  );

/** The id that alone names a block: of all its tokens, from the first that it names. */
const idOf = (block: readonly Token[]): string => {
  const isOne = block.every(({ of }, at) => of === block[0]?.of && block[at]?.at === at);
  const id = block[0]?.id ?? null;
  return isOne && id !== null ? String(id) : NO_SINGLE_ID;
};

const textOf = (block: readonly Token[]): string =>
  block.map(({ of, at }) => `${of}:${at}`).join(" ");

/** Every conversation written out whole, token by token. */
const written =
  (joining: Joining) =>
  ({ turns, blockTokens, idScope }: Case): Reply => {
    /** For each conversation its turns so far, prompts and answers, each a list of tokens. */
    const chats = new Map<number, (readonly Token[])[]>();
    const numbers = new Map<string, number>();
    const blockIds: string[] = [];
    const numberOf = (before: string, block: readonly Token[]): number => {
      const key = `${joining.isPrefixed ? before : ""}|${textOf(block)}`;
      const number = numbers.get(key) ?? numbers.size;
      if (number === numbers.size) blockIds.push(idOf(block));
      numbers.set(key, number);
      return number;
    };
    const prompts = turns.map((turn, place) => {
      const chat = turn.chat < 0 ? -1 - place : turn.chat;
      const scope = idScope === "session" && joining.isScoped ? `${chat}#` : "#";
      const said = chats.get(chat) ?? [];
      chats.set(chat, said);
      said.push(promptOf(turn, scope, blockTokens));
      const whole = joining.isCutByTurn ? said : [said.flat()];
      const blocks = whole.flatMap((part) => cut(part, blockTokens));
      const texts = blocks.map(textOf);
      const answer = joining.answer(chat, said.length);
      const reply = {
        tokens: said.flat().length,
        blocks: blocks.map((block, at) => numberOf(texts.slice(0, at).join("|"), block)),
      };
      if (answer !== null) said.push(tokens(`answer ${answer}`, turn.output, null));
      return reply;
    });
    return { prompts, blockIds };
  };

/** The reference: turns in the layout that says only what is new. */
const joined: Subject<Case, Reply> = () => (given) => {
  const rows = given.turns.map((turn, timestamp) => ({
    timestamp,
    input_length: lengthOf(turn, given.blockTokens),
    output_length: turn.output,
    hash_ids: turn.blocks,
    ...(turn.chat >= 0 && { session_id: `s${turn.chat}` }),
  }));
  const { blockTokens, idScope } = given;
  const call: ReadCall = {
    bytes: bytesOf(rows.map((row) => `${JSON.stringify(row)}\n`).join("")),
    cuts: [],
    options: { format: "mooncake", sessionRows: "delta", blockTokens, idScope },
  };
  const { requests, source } = reader()(call);
  return {
    prompts: requests.map(({ inputTokens, blocks }) => ({ tokens: inputTokens, blocks })),
    blockIds: source?.blockIds ?? [],
  };
};

const joining =
  (change: Partial<Joining>): Subject<Case, Reply> =>
  () =>
    written({ ...WRITTEN_OUT, ...change });

const turn: fc.Arbitrary<Turn> = fc.record({
  chat: fc.integer({ min: -1, max: 2 }),
  blocks: fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
  spare: fc.nat({ max: 3 }),
  output: oneOfValues(0, 1, 2, 3, 9),
});

const HALVES: readonly Turn[] = [
  { chat: 0, blocks: [0], spare: 1, output: 0 },
  { chat: 0, blocks: [0], spare: 0, output: 0 },
  { chat: 1, blocks: [0], spare: 1, output: 0 },
];

export default property<Case, Case, Reply>({
  id: "TRC-9",
  part: "trace",
  statement:
    "turns that say only what is new give the requests of the same conversations written out whole, token by token: as long, of the same blocks, named by the same ids",
  given: values<Case>(
    fc.record({
      blockTokens: oneOfValues(4, 1, 2, 3),
      idScope: oneOfValues("file", "session"),
      turns: fc.array(turn, { minLength: 1, maxLength: 12, size: "max" }),
    }),
    function* () {
      // One id, whole or half, in two conversations without answers: what differs is only where blocks are cut.
      for (const turns of sequences(HALVES, 5)) {
        if (turns.length > 0) yield { blockTokens: 2, idScope: "file", turns };
      }
    },
  ),
  subject: joined,
  scripts: (given) => [[given]],

  holds(given, [replies]) {
    const difference = differs(written(WRITTEN_OUT)(given), replies?.[0]);
    return difference && { at: 0, ...difference };
  },

  witnesses: {
    "a conversation of three turns": ({ turns }) =>
      [0, 1, 2].some((chat) => turns.filter((turn) => turn.chat === chat).length > 2),
    "two conversations with a prefix in common": ({ turns }, [replies]) => {
      const first = (chat: number) =>
        replies?.[0]?.prompts[turns.findIndex((turn) => turn.chat === chat)]?.blocks[0];
      return first(0) !== undefined && first(0) === first(1);
    },
    "a block that no single id names": (_, [replies]) =>
      replies?.[0]?.blockIds.includes(NO_SINGLE_ID) ?? false,
    "ids that hold only in their session": ({ idScope, turns }) =>
      idScope === "session" && new Set(turns.map(({ chat }) => chat)).size > 1,
    "an answer that ends inside a block": ({ turns, blockTokens }) =>
      turns.some(({ chat, output }) => chat >= 0 && output % blockTokens !== 0),
  },

  mutants: {
    "leaves the answers out": joining({ answer: () => null }),
    "takes the answers of a turn to be alike in all conversations": joining({
      answer: (_, turn) => String(turn),
    }),
    "takes all answers to be alike": joining({ answer: () => "" }),
    "names a block by what it holds alone": joining({ isPrefixed: false }),
    "cuts each turn into blocks by itself": joining({ isCutByTurn: true }),
    "takes ids to hold beyond their session": joining({ isScoped: false }),
  },
});
