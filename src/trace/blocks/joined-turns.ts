import type { BlockId } from "./id-list.ts";

/** A run of tokens of one source: of one of its blocks, or of one turn's output. */
type Segment = { readonly source: string; readonly from: number; readonly to: number };

/** A conversation's tokens so far, prompts and outputs, as one stream that is cut into blocks from its start. */
export type Stream = {
  /** The full blocks. */
  readonly blocks: number[];
  /** The tokens after the last full block. */
  tail: readonly Segment[];
  tailTokens: number;
  /** The partial block that the last prompt ended on, while nothing follows it; −1 for none. */
  partial: number;
  /** Holds an answer, so that no other stream has a block from there on. */
  isOwn: boolean;
  /** All tokens, an answer that is not yet cut into blocks included. */
  totalTokens: number;
  turns: number;
  /** The last answer. It is cut into blocks when a later prompt contains it; most never are. */
  answer: { readonly source: string; readonly tokens: number } | null;
};

/** A stream without tokens. */
export const createStream = (): Stream => ({
  blocks: [],
  tail: [],
  tailTokens: 0,
  partial: -1,
  isOwn: false,
  totalTokens: 0,
  turns: 0,
  answer: null,
});

/** Numbers the blocks of streams by what precedes them and what they hold, exactly: equal prefixes, equal numbers. */
export type JoinedTurns = {
  /**
   * Adds a turn's prompt, which `ids` name a block each from its own start, and gives the blocks of the whole stream up to its
   * end, a partial last one included. `scope` keeps ids of different scopes apart.
   */
  addPrompt(
    stream: Stream,
    scope: string,
    ids: readonly BlockId[],
    tokens: number,
  ): readonly number[];
  /** Adds the answer to the last prompt, which is tokens that no other stream shares. */
  addOutput(stream: Stream, name: string, tokens: number): void;
  /** The id that alone names a block; undefined for one that is joined of several. */
  idOf(block: number): BlockId | undefined;
};

const keyOf = (parent: number, segments: readonly Segment[]): string =>
  `${parent}|${segments.map(({ source, from, to }) => `${source}:${from}-${to}`).join(";")}`;

/** Joins turns in blocks of `blockTokens`. */
export const createJoinedTurns = (blockTokens: number): JoinedTurns => {
  const numbers = new Map<string, number>();
  const ids: (BlockId | undefined)[] = [];

  /** A block that was never there before. */
  const newNumber = (id: BlockId | undefined): number => {
    ids.push(id);
    return ids.length - 1;
  };
  /** The number of the stream's tail as a block. One that no other stream can have is not looked up, and so needs no key. */
  const numberOfTail = ({ blocks, tail, isOwn }: Stream, id: BlockId | undefined): number => {
    if (isOwn) return newNumber(id);
    const key = keyOf(blocks.at(-1) ?? -1, tail);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = newNumber(id);
    numbers.set(key, number);
    return number;
  };
  /** Appends a run of tokens, cutting it where blocks end. `id` names the run, and so a block that is just that run. */
  const append = (
    stream: Stream,
    source: string,
    tokens: number,
    id: BlockId | undefined,
  ): void => {
    let from = 0;
    if (tokens > 0) stream.partial = -1;
    while (from < tokens) {
      const to = Math.min(tokens, from + blockTokens - stream.tailTokens);
      stream.tail = [...stream.tail, { source, from, to }];
      stream.tailTokens += to - from;
      if (stream.tailTokens === blockTokens) {
        const name = to - from === blockTokens ? id : undefined;
        stream.blocks.push(numberOfTail(stream, name));
        stream.tail = [];
        stream.tailTokens = 0;
      }
      from = to;
    }
  };
  const appendAnswer = (stream: Stream): void => {
    if (stream.answer === null) return;
    const { source, tokens } = stream.answer;
    stream.answer = null;
    if (tokens > 0) stream.isOwn = true;
    append(stream, source, tokens, undefined);
  };
  return {
    addPrompt(stream, scope, blockIds, tokens) {
      appendAnswer(stream);
      stream.totalTokens += tokens;
      for (const [at, id] of blockIds.entries()) {
        append(stream, `${scope}#${id}`, Math.min(blockTokens, tokens - at * blockTokens), id);
      }
      if (stream.tailTokens === 0) return stream.blocks.slice();
      const isOne = stream.tail.length === 1 && stream.tail[0]?.from === 0;
      if (stream.partial < 0)
        stream.partial = numberOfTail(stream, isOne ? blockIds.at(-1) : undefined);
      return [...stream.blocks, stream.partial];
    },
    addOutput(stream, name, tokens) {
      stream.answer = { source: `output of ${name}`, tokens };
      stream.totalTokens += tokens;
      stream.turns += 1;
    },
    idOf: (block) => ids[block],
  };
};
