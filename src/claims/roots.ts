import type { Judged } from "./audit.ts";

/** A claim that does not hold by itself, and those that do not hold because of it. */
export type Root = {
  readonly judged: Judged;
  /**
   * Those that inherit from it directly, each with its own heirs. A claim that inherits from several stands below each, as one and the same
   * object.
   */
  readonly heirs: readonly Root[];
};

/** All different claims below a root, at any depth. */
export const heirsOf = (root: Root): ReadonlySet<string> => {
  const found = new Set<Root>();
  const waiting = [...root.heirs];
  for (let heir = waiting.pop(); heir !== undefined; heir = waiting.pop()) {
    if (found.has(heir)) continue;
    found.add(heir);
    waiting.push(...heir.heirs);
  }
  return new Set([...found].map(({ judged }) => judged.claim.id));
};

/** The claims that do not hold by themselves, in their order, with whatever follows from them. */
export const rootsOf = (judged: readonly Judged[]): readonly Root[] => {
  const nodes = new Map(
    judged.map((one) => [one.claim.id, { judged: one, heirs: [] as Root[] }] as const),
  );
  for (const node of nodes.values())
    for (const id of node.judged.inherits) nodes.get(id)?.heirs.push(node);
  return [...nodes.values()].filter(
    ({ judged: { verdict, cause } }) => verdict === "inconsistent" && cause !== "inherited",
  );
};
