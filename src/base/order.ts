/** A comparison as `toSorted` wants it: negative, zero or positive. */
export type Compare<T> = (left: T, right: T) => number;

/** Smaller numbers first. */
export const ascending =
  <T>(key: (item: T) => number): Compare<T> =>
  (left, right) =>
    key(left) - key(right);

/** Larger numbers first. */
export const descending =
  <T>(key: (item: T) => number): Compare<T> =>
  (left, right) =>
    key(right) - key(left);

/** By UTF-16 code unit: the one order of text that no locale, machine or version changes. */
export const byText =
  <T>(key: (item: T) => string): Compare<T> =>
  (left, right) => {
    const [a, b] = [key(left), key(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  };

/** The first comparison that decides. End the list on a unique key: then no two items tie and a replay never wavers. */
export const byEach =
  <T>(...preferences: readonly Compare<T>[]): Compare<T> =>
  (left, right) => {
    for (const prefer of preferences) {
      const verdict = prefer(left, right);
      if (verdict !== 0) return verdict;
    }
    return 0;
  };
