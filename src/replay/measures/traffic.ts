import { assert } from "#base";
import type { Transfers } from "./result.ts";

/** KV that has arrived at a worker, whole: found in a cache, or made by whoever prefilled. */
export type ArrivedKv = {
  readonly kind: "fetch" | "kv-transfer";
  /** Whose it is, by its place in the trace. */
  readonly request: number;
  readonly worker: number;
  /** −1 for a switch. */
  readonly from: number;
  /** Between the two workers; 0 from a switch. */
  readonly distance: 0 | 1 | 2 | 3;
  readonly blocks: number;
  readonly bytes: number;
  readonly startNs: number;
  readonly endNs: number;
};

const WAYS = ["switch", "superchip", "domain", "rack"] as const;

/** What was moved to workers. */
export class Traffic {
  readonly #bytes = { switch: 0, superchip: 0, domain: 0, rack: 0 };
  readonly #byKind = { fetch: 0, "kv-transfer": 0 };
  #count = 0;
  #blocks = 0;

  arrived({ kind, distance, blocks, bytes }: ArrivedKv): void {
    const way = WAYS[distance];
    assert(way !== undefined, "KV comes from a switch, or over a distance of 1, 2 or 3", distance);
    this.#count += 1;
    this.#blocks += blocks;
    this.#bytes[way] += bytes;
    this.#byKind[kind] += bytes;
  }

  transfers(): Transfers {
    const { fetch, "kv-transfer": handedOver } = this.#byKind;
    return {
      count: this.#count,
      blocks: this.#blocks,
      bytes: fetch + handedOver,
      bytes_by_distance: { ...this.#bytes },
      fetched_bytes: fetch,
      handed_over_bytes: handedOver,
    };
  }
}
