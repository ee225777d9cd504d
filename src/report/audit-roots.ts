import { byEach, descending } from "#base";
import { heirsOf, type Judged, type Root, rootsOf } from "#claims";
import { statedText } from "./audit-cells.ts";

const branches = (heirs: readonly Root[], indent: string): readonly string[] =>
  heirs.flatMap(({ judged, heirs: below }, at) => {
    const isLast = at === heirs.length - 1;
    return [
      `${indent}${isLast ? "└─" : "├─"} ${judged.claim.id}: ${statedText(judged)}`,
      ...branches(below, `${indent}${isLast ? "   " : "│  "}`),
    ];
  });

/**
 * The claims that do not hold by themselves and drag others along, as trees, those with most heirs first; of as many, in their order. A claim
 * that inherits from several stands below each.
 */
export const rootLines = (judged: readonly Judged[]): readonly string[] =>
  rootsOf(judged)
    .filter(({ heirs }) => heirs.length > 0)
    .map((root) => ({ root, heirs: heirsOf(root).size }))
    .toSorted(byEach(descending(({ heirs }) => heirs)))
    .flatMap(({ root }) => [
      `${root.judged.claim.id}: ${statedText(root.judged)} [${root.judged.cause}]`,
      ...branches(root.heirs, ""),
    ]);
