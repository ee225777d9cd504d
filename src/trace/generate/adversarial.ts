import { type RandomStream, randomStream } from "#base";
import type { TraceRequest } from "../request.ts";
import { instant } from "./instant.ts";
import type { AdversarialShape } from "./shape.ts";

/** One prompt of a phase, and how long after the one before it comes. */
type Attack = {
  readonly gapNs: number;
  readonly blocks: Uint32Array;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** What the phases share: numbers for new blocks, and documents that come back in every round. */
type Arena = {
  readonly blockTokens: number;
  readonly random: RandomStream;
  /** A prompt that begins with `kept` and goes on with new blocks. */
  extend(kept: Uint32Array, blocks: number): Uint32Array;
  /** A document by name and size; its blocks are numbered when it first comes up, and stay. */
  document(name: string, blocks: number): Uint32Array;
};

const MILLISECOND_NS = 1e6;
const NOTHING = new Uint32Array(0);

const createArena = (blockTokens: number, random: RandomStream): Arena => {
  const documents = new Map<string, Uint32Array>();
  let next = 0;
  const extend = (kept: Uint32Array, blocks: number): Uint32Array => {
    const extended = new Uint32Array(kept.length + blocks);
    extended.set(kept);
    for (let at = kept.length; at < extended.length; at += 1) {
      extended[at] = next;
      next += 1;
    }
    return extended;
  };
  return {
    blockTokens,
    random,
    extend,
    document(name, blocks) {
      const known = documents.get(name) ?? extend(NOTHING, blocks);
      documents.set(name, known);
      return known;
    },
  };
};

/** A prompt that fills its blocks to the last token. */
const filling = (arena: Arena, blocks: Uint32Array, gapNs: number, outputTokens = 1): Attack => ({
  gapNs,
  blocks,
  inputTokens: blocks.length * arena.blockTokens,
  outputTokens,
});

/**
 * Round and round over more than fits: an LRU cache smaller than the 2,048 blocks hits nothing, one
 * block more and it hits all.
 */
function* scan(arena: Arena): Generator<Attack> {
  for (let page = 0; page < 64; page += 1) {
    yield filling(arena, arena.document(`page ${page}`, 32), 10 * MILLISECOND_NS);
  }
}

/** Prompts of one block, around its borders: 1 token, one short of full, full. */
function* crumbs(arena: Arena): Generator<Attack> {
  for (let at = 0; at < 30; at += 1) {
    const inputTokens = [1, arena.blockTokens - 1, arena.blockTokens][at % 3] as number;
    yield { gapNs: MILLISECOND_NS, blocks: arena.extend(NOTHING, 1), inputTokens, outputTokens: 1 };
  }
}

/** Prompts of 128 Ki tokens that nobody sends twice, each of which pushes out 256 blocks. */
function* giants(arena: Arena): Generator<Attack> {
  const blocks = Math.ceil(131_072 / arena.blockTokens);
  for (let at = 0; at < 8; at += 1) {
    yield filling(arena, arena.extend(NOTHING, blocks), 100 * MILLISECOND_NS, 4096);
  }
}

/** The same new prompt 32 times at one instant: nothing is cached yet when the router looks. */
function* crowd(arena: Arena): Generator<Attack> {
  const blocks = arena.extend(NOTHING, 24);
  for (let at = 0; at < 32; at += 1)
    yield filling(arena, blocks, at === 0 ? 60_000 * MILLISECOND_NS : 0, 64);
}

/**
 * A hot prefix, each time behind a scan that nobody needs again: what recency forgets and frequency
 * keeps.
 */
function* hotAndCold(arena: Arena): Generator<Attack> {
  for (let at = 0; at < 16; at += 1) {
    yield filling(arena, arena.document("hot", 64), 5 * MILLISECOND_NS);
    yield filling(
      arena,
      arena.extend(NOTHING, 32 * (1 + arena.random.below(4))),
      5 * MILLISECOND_NS,
    );
  }
}

/**
 * Siblings that part at the last block but one, in turn: a leaf is wanted as soon as it was
 * evicted.
 */
function* forks(arena: Arena): Generator<Attack> {
  const trunk = arena.document("trunk", 40);
  const branches = [0, 1].map((at) => arena.extend(trunk, 1 + at));
  for (let at = 0; at < 24; at += 1) {
    yield filling(arena, branches[at % 2] as Uint32Array, MILLISECOND_NS * arena.random.below(3));
  }
}

const PHASES = [scan, crumbs, giants, crowd, hotAndCold, forks] as const;

/** The mean gap between the requests of a round of all phases, in nanoseconds: 99.9 % of it is the same in every round. */
export const adversarialGapNs = ({ blockTokens }: AdversarialShape): number => {
  const arena = createArena(blockTokens, randomStream(0, "mean gap"));
  const gapsNs = PHASES.flatMap((phase) => Array.from(phase(arena), ({ gapNs }) => gapNs));
  return gapsNs.reduce((sumNs, gapNs) => sumNs + gapNs, 0) / gapsNs.length;
};

/**
 * The phases without end, one after the other. Memory stays the same however many requests are
 * taken.
 */
export function* adversarial(
  shape: AdversarialShape,
  seed: number,
  name: string,
): Generator<TraceRequest, never> {
  const arena = createArena(shape.blockTokens, randomStream(seed, `${name} attacks`));
  let atNs = -1;
  for (;;) {
    for (const phase of PHASES) {
      for (const { gapNs, blocks, inputTokens, outputTokens } of phase(arena)) {
        atNs = atNs < 0 ? 0 : atNs + gapNs;
        yield {
          arrivalNs: instant(atNs),
          inputTokens,
          outputTokens,
          blocks,
          session: -1,
          turn: 0,
          delayNs: -1,
          priority: 0,
          model: -1,
          failed: false,
          extra: "",
        };
      }
    }
  }
}
