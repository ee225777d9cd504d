import type { TraceConventions } from "../request.ts";
import { type BlockId, createIdList } from "./id-list.ts";
import { createPairNumbers } from "./pair-numbers.ts";

/** Gives a trace's blocks their dense numbers: 0, 1, 2, … in order of first appearance, equal for equal whole prefixes. */
export type BlockNumbers = {
  /**
   * The numbers of one prompt's blocks. `scope` is a whole number in −2^31 … 2^31 − 1: ids of different scopes are different
   * blocks, unless ids hold through the file.
   */
  of(ids: readonly BlockId[], scope: number): Uint32Array;
  /** The source's id of each number. */
  ids(): BigUint64Array;
};

/** The id that stands for a block which no single id of the source names: a block of joined turns. */
const NO_SINGLE_ID = 2n ** 64n - 1n;

const NO_BLOCKS = new Uint32Array(0);
const HALF = 2 ** 32;

/** Numbers ids within their scopes. An id is looked up by its two halves of 32 bits, so that none needs an object. */
const idNumbers = (
  idScope: TraceConventions["idScope"],
): ((id: BlockId, scope: number) => number) => {
  const ids = createPairNumbers();
  const scoped = createPairNumbers();
  const numberOf = (id: BlockId): number =>
    typeof id === "number"
      ? ids.numberOf(id >>> 0, Math.floor(id / HALF))
      : ids.numberOf(Number(id & 0xffff_ffffn), Number(id >> 32n));
  if (idScope === "file") return numberOf;
  return (id, scope) => scoped.numberOf(scope >>> 0, numberOf(id));
};

/** An id names its whole prefix: equal ids, equal blocks. `nameOf` tells the source's id where the file numbers blocks itself. */
export const chainedNumbers = (
  idScope: TraceConventions["idScope"],
  nameOf: (id: BlockId) => BlockId,
): BlockNumbers => {
  const list = createIdList();
  const numberOf = idNumbers(idScope);
  return {
    of(ids, scope) {
      if (ids.length === 0) return NO_BLOCKS;
      const numbers = new Uint32Array(ids.length);
      for (let at = 0; at < ids.length; at += 1) {
        const id = ids[at] as BlockId;
        const number = numberOf(id, scope);
        if (number === list.size()) list.push(nameOf(id));
        numbers[at] = number;
      }
      return numbers;
    },
    ids: list.toArray,
  };
};

/** An id names its own tokens only: a block is an id and the block before it. */
export const unchainedNumbers = (idScope: TraceConventions["idScope"]): BlockNumbers => {
  const list = createIdList();
  const contentOf = idNumbers(idScope);
  const pairs = createPairNumbers();
  return {
    of(ids, scope) {
      if (ids.length === 0) return NO_BLOCKS;
      const numbers = new Uint32Array(ids.length);
      // 0 stands for no block before, so a block counts as its number and 1.
      let parent = 0;
      for (let at = 0; at < ids.length; at += 1) {
        const id = ids[at] as BlockId;
        const number = pairs.numberOf(parent, contentOf(id, scope));
        if (number === list.size()) list.push(id);
        numbers[at] = number;
        parent = number + 1;
      }
      return numbers;
    },
    ids: list.toArray,
  };
};

/** Gives dense numbers to blocks that were numbered otherwise before, in the order in which they are handed out. */
export const renumbered = (nameOf: (block: number) => BlockId | undefined): BlockNumbers =>
  chainedNumbers("file", (block) => nameOf(Number(block)) ?? NO_SINGLE_ID);
