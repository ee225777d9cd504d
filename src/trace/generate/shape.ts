import type { Arrivals } from "./arrivals.ts";
import type { Knot } from "./quantiles.ts";

/** Requests that share nothing: two lengths and an instant each. */
export type IndependentShape = {
  readonly kind: "independent";
  readonly arrivals: Arrivals;
  readonly inputTokens: readonly Knot[];
  readonly outputTokens: readonly Knot[];
};

/**
 * One of the ways in which a conversation begins: with a system prompt of so many blocks, shared by
 * all that begin so.
 */
export type Opening = {
  /** The share of conversations that begin so; the shares add up to 1. */
  readonly share: number;
  readonly sharedBlocks: number;
  /**
   * How likely a turn is followed by another, by turn; the last holds for all later ones. Empty:
   * never.
   */
  readonly followed: readonly number[];
  /** The first prompt's tokens, system prompt included, when no turn follows. */
  readonly onlyTokens: readonly Knot[];
  /** The first prompt's tokens, system prompt included, when a turn follows. */
  readonly firstTokens: readonly Knot[];
  readonly outputTokens: readonly Knot[];
};

/** Conversations: each turn's prompt is the previous prompt, its answer and something new. */
export type ConversationShape = {
  readonly kind: "conversations";
  readonly blockTokens: number;
  /** Of conversations, not of requests. */
  readonly arrivals: Arrivals;
  readonly openings: readonly Opening[];
  /** What a turn adds to the previous prompt and its answer. */
  readonly turnTokens: readonly Knot[];
  /**
   * From a turn's arrival, or from the end of its answer where `answerNsPerToken` is not 0, to the
   * next turn.
   */
  readonly delayNs: readonly Knot[];
  readonly answerNsPerToken: number;
  /**
   * Some turns take back part of the conversation: they keep a share of its blocks and have a
   * length of their own.
   */
  readonly takenBack: {
    readonly share: number;
    readonly keptShare: readonly Knot[];
    /** The new prompt's length, as a multiple of the previous one. */
    readonly length: readonly Knot[];
  };
  /** The context window: a conversation ends before it grows beyond. */
  readonly inputTokensMax: number;
  /** Whether the requests name their session, turn and delay. */
  readonly namesSessions: boolean;
};

/** Requests chosen to be hard on a cache, a router and a clock. */
export type AdversarialShape = {
  readonly kind: "adversarial";
  readonly blockTokens: number;
};

/** How a generated trace is made: data, with where its figures come from. */
export type Shape = {
  readonly name: string;
  /** Where the figures come from, and which of them are our choice. */
  readonly sources: readonly string[];
} & (IndependentShape | ConversationShape | AdversarialShape);
