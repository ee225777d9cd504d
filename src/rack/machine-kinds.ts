import { assert } from "#base";
import type { KvKind } from "./fleet-kinds.ts";
import type { NamedBlock } from "./machine-contract.ts";

/** A block's name has its kind in the low 8 bits. The last kind is left out so that no name is 2^32 − 1. */
const KINDS = 256;
const BLOCKS = 2 ** 24;

/** The names of a prompt's blocks among all kinds: names of one kind never meet those of another. */
export const namesOf = (kind: KvKind, blocks: ArrayLike<number>): Uint32Array => {
  assert(kind.number < KINDS - 1, "a rack sees at most 255 kinds of KV", kind.text);
  const names = new Uint32Array(blocks.length);
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index] as number;
    assert(block >>> 0 === block && block < BLOCKS, "a block must be 0 … 2^24 − 1", block);
    names[index] = block * KINDS + kind.number;
  }
  return names;
};

/** The number of the block that a name is of, whatever its kind. */
export const blockOf = (name: number): number => Math.floor(name / KINDS);

/** What a name stands for, among the kinds in order of first use. */
export const named = (kinds: readonly KvKind[], name: number): NamedBlock => [
  (kinds[name % KINDS] as KvKind).text,
  blockOf(name),
];
