/** Numbers names, 0, 1, 2, … in order of first appearance. */
export type Names = {
  /** The name's number, a new one when it was never asked for; −1 for no name. */
  numberOf(name: string | null): number;
  /** The names in order of their numbers. */
  readonly names: readonly string[];
};

/** No names yet. */
export const createNames = (): Names => {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    names,
    numberOf(name) {
      if (name === null) return -1;
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
  };
};
