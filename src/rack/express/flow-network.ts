import { passing } from "./links.ts";

/** Beyond every size, and still exact. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

/**
 * A network that carries whole bytes from node 0 to node 1, each at the price of its path, in a time that can only grow. Capacities are
 * whole, so the largest flow is too (Ford and Fulkerson). Flow is pushed along the cheapest paths first, all of equal price together (primal-dual,
 * with Dinic's levels inside), and prices are not negative.
 */
export class FlowNetwork {
  /** The edge `e` and its reverse `e ^ 1` stand side by side. */
  private readonly heads: Int32Array;
  private readonly prices: Float64Array;
  private readonly room: Float64Array;
  /** By edge without its reverse: what it carries at once, and more for each nanosecond. */
  private readonly bytes: Float64Array;
  private readonly perNano: Float64Array;
  /** The last edge from each node, and the one before each edge; −1 where there is none. */
  private readonly last: Int32Array;
  private readonly before: Int32Array;
  private readonly price: Float64Array;
  private readonly level: Int32Array;
  private readonly cursor: Int32Array;
  private readonly queue: Int32Array;
  private edges = 0;
  private spanNs = 0;

  constructor(nodes: number, edges: number) {
    this.heads = new Int32Array(2 * edges);
    this.prices = new Float64Array(2 * edges);
    this.room = new Float64Array(2 * edges);
    this.bytes = new Float64Array(edges);
    this.perNano = new Float64Array(edges);
    this.last = new Int32Array(nodes).fill(-1);
    this.before = new Int32Array(2 * edges);
    this.price = new Float64Array(nodes);
    this.level = new Int32Array(nodes);
    this.cursor = new Int32Array(nodes);
    this.queue = new Int32Array(nodes);
  }

  /** Adds an edge that carries `bytes`, and `perNano` more for each nanosecond; returns its number. */
  edge(from: number, to: number, bytes: number, perNano = 0, price = 0): number {
    const edge = 2 * this.edges;
    this.bytes[this.edges] = bytes;
    this.perNano[this.edges] = perNano;
    this.edges += 1;
    this.half(edge, from, to, bytes + passing(perNano, this.spanNs), price);
    this.half(edge + 1, to, from, 0, -price);
    return edge;
  }

  /** How many bytes an edge carries now. */
  flowOn(edge: number): number {
    return this.room[edge + 1] as number;
  }

  /** Gives the network more time; what flows goes on flowing. */
  widen(spanNs: number): void {
    for (let index = 0; index < this.edges; index += 1) {
      const rate = this.perNano[index] as number;
      if (rate === 0) continue;
      const more = passing(rate, spanNs) - passing(rate, this.spanNs);
      this.room[2 * index] = (this.room[2 * index] as number) + more;
    }
    this.spanNs = spanNs;
  }

  /** Takes back everything that flows. */
  drain(): void {
    for (let edge = 0; edge < 2 * this.edges; edge += 2) {
      this.room[edge] = (this.room[edge] as number) + (this.room[edge + 1] as number);
      this.room[edge + 1] = 0;
    }
  }

  /** Pushes as much more as can flow, and returns how much that was. `priced`: cheapest first, onto what was pushed so or nothing. */
  push(priced: boolean): number {
    let pushed = 0;
    while (!priced || this.findCheapest()) {
      while (this.findLevels(priced)) {
        this.cursor.set(this.last);
        pushed += this.advance(0, UNLIMITED, priced);
      }
      if (!priced) break;
    }
    return pushed;
  }

  /** After a push without prices: the edges that keep it from being more carry `bytes + perNano · time`. */
  narrowest(): { readonly bytes: number; readonly perNano: number } {
    let [bytes, perNano] = [0, 0];
    for (let index = 0; index < this.edges; index += 1) {
      const [to, from] = [this.heads[2 * index] as number, this.heads[2 * index + 1] as number];
      if (this.level[from] === -1 || this.level[to] !== -1) continue;
      bytes += this.bytes[index] as number;
      perNano += this.perNano[index] as number;
    }
    return { bytes, perNano };
  }

  private half(edge: number, from: number, to: number, room: number, price: number): void {
    this.heads[edge] = to;
    this.prices[edge] = price;
    this.room[edge] = room;
    this.before[edge] = this.last[from] as number;
    this.last[from] = edge;
  }

  /** Whether an edge has room and, if `priced`, lies on a cheapest path. */
  private isOpen(from: number, edge: number, priced: boolean): boolean {
    if (this.room[edge] === 0) return false;
    if (!priced) return true;
    const price = (this.price[from] as number) + (this.prices[edge] as number);
    return this.price[this.heads[edge] as number] === price;
  }

  /** Prices the way to every node, over edges with room; whether there is one to the end. (Bellman and Ford, with a queue.) */
  private findCheapest(): boolean {
    this.price.fill(Number.POSITIVE_INFINITY);
    this.price[0] = 0;
    const queue = [0];
    const isQueued = new Uint8Array(this.last.length);
    for (let next = 0; next < queue.length; next += 1) {
      const from = queue[next] as number;
      isQueued[from] = 0;
      const soFar = this.price[from] as number;
      for (let edge = this.last[from] as number; edge >= 0; edge = this.before[edge] as number) {
        const to = this.heads[edge] as number;
        const price = soFar + (this.prices[edge] as number);
        if (this.room[edge] === 0 || price >= (this.price[to] as number)) continue;
        this.price[to] = price;
        if (isQueued[to] === 0) queue.push(to);
        isQueued[to] = 1;
      }
    }
    return this.price[1] !== Number.POSITIVE_INFINITY;
  }

  /** Counts the edges to every node over open edges; −1 where none leads. Whether one leads to the end. */
  private findLevels(priced: boolean): boolean {
    this.level.fill(-1);
    this.level[0] = 0;
    this.queue[0] = 0;
    let found = 1;
    for (let next = 0; next < found; next += 1) {
      const from = this.queue[next] as number;
      for (let edge = this.last[from] as number; edge >= 0; edge = this.before[edge] as number) {
        const to = this.heads[edge] as number;
        if (this.level[to] !== -1 || !this.isOpen(from, edge, priced)) continue;
        this.level[to] = (this.level[from] as number) + 1;
        this.queue[found] = to;
        found += 1;
      }
    }
    return this.level[1] !== -1;
  }

  /** Pushes up to `most` bytes on from a node, each edge one level on, and returns how many went. */
  private advance(from: number, most: number, priced: boolean): number {
    if (from === 1) return most;
    const level = (this.level[from] as number) + 1;
    let sent = 0;
    for (;;) {
      const edge = this.cursor[from] as number;
      if (edge < 0) return sent;
      const to = this.heads[edge] as number;
      if (this.level[to] === level && this.isOpen(from, edge, priced)) {
        const went = this.advance(to, Math.min(most - sent, this.room[edge] as number), priced);
        this.room[edge] = (this.room[edge] as number) - went;
        this.room[edge ^ 1] = (this.room[edge ^ 1] as number) + went;
        sent += went;
        if (sent === most) return sent;
      }
      this.cursor[from] = this.before[edge] as number;
    }
  }
}
