/**
 * Arrays of whole numbers as bytes, little-endian on every machine. On a little-endian machine, which nearly all are, no byte is
 * copied; the parameter `littleEndian` exists so that the other way can be tested.
 */

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

const bytesOf = (words: Uint32Array | BigUint64Array): Buffer =>
  Buffer.from(words.buffer, words.byteOffset, words.byteLength);

/** Four bytes a number. A view of `words` where it can be: write it before `words` changes. */
export const packU32 = (words: Uint32Array, littleEndian = MACHINE_IS_LITTLE_ENDIAN): Buffer =>
  littleEndian ? bytesOf(words) : Buffer.from(bytesOf(words)).swap32();

/** The numbers back. A view of `blob` where it is aligned, else a copy. The length must be a multiple of 4. */
export const unpackU32 = (
  blob: Uint8Array,
  littleEndian = MACHINE_IS_LITTLE_ENDIAN,
): Uint32Array => {
  const isAligned = blob.byteOffset % 4 === 0;
  if (littleEndian && isAligned) {
    return new Uint32Array(blob.buffer, blob.byteOffset, blob.byteLength / 4);
  }
  const words = new Uint32Array(blob.byteLength / 4);
  const copy = bytesOf(words);
  copy.set(blob);
  if (!littleEndian) copy.swap32();
  return words;
};

/** Eight bytes a number. A view of `words` where it can be: write it before `words` changes. */
export const packU64 = (words: BigUint64Array, littleEndian = MACHINE_IS_LITTLE_ENDIAN): Buffer =>
  littleEndian ? bytesOf(words) : Buffer.from(bytesOf(words)).swap64();

/** The numbers of several blobs, one after the other. Each length must be a multiple of 8. */
export const unpackU64 = (
  blobs: readonly Uint8Array[],
  littleEndian = MACHINE_IS_LITTLE_ENDIAN,
): BigUint64Array => {
  const words = new BigUint64Array(blobs.reduce((sum, blob) => sum + blob.byteLength / 8, 0));
  const copy = bytesOf(words);
  let at = 0;
  for (const blob of blobs) {
    copy.set(blob, at);
    at += blob.byteLength;
  }
  if (!littleEndian) copy.swap64();
  return words;
};
