import { randomStream } from "#base";
import type { TraceRequest } from "../request.ts";
import { arrivalTimes } from "./arrivals.ts";
import { instant } from "./instant.ts";
import { createLater } from "./later.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import type { ConversationShape, Opening } from "./shape.ts";

/** Delays are whole milliseconds, as formats write them. */
const DELAY_GRAIN_NS = 1e6;

/** A conversation whose next turn is still to come: all that is remembered of it. */
type Live = {
  readonly opening: CompiledOpening;
  readonly session: number;
  readonly turn: number;
  /** The full blocks of the last prompt. */
  readonly blocks: Uint32Array;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly delayNs: number;
};

type CompiledOpening = {
  readonly opening: Opening;
  readonly only: Quantiles;
  readonly first: Quantiles;
  readonly output: Quantiles;
  /** The system prompt's blocks: numbered when its first conversation begins. */
  shared: Uint32Array;
};

/** What one request takes over and how long it is. */
type Prompt = {
  readonly kept: Uint32Array;
  readonly inputTokens: number;
};

const whole = (value: number): number => Math.max(1, Math.round(value));

const compileOpening = (opening: Opening): CompiledOpening => ({
  opening,
  only: quantiles(opening.onlyTokens),
  first: quantiles(opening.firstTokens),
  output: quantiles(opening.outputTokens),
  shared: new Uint32Array(0),
});

/** Numbers blocks in order of first appearance. */
const createNumbering = (blockTokens: number) => {
  let next = 0;
  return (kept: Uint32Array, inputTokens: number): Uint32Array => {
    const blocks = new Uint32Array(Math.ceil(inputTokens / blockTokens));
    const taken = Math.min(kept.length, blocks.length);
    for (let at = 0; at < taken; at += 1) blocks[at] = kept[at] as number;
    for (let at = taken; at < blocks.length; at += 1) {
      blocks[at] = next;
      next += 1;
    }
    return blocks;
  };
};

/** All random choices of a shape, each from a stream of its own. */
const createChoices = (shape: ConversationShape, seed: number, name: string) => {
  const stream = (what: string) => randomStream(seed, `${name} ${what}`);
  const [openings, ends, lengths] = [stream("openings"), stream("ends"), stream("lengths")];
  const [outputs, delays, retakes] = [stream("outputs"), stream("delays"), stream("taken back")];
  const compiled = shape.openings.map(compileOpening);
  const turnTokens = quantiles(shape.turnTokens);
  const delayNs = quantiles(shape.delayNs);
  const keptShare = quantiles(shape.takenBack.keptShare);
  const ownLength = quantiles(shape.takenBack.length);
  return {
    arrival: arrivalTimes(shape.arrivals, stream("arrivals")),
    opening(): CompiledOpening {
      let left = openings.unit();
      for (const candidate of compiled) {
        left -= candidate.opening.share;
        if (left < 0) return candidate;
      }
      return compiled.at(-1) as CompiledOpening;
    },
    isFollowed({ opening: { followed } }: CompiledOpening, turn: number): boolean {
      const share = followed[Math.min(turn, followed.length - 1)] ?? 0;
      return ends.unit() < share;
    },
    firstTokens(opening: CompiledOpening, isFollowed: boolean): number {
      return whole((isFollowed ? opening.first : opening.only)(lengths.unit()));
    },
    outputTokens: (opening: CompiledOpening): number => whole(opening.output(outputs.unit())),
    delayNs: (): number => delayNs(delays.unit()),
    nextPrompt({ blocks, inputTokens, outputTokens }: Live): Prompt {
      if (retakes.unit() < shape.takenBack.share) {
        const kept = whole(blocks.length * keptShare(retakes.unit()));
        return {
          kept: blocks.subarray(0, kept),
          inputTokens: Math.max(
            kept * shape.blockTokens,
            whole(inputTokens * ownLength(retakes.unit())),
          ),
        };
      }
      const added = outputTokens + whole(turnTokens(lengths.unit()));
      return { kept: blocks, inputTokens: inputTokens + added };
    },
  };
};

/**
 * Conversations without end, in order of arrival; whatever continues comes before what begins at
 * the same instant. Memory goes with the conversations whose next turn is still to come.
 */
export function* conversations(
  shape: ConversationShape,
  seed: number,
  name: string,
): Generator<TraceRequest, never> {
  const choices = createChoices(shape, seed, name);
  const number = createNumbering(shape.blockTokens);
  const later = createLater<Live>();
  const { gridNs } = shape.arrivals;
  let sessions = 0;

  const plan = (atNs: number, live: Live): void => {
    const free = atNs + live.outputTokens * shape.answerNsPerToken + live.delayNs;
    later.put(Math.ceil(free / gridNs) * gridNs, live);
  };
  const emit = (atNs: number, live: Live): TraceRequest => ({
    arrivalNs: instant(atNs),
    inputTokens: live.inputTokens,
    outputTokens: live.outputTokens,
    blocks: live.blocks,
    session: shape.namesSessions ? live.session : -1,
    turn: shape.namesSessions ? live.turn : 0,
    delayNs: shape.namesSessions && live.turn > 0 ? live.delayNs : -1,
    priority: 0,
    model: -1,
    failed: false,
    extra: "",
  });
  const follow = (atNs: number, live: Live): void => {
    const full = Math.floor(live.inputTokens / shape.blockTokens);
    const delayNs = Math.round(choices.delayNs() / DELAY_GRAIN_NS) * DELAY_GRAIN_NS;
    plan(atNs, { ...live, blocks: live.blocks.slice(0, full), delayNs });
  };
  const begin = (atNs: number): TraceRequest => {
    const opening = choices.opening();
    const isFollowed = choices.isFollowed(opening, 0);
    const inputTokens = choices.firstTokens(opening, isFollowed);
    const { sharedBlocks } = opening.opening;
    const full = Math.min(sharedBlocks, Math.floor(inputTokens / shape.blockTokens));
    const blocks = number(opening.shared.subarray(0, full), inputTokens);
    if (full > opening.shared.length) opening.shared = blocks.slice(0, full);
    const outputTokens = choices.outputTokens(opening);
    const live: Live = {
      opening,
      session: sessions,
      turn: 0,
      blocks,
      inputTokens,
      outputTokens,
      delayNs: 0,
    };
    sessions += 1;
    if (isFollowed) follow(atNs, live);
    return emit(atNs, live);
  };
  const resume = (atNs: number, previous: Live): TraceRequest | undefined => {
    const { kept, inputTokens } = choices.nextPrompt(previous);
    if (inputTokens > shape.inputTokensMax) return undefined;
    const turn = previous.turn + 1;
    const blocks = number(kept, inputTokens);
    const live = {
      ...previous,
      turn,
      blocks,
      inputTokens,
      outputTokens: choices.outputTokens(previous.opening),
    };
    if (choices.isFollowed(previous.opening, turn)) follow(atNs, live);
    return emit(atNs, live);
  };

  let beginsNs = choices.arrival();
  for (;;) {
    const resumesNs = later.nextNs();
    if (resumesNs <= beginsNs) {
      const previous = later.take();
      const request = previous && resume(resumesNs, previous);
      if (request) yield request;
    } else {
      yield begin(beginsNs);
      beginsNs = choices.arrival();
    }
  }
}
