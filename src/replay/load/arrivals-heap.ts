import type { LoadedRequest } from "./loaded-request.ts";

const precedes = (left: LoadedRequest, right: LoadedRequest): boolean =>
  left.request.arrivalNs === right.request.arrivalNs
    ? left.number < right.number
    : left.request.arrivalNs < right.request.arrivalNs;

/** Requests that wait until it is certain that none comes before them: a binary heap by arrival, then by place in the trace. */
export class ArrivalsHeap {
  readonly #items: LoadedRequest[] = [];

  /** The one that arrives first. */
  get first(): LoadedRequest | undefined {
    return this.#items[0];
  }

  add(item: LoadedRequest): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as LoadedRequest;
      if (!precedes(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the first one away. */
  drop(): void {
    const items = this.#items;
    const item = items.pop();
    if (item === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const [left, right] = [items[child] as LoadedRequest, items[child + 1]];
      if (right !== undefined && precedes(right, left)) child += 1;
      const earlier = items[child] as LoadedRequest;
      if (!precedes(earlier, item)) break;
      items[at] = earlier;
      at = child;
    }
    items[at] = item;
  }
}
