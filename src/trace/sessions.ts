import {
  type BlockNumbers,
  chainedNumbers,
  renumbered,
  unchainedNumbers,
} from "./blocks/block-numbers.ts";
import type { BlockId } from "./blocks/id-list.ts";
import { createJoinedTurns, createStream, type Stream } from "./blocks/joined-turns.ts";
import type { Instant, Row } from "./formats/row.ts";
import type { FormatRules } from "./formats/rules.ts";

/** What is remembered of a conversation while its trace is read. */
export type Session = {
  /** By order of first row in the file, kept or not. */
  readonly place: number;
  /** How many of its requests were kept. */
  kept: number;
  /** When its last row arrived. */
  last: Instant | null;
  readonly stream: Stream;
};

/** Turns rows' own prompts into whole ones, and ids into numbers. */
export type Prompts = {
  /**
   * The tokens of the whole prompt of a row, earlier turns included; −1 when the row's ids do not cover its own tokens, which joining
   * needs. Asking remembers nothing. `session` is null also for one that the row would begin.
   */
  tokensOf(row: Row, session: Session | null): number;
  /** Adds a row to its session: every sound row, kept or not. */
  add(row: Row, session: Session | null): void;
  /** The dense numbers of the blocks of the row added last. Asked only for a request that is kept: asking gives numbers out. */
  blocks(row: Row, session: Session | null): Uint32Array;
  blockIds(): BigUint64Array;
  /** A longer prompt is refused. */
  readonly tokensMax: number;
};

/** The most tokens that a count may be. */
const COUNT_MAX = 2 ** 32 - 1;

/**
 * The most tokens and blocks of a prompt that is cut into blocks anew: more than the longest context window on offer, which is 10 million tokens
 * (Llama 4 Scout), in the smallest blocks that a published trace has, 16 tokens. The blocks of an answer that a row of 100 bytes only
 * claims then take some tens of megabytes, not all the memory.
 */
const JOINED_TOKENS_MAX = 2 ** 24;
const JOINED_BLOCKS_MAX = 2 ** 20;

type PromptConventions = FormatRules["conventions"];

/** Scopes of requests without a session: below 0, each its own. */
const aloneScopes = (): (() => number) => {
  let scope = 0;
  return () => {
    scope -= 1;
    return scope;
  };
};

const wholePrompts = (numbers: BlockNumbers): Prompts => {
  const alone = aloneScopes();
  return {
    tokensOf: (row) => row.inputTokens,
    add: () => {},
    blocks: (row, session) => numbers.of(row.ids, session === null ? alone() : session.place),
    blockIds: numbers.ids,
    tokensMax: COUNT_MAX,
  };
};

/** Later rows are new turns, and nothing names their tokens: only the lengths add up. */
const joinedLengths = (): Prompts => ({
  tokensOf: ({ inputTokens }, session) => (session?.stream.totalTokens ?? 0) + inputTokens,
  add({ inputTokens, outputTokens }, session) {
    if (session !== null) session.stream.totalTokens += inputTokens + outputTokens;
  },
  blocks: () => new Uint32Array(0),
  blockIds: () => new BigUint64Array(0),
  tokensMax: COUNT_MAX,
});

/** Later rows are new turns: a prompt is all that went before, the answers included, and the row. */
const joinedPrompts = (idScope: PromptConventions["idScope"], blockTokens: number): Prompts => {
  const joined = createJoinedTurns(blockTokens);
  const numbers = renumbered(joined.idOf);
  const alone = aloneScopes();
  let blocks: readonly number[] = [];
  return {
    tokensOf({ ids, inputTokens }, session) {
      if (ids.length !== Math.ceil(inputTokens / blockTokens)) return -1;
      return (session?.stream.totalTokens ?? 0) + inputTokens;
    },
    add({ ids, inputTokens, outputTokens }, session) {
      const stream = session?.stream ?? createStream();
      const scope = idScope === "file" ? "" : String(session?.place ?? alone());
      blocks = joined.addPrompt(stream, scope, ids, inputTokens);
      if (session !== null)
        joined.addOutput(stream, `${session.place}.${stream.turns}`, outputTokens);
    },
    blocks: () => numbers.of(blocks, 0),
    blockIds: numbers.ids,
    tokensMax: Math.min(JOINED_TOKENS_MAX, JOINED_BLOCKS_MAX * blockTokens),
  };
};

/** `nameOf` gives the source's id for the id that a row has, where a file numbers its blocks itself. */
export const createPrompts = (
  { sessionRows, ids, idScope, blockTokens }: PromptConventions,
  nameOf: (id: BlockId) => BlockId,
): Prompts => {
  if (sessionRows !== "delta") {
    return wholePrompts(
      ids === "unchained" ? unchainedNumbers(idScope) : chainedNumbers(idScope, nameOf),
    );
  }
  return blockTokens === null ? joinedLengths() : joinedPrompts(idScope, blockTokens);
};

/** The conversations of a trace by name. */
export const createSessions = (): {
  /** One that was begun; null for a name that is new. */
  find(name: string): Session | null;
  /** The one of that name, begun when it is new. */
  of(name: string): Session;
  size(): number;
} => {
  const sessions = new Map<string, Session>();
  return {
    find: (name) => sessions.get(name) ?? null,
    of(name) {
      const known = sessions.get(name);
      if (known !== undefined) return known;
      const session: Session = {
        place: sessions.size,
        kept: 0,
        last: null,
        stream: createStream(),
      };
      sessions.set(name, session);
      return session;
    },
    size: () => sessions.size,
  };
};
