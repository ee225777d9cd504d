import fc from "fast-check";
import { canonicalJson, type Json } from "#base";

/** The inputs that a property ranges over. */
export type Given<Case> = {
  /** Draws cases: biased, swarmed, mapped, whatever finds most. */
  readonly arbitrary: fc.Arbitrary<Case>;
  /**
   * Knows every case as plain data: decides whether a stored value is one, and shrinks it. Built from fast-check's own
   * combinators without `chain` or a one-way `map`, because those cannot say where a given value came from.
   */
  readonly plain: fc.Arbitrary<Case>;
  /** Every small case there is, simplest first; absent when there is no natural small scope. */
  readonly small?: () => Iterable<Case>;
};

/**
 * One of some JSON values, simplest first. Unlike `fc.constant` and `fc.constantFrom`, which compare objects by identity, it knows
 * a value again after it has been saved and read back.
 */
export const oneOfValues = <Value>(
  ...choices: readonly [Value, ...Value[]]
): fc.Arbitrary<Value> => {
  const texts = choices.map((choice) => canonicalJson(choice as Json));
  return fc.nat({ max: choices.length - 1 }).map(
    (index) => choices[index] as Value,
    (value) => {
      const index = texts.indexOf(canonicalJson(value as Json));
      if (index < 0) throw new RangeError("none of the values");
      return index;
    },
  );
};

/** A property over values that are drawn and shrunk by one and the same arbitrary. */
export const values = <Case>(
  plain: fc.Arbitrary<Case>,
  small?: () => Iterable<Case>,
): Given<Case> => ({ arbitrary: plain, plain, ...(small && { small }) });

/** What a history is made of. */
export type HistoryShape<Call> = {
  /**
   * How each operation is drawn, as arbitraries that know a plain value again (`fc.record`, `fc.nat`, `oneOfValues`). Few names, many
   * collisions: 4 workers and 4 blocks find more than 72 and 10,000.
   */
  readonly operations: Readonly<Record<string, fc.Arbitrary<Call>>>;
  /** The operations of the small scope, and how many of them in a row are tried exhaustively. */
  readonly small: { readonly alphabet: readonly Call[]; readonly depth: number };
  /** The longest history drawn; 200 unless told. */
  readonly maxLength?: number;
};

/**
 * Histories: sequences of operations. Each case draws its own subset of the operations and its own weights (swarm testing), because
 * an even mix misses what needs an operation to be absent. Every operation is possible at any time; a subject refuses what it
 * cannot do.
 */
export const histories = <Call>(shape: HistoryShape<Call>): Given<readonly Call[]> => {
  const operations = Object.values(shape.operations);
  const maxLength = shape.maxLength ?? 200;
  const weights = fc.array(fc.constantFrom(0, 0, 1, 1, 4, 16), {
    minLength: operations.length,
    maxLength: operations.length,
  });
  const arbitrary = weights.chain((drawn) => {
    const swarm = operations.map((arbitrary, index) => ({ weight: drawn[index] ?? 0, arbitrary }));
    const some = swarm.some(({ weight }) => weight > 0);
    const mix = some ? swarm : swarm.map(({ arbitrary }) => ({ weight: 1, arbitrary }));
    return fc.array(fc.oneof(...mix), { maxLength, size: "max" });
  });
  return {
    arbitrary,
    plain: fc.array(fc.oneof(...operations), { maxLength: 10 * maxLength, size: "max" }),
    small: () => sequences(shape.small.alphabet, shape.small.depth),
  };
};

/** Every sequence over an alphabet up to a length, shorter before longer. There are (a^(d+1) − 1) / (a − 1) of them. */
export function* sequences<Item>(
  alphabet: readonly Item[],
  depth: number,
): Generator<readonly Item[]> {
  const indices: number[] = [];
  for (;;) {
    yield indices.map((index) => alphabet[index] as Item);
    let at = indices.length - 1;
    while (at >= 0 && indices[at] === alphabet.length - 1) at -= 1;
    if (at >= 0) indices[at] = (indices[at] as number) + 1;
    else if (indices.length === depth || alphabet.length === 0) return;
    else indices.push(0);
    for (let later = at + 1; later < indices.length; later += 1) indices[later] = 0;
  }
}

/** Whether a stored value is one of the inputs a property ranges over. */
export const isCase = <Case>(given: Given<Case>, value: unknown): value is Case =>
  given.plain.canShrinkWithoutContext(value);
