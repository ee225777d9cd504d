import { distance } from "fastest-levenshtein";
import { ascending, byEach, byText } from "./order.ts";

/** Names longer than this are compared by their beginning, so that no input makes the answer slow. */
const NAME_MAX = 64;

/** `names`, the one most like `wanted` first: by the letters to change, then by code unit. Case does not count. */
export const byNearest = (wanted: string, names: readonly string[]): readonly string[] => {
  const asked = wanted.slice(0, NAME_MAX).toLowerCase();
  return names.toSorted(
    byEach(
      ascending((name) => distance(asked, name.slice(0, NAME_MAX).toLowerCase())),
      byText((name) => name),
    ),
  );
};

/**
 * The known names, three at most, that a mistyped one may have meant: those that it begins, and those of which a third of the letters at
 * most must change.
 */
export const meant = (wanted: string, known: readonly string[]): readonly string[] => {
  const asked = wanted.slice(0, NAME_MAX).toLowerCase();
  const isLike = (name: string): boolean =>
    (asked.length > 1 && name.toLowerCase().startsWith(asked)) ||
    distance(asked, name.toLowerCase()) <= Math.max(1, Math.floor(name.length / 3));
  return byNearest(asked, known.filter(isLike)).slice(0, 3);
};
