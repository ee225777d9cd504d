/** An id as a source gives it: a number up to 2^53, a bigint beyond. */
export type BlockId = number | bigint;

/** A list of ids that grows, 8 bytes each. */
export type IdList = {
  push(id: BlockId): void;
  size(): number;
  toArray(): BigUint64Array;
};

/** An empty list. */
export const createIdList = (): IdList => {
  let ids = new BigUint64Array(1024);
  let size = 0;
  return {
    push(id) {
      if (size === ids.length) {
        const larger = new BigUint64Array(size * 2);
        larger.set(ids);
        ids = larger;
      }
      ids[size] = BigInt(id);
      size += 1;
    },
    size: () => size,
    toArray: () => ids.slice(0, size),
  };
};
