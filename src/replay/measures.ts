/** What a run is measured by. */
import { percentile } from "#base";
import type { Live } from "./live.ts";

/** How a quantity is spread, exactly: nearest-rank percentiles of every value. All null when there was none. */
export type Spread = {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
};

/** Every value of one quantity, 8 bytes each. */
class Values {
  #values = new Float64Array(1024);
  #size = 0;

  add(value: number): void {
    if (this.#size === this.#values.length) {
      const longer = new Float64Array(2 * this.#size);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.#size] = value;
    this.#size += 1;
  }

  spread(): Spread {
    const count = this.#size;
    if (count === 0) {
      return { count, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
    }
    const sorted = this.#values.subarray(0, count).toSorted();
    const at = (share: number): number => percentile(sorted, share);
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum += sorted[index] as number;
    return {
      count,
      mean: sum / count,
      p50: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      max: at(1),
    };
  }
}

/** Hits by where they came from, in blocks. `local` was in the worker's own pool; the others were fetched over the fabric. */
export type HitsByDistance = {
  readonly local: number;
  readonly superchip: number;
  readonly domain: number;
  readonly rack: number;
};

/** How much of the prompts was found in a cache: both definitions, because they can differ by a factor of two. */
export type HitRates = {
  readonly block_refs: number;
  readonly hit_blocks: number;
  /** Blocks hit ÷ blocks referred to, over the run. Null for a trace without block names. */
  readonly ratio_of_sums: number | null;
  /** The mean over requests of each one's own ratio. Null likewise. */
  readonly mean_of_ratios: number | null;
  readonly blocks_by_distance: HitsByDistance;
};

/** What was moved between workers. */
export type Transfers = {
  readonly count: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly bytes_by_distance: Omit<HitsByDistance, "local">;
};

const DISTANCES = ["local", "superchip", "domain", "rack"] as const;

/** Gathers the measures of one run, a request at a time as each ends. */
export class Measures {
  readonly #queueing = new Values();
  readonly #ttft = new Values();
  readonly #tpot = new Values();
  readonly #e2e = new Values();
  readonly #hits = new Float64Array(DISTANCES.length);
  readonly #bytes = new Float64Array(DISTANCES.length);
  readonly #requestsByWorker: Float64Array;
  readonly #tokensByWorker: Float64Array;
  readonly #blockBytes: number;
  #references = 0;
  #ratios = 0;
  #withBlocks = 0;
  #transfers = 0;
  #fetched = 0;

  constructor(workers: number, blockBytes: number) {
    this.#requestsByWorker = new Float64Array(workers);
    this.#tokensByWorker = new Float64Array(workers);
    this.#blockBytes = blockBytes;
  }

  /** A request has its first token: what it found in the caches counts from here. */
  prefilled(live: Live): void {
    const { request, hitBlocks, fetchedBlocks, fetchedFrom, worker } = live;
    this.#requestsByWorker[worker] = (this.#requestsByWorker[worker] as number) + 1;
    this.#tokensByWorker[worker] =
      (this.#tokensByWorker[worker] as number) + live.computedTokens + request.outputTokens;
    const references = request.blocks.length;
    if (references === 0) return;
    this.#references += references;
    this.#withBlocks += 1;
    this.#ratios += (hitBlocks + fetchedBlocks) / references;
    this.#hits[0] = (this.#hits[0] as number) + hitBlocks;
    if (fetchedBlocks === 0) return;
    const bytes = fetchedBlocks * this.#blockBytes;
    this.#hits[fetchedFrom] = (this.#hits[fetchedFrom] as number) + fetchedBlocks;
    this.#bytes[fetchedFrom] = (this.#bytes[fetchedFrom] as number) + bytes;
    this.#transfers += 1;
    this.#fetched += fetchedBlocks;
  }

  /** A request has all its tokens. TPOT is over the tokens after the first, so a request of one token has none. */
  completed(live: Live, endNs: number): void {
    this.#queueing.add(live.startNs - live.arrivalNs);
    this.#ttft.add(live.firstTokenNs - live.arrivalNs);
    this.#e2e.add(endNs - live.arrivalNs);
    const later = live.request.outputTokens - 1;
    if (later > 0) this.#tpot.add((endNs - live.firstTokenNs) / later);
  }

  latencies() {
    return {
      queueing_ns: this.#queueing.spread(),
      ttft_ns: this.#ttft.spread(),
      tpot_ns: this.#tpot.spread(),
      e2e_ns: this.#e2e.spread(),
    };
  }

  hitRates(): HitRates {
    const [local, superchip, domain, rack] = this.#hits as unknown as [
      number,
      number,
      number,
      number,
    ];
    const hits = local + superchip + domain + rack;
    const some = this.#references > 0;
    return {
      block_refs: this.#references,
      hit_blocks: hits,
      ratio_of_sums: some ? hits / this.#references : null,
      mean_of_ratios: some ? this.#ratios / this.#withBlocks : null,
      blocks_by_distance: { local, superchip, domain, rack },
    };
  }

  transfers(): Transfers {
    const [, superchip, domain, rack] = this.#bytes as unknown as [number, number, number, number];
    return {
      count: this.#transfers,
      blocks: this.#fetched,
      bytes: superchip + domain + rack,
      bytes_by_distance: { superchip, domain, rack },
    };
  }

  /** The busiest worker ÷ the mean, by requests and by tokens computed or generated. Null when nothing was served. */
  imbalance() {
    const worst = (loads: Float64Array): number | null => {
      const total = loads.reduce((sum, load) => sum + load, 0);
      return total === 0 ? null : (Math.max(...loads) * loads.length) / total;
    };
    return {
      requests_max_over_mean: worst(this.#requestsByWorker),
      tokens_max_over_mean: worst(this.#tokensByWorker),
    };
  }
}
