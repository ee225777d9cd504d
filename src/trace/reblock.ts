/** Names for the blocks of another size, made of those that a trace has. */
import { InputError } from "#base";

/** Names are below this: the largest number of 32 bits is left to hash tables for "nobody". */
const NAMES_MAX = 2 ** 32 - 1;

const refuse = (must: string, found: number): never => {
  throw new InputError([{ code: "TRACE-22", message: `${must}, found ${found}` }]);
};

/** Beyond this nobody looks for a divisor. */
const DIVISORS_MAX = 2 ** 20;

/** The sizes next to a wanted one that blocks of `from` tokens can be cut or joined to. */
const nearestSizes = (from: number, wanted: number): readonly number[] => {
  if (wanted > from) {
    const below = Math.floor(wanted / from) * from;
    return [below, below + from];
  }
  let below = Math.min(DIVISORS_MAX, Math.max(1, Math.floor(wanted)));
  while (from % below !== 0) below -= 1;
  let above = Math.max(1, Math.ceil(wanted));
  while (above < DIVISORS_MAX && from % above !== 0) above += 1;
  const sizes = [below, from % above === 0 ? above : from];
  return [...new Set(sizes)];
};

const isSize = (tokens: number): boolean => Number.isSafeInteger(tokens) && tokens >= 1;

/**
 * Whether blocks of `from` tokens, of which a trace has `distinct`, can be given names for `to` tokens. Throws an `InputError` (TRACE-22) that says what
 * would be valid: a divisor or a multiple of `from`, and few enough names when blocks are cut.
 */
export const checkReblock = (from: number, to: number, distinct: number): void => {
  if (!isSize(from)) refuse("the tokens of a block must be a whole number of 1 or more", from);
  const isCut = from % to === 0;
  if (!isSize(to) || !(isCut || to % from === 0)) {
    const sizes = nearestSizes(from, to > 0 ? to : 1).join(" or ");
    refuse(
      `block tokens must divide the trace's ${from} or be a multiple of it, such as ${sizes}`,
      to,
    );
  }
  const most = Math.floor(NAMES_MAX / (from / to));
  if (isCut && distinct > most) {
    refuse(
      `a trace must have at most ${most} different blocks to be cut from ${from} tokens to ${to}`,
      distinct,
    );
  }
};

/** Block `n` becomes the blocks `n · ratio … n · ratio + ratio − 1`: a piece of a prefix is named by the prefix and its place in it. */
const cut = (blocks: Uint32Array, ratio: number, into: Uint32Array): Uint32Array => {
  const pieces = into.length;
  let at = 0;
  for (let block = 0; at < pieces; block += 1) {
    const first = (blocks[block] as number) * ratio;
    if (first + ratio > NAMES_MAX) {
      const most = Math.floor(NAMES_MAX / ratio) - 1;
      refuse(
        `a block must be numbered 0 … ${most} to be cut into ${ratio}`,
        blocks[block] as number,
      );
    }
    const end = Math.min(at + ratio, pieces);
    for (let name = first; at < end; at += 1, name += 1) into[at] = name;
  }
  return into;
};

/** A name stands for its whole prefix, so the last one of a group stands for the group: it needs no number of its own. */
const join = (blocks: Uint32Array, ratio: number, into: Uint32Array): Uint32Array => {
  const last = blocks.length - 1;
  for (let at = 0; at < into.length; at += 1) {
    into[at] = blocks[Math.min(at * ratio + ratio - 1, last)] as number;
  }
  return into;
};

/** How many blocks of `to` tokens can be named: as many as the prompt has, less those that reach beyond what is named already. */
const namedBlocks = (named: number, inputTokens: number, from: number, to: number): number => {
  const blocks = Math.ceil(inputTokens / to);
  const covered = named * from;
  return covered >= inputTokens ? blocks : Math.floor(covered / to);
};

/**
 * Names for a prompt's blocks of `to` tokens, given those of its blocks of `from`, which is a multiple of `to` or divides it. Equal names are equal
 * prefixes, as before. Cut blocks share no more than they did whole: what two prompts have in common within a block of `from` tokens is not known, so
 * hits are a lower bound. Joined blocks share less, because a group is only shared when its last block is.
 *
 * There are `⌈inputTokens ÷ to⌉` of them, less the last when a prompt's end has no name and lies in it. Fills the beginning of `into`, and gives that
 * part of it; a new array when it is left out or too short. The same size gives `blocks` itself. Throws an `InputError` (TRACE-22) when `to` is no such
 * size or a name would be past 2^32 − 2.
 */
export const reblock = (
  blocks: Uint32Array,
  inputTokens: number,
  from: number,
  to: number,
  into?: Uint32Array,
): Uint32Array => {
  if (from === to) return blocks;
  checkReblock(from, to, 0);
  const count = namedBlocks(blocks.length, inputTokens, from, to);
  const names =
    into !== undefined && into.length >= count ? into.subarray(0, count) : new Uint32Array(count);
  return from % to === 0 ? cut(blocks, from / to, names) : join(blocks, to / from, names);
};
