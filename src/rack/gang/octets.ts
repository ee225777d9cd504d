/**
 * Eight GPUs that begin at a multiple of eight within their domain, as a byte with a bit for each that is free. No group is larger, and
 * none crosses an octet, so whatever is asked of an octet is one look into a table of 256.
 */

/** The answer of `fits` for an octet without room. */
export const NO_ROOM = 255;

/** Eight GPUs, or fewer at the end of a domain. */
export const OCTET = 8;

/** The tables for racks whose largest group has `2^levelMax` GPUs. A level is the logarithm of a size. */
export type OctetTables = {
  /** At `level · 256 + octet`: `runLevel · 8 + first bit` of the smallest run that holds a group of the level; or `NO_ROOM`. */
  readonly fits: Uint8Array;
  /** At `octet · 8 + bit`: the level of the run that a free GPU is part of. */
  readonly runLevels: Uint8Array;
  /** At `octet`: the octet's runs, in digits of a number: how many of level 3, of level 2, and so on. */
  readonly worth: Float64Array;
};

/** The bits of a slot. */
export const slotBits = (size: number, bit: number): number => ((1 << size) - 1) << bit;

/** The level of the largest aligned block of free bits around a free bit. */
const runLevel = (octet: number, bit: number, levelMax: number): number => {
  let level = 0;
  while (level < levelMax) {
    const size = 2 << level;
    const bits = slotBits(size, bit - (bit % size));
    if ((octet & bits) !== bits) return level;
    level += 1;
  }
  return level;
};

/** Where in an octet a group of a level goes. */
const slotIn = (runLevels: Uint8Array, octet: number, level: number): number => {
  let best = NO_ROOM;
  for (let bit = 0; bit < OCTET; bit += 1 << level) {
    if ((octet & (1 << bit)) === 0) continue;
    const run = runLevels[octet * OCTET + bit] as number;
    if (run >= level && run * OCTET + bit < best) best = run * OCTET + bit;
  }
  return best;
};

/** The tables; `digit` must be more than the runs of a domain. Worked out once, because they are the same for all racks of such domains. */
export const octetTables = (levelMax: number, digit: number): OctetTables => {
  const key = `${levelMax}/${digit}`;
  const known = KNOWN.get(key) ?? workedOut(levelMax, digit);
  KNOWN.set(key, known);
  return known;
};

const KNOWN = new Map<string, OctetTables>();

const workedOut = (levelMax: number, digit: number): OctetTables => {
  const [fits, runLevels] = [new Uint8Array(4 * 256).fill(NO_ROOM), new Uint8Array(256 * OCTET)];
  const worth = new Float64Array(256);
  for (let octet = 0; octet < 256; octet += 1) {
    for (let bit = 0; bit < OCTET; bit += 1) {
      if ((octet & (1 << bit)) === 0) continue;
      const level = runLevel(octet, bit, levelMax);
      runLevels[octet * OCTET + bit] = level;
      if (bit % (1 << level) === 0) worth[octet] = (worth[octet] as number) + digit ** level;
    }
    for (let level = 0; level <= levelMax; level += 1) {
      fits[level * 256 + octet] = slotIn(runLevels, octet, level);
    }
  }
  return Object.freeze({ fits, runLevels, worth });
};
