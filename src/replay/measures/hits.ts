import type { RequestRow } from "../record.ts";
import type { HitRates, InfiniteCache } from "./result.ts";

/** By how far a block came: from nowhere at all, then by distance. */
const FROM = ["local", "superchip", "domain", "rack"] as const;

/** What was found in caches of the prompts that were given a first token. */
export class Hits {
  readonly #blocks = { local: 0, switch: 0, superchip: 0, domain: 0, rack: 0 };
  #references = 0;
  #hits = 0;
  #ratios = 0;
  #prompts = 0;

  ended({
    blocks,
    firstTokenNs,
    localBlocks,
    switchBlocks,
    fetchedBlocks,
    fetchedFrom,
  }: RequestRow): void {
    if (blocks === 0 || firstTokenNs < 0) return;
    const hits = localBlocks + switchBlocks + fetchedBlocks;
    this.#references += blocks;
    this.#hits += hits;
    this.#ratios += hits / blocks;
    this.#prompts += 1;
    this.#blocks.local += localBlocks;
    this.#blocks.switch += switchBlocks;
    this.#blocks[FROM[fetchedFrom] as (typeof FROM)[number]] += fetchedBlocks;
  }

  rates(infinite: InfiniteCache): HitRates {
    const some = this.#prompts > 0;
    return {
      block_refs: this.#references,
      hit_blocks: this.#hits,
      ratio_of_sums: some ? this.#hits / this.#references : null,
      mean_of_ratios: some ? this.#ratios / this.#prompts : null,
      blocks_by_distance: { ...this.#blocks },
      infinite_cache: infinite,
    };
  }
}
