/**
 * Spreads 32 bits over 32 bits, every one of them over all, and no two alike ("lowbias32", C. Wellons, hash-prospector): where a
 * hash table begins to look for a whole number. Whole, not negative.
 */
export const mixed = (word: number): number => {
  let bits = word ^ (word >>> 16);
  bits = Math.imul(bits, 0x21f0aaad);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
};
