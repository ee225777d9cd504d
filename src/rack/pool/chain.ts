/** Whether no name comes twice. An interned chain ascends, because a parent appears before its child: then one pass is enough. */
export const isWithoutRepeat = (blocks: Uint32Array): boolean => {
  for (let index = 1; index < blocks.length; index += 1) {
    if ((blocks[index] as number) <= (blocks[index - 1] as number)) {
      return new Set(blocks).size === blocks.length;
    }
  }
  return true;
};
