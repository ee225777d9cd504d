/** Things to come, earliest first, and of one instant in the order in which they were put in. */
export type Later<Item> = {
  put(atNs: number, item: Item): void;
  /** When the first of them is due; infinity when there are none. */
  nextNs(): number;
  take(): Item | undefined;
};

type Entry<Item> = { readonly atNs: number; readonly order: number; readonly item: Item };

const isBefore = <Item>(left: Entry<Item>, right: Entry<Item>): boolean =>
  left.atNs < right.atNs || (left.atNs === right.atNs && left.order < right.order);

/** Starts with nothing to come: a binary heap. */
export const createLater = <Item>(): Later<Item> => {
  const heap: Entry<Item>[] = [];
  let order = 0;

  const rise = (entry: Entry<Item>): void => {
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Entry<Item>;
      if (isBefore(parent, entry)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  };
  const sink = (entry: Entry<Item>): void => {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const [left, right] = [heap[below], heap[below + 1]];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) below += 1;
      const child = heap[below] as Entry<Item>;
      if (isBefore(entry, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = entry;
  };

  return {
    put(atNs, item) {
      rise({ atNs, order, item });
      order += 1;
    },
    nextNs: () => heap[0]?.atNs ?? Number.POSITIVE_INFINITY,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) sink(last);
      return first?.item;
    },
  };
};
