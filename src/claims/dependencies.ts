import type { Prepared } from "./evaluate.ts";

/** The claims that the formula and the route of a claim refer to. */
export const namesOf = ({ formula, route }: Prepared): readonly string[] => [
  ...(formula?.claims ?? []),
  ...(route?.claims ?? []),
];

/** A claim on the way down, and which of its names comes next. */
type Step = { readonly id: string; readonly names: readonly string[]; next: number };

/**
 * All claims, each after those that it refers to; and every circle that is met on the way, with its first claim again at its end. Without
 * recursion, so that no chain is too long.
 */
export const dependencies = (
  prepared: ReadonlyMap<string, Prepared>,
): { readonly order: readonly string[]; readonly circles: readonly (readonly string[])[] } => {
  const order: string[] = [];
  const circles: string[][] = [];
  const seen = new Map<string, "open" | "done">();
  const path: Step[] = [];
  const enter = (id: string): void => {
    const one = prepared.get(id);
    if (one === undefined || seen.get(id) === "done") return;
    if (seen.get(id) === "open") {
      const ids = path.map((step) => step.id);
      circles.push([...ids.slice(ids.indexOf(id)), id]);
      return;
    }
    seen.set(id, "open");
    path.push({ id, names: namesOf(one), next: 0 });
  };
  for (const start of prepared.keys()) {
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const name = step.names[step.next];
      step.next += 1;
      if (name !== undefined) enter(name);
      else {
        seen.set(step.id, "done");
        order.push(step.id);
        path.pop();
      }
    }
  }
  return { order, circles };
};
