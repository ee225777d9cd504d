import { assert } from "#base";
import type { Profile } from "#spec";
import type { ServingWorker } from "./serving-rack.ts";
import { type CreateTier, PROMOTE_AFTER, type Tier } from "./tier/index.ts";

/** What lies in the memory of a domain's switch, and who has read what of it elsewhere. */
type Memory = { readonly tier: Tier; readonly present: Set<number> };

/**
 * The memories of the switches, as a replay reads them: a worker counts as its first GPU, and a block that three of a domain have read is promoted. One that
 * is lost holds nothing and counts nobody until it is regained, empty.
 */
export class ServingSwitches {
  /** Blocks promoted so far. */
  promotions = 0;
  readonly #gpusPerDomain: number;
  readonly #capacityBytes: number;
  readonly #createTier: CreateTier;
  /** Kinds of KV that there are: names of one never meet those of another. */
  readonly #kinds: number;
  /** By domain, of those that anybody has read in; and those that are lost. */
  readonly #memories = new Map<number, Memory>();
  readonly #lost = new Set<number>();

  constructor({ gpusPerDomain, switchMemory }: Profile, kinds: number, createTier: CreateTier) {
    this.#gpusPerDomain = gpusPerDomain.value;
    this.#capacityBytes = switchMemory.value;
    this.#createTier = createTier;
    this.#kinds = kinds;
  }

  /** Whether anything of a worker's degree can ever be promoted: a domain must have three of them, and its switch a memory. */
  isOfUse(tp: number): boolean {
    return this.#capacityBytes > 0 && PROMOTE_AFTER * tp <= this.#gpusPerDomain;
  }

  /** The memory is gone, with all that it knew. */
  lose(domain: number): void {
    this.#memories.delete(domain);
    this.#lost.add(domain);
  }

  /** It is back, empty. */
  regain(domain: number): void {
    this.#lost.delete(domain);
  }

  /** How many leading blocks can be read once those behind the first `hits` have come from the switch of a worker's domain. */
  run(worker: ServingWorker, kind: number, blocks: Uint32Array, hits: number): number {
    const present = this.#memories.get(this.#domainOf(worker))?.present;
    let run = hits;
    while (run < blocks.length && present?.has(this.#nameOf(blocks[run] as number, kind)) === true)
      run += 1;
    return run;
  }

  /** Some blocks are read from the switch, which has them. */
  serve(worker: ServingWorker, kind: number, blocks: Uint32Array): void {
    const memory = this.#memories.get(this.#domainOf(worker));
    for (const block of blocks) {
      const answer = memory?.tier.read(this.#nameOf(block, kind));
      assert(answer?.kind === "hit", "a switch has what it serves", block);
    }
  }

  /** A worker has read some blocks that its switch did not serve. */
  count(worker: ServingWorker, kind: number, blocks: Uint32Array, blockBytes: number): void {
    const domain = this.#domainOf(worker);
    if (this.#lost.has(domain)) return;
    const { tier, present } = this.#memoryOf(domain);
    for (const block of blocks) {
      const name = this.#nameOf(block, kind);
      const answer = tier.access(worker.number, name, blockBytes, kind);
      if (answer.kind !== "promoted") continue;
      this.promotions += 1;
      for (const victim of answer.evicted) present.delete(victim);
      present.add(name);
    }
  }

  #domainOf({ number }: ServingWorker): number {
    return Math.floor(number / this.#gpusPerDomain);
  }

  #nameOf(block: number, kind: number): number {
    return block * this.#kinds + kind;
  }

  #memoryOf(domain: number): Memory {
    const known = this.#memories.get(domain);
    if (known !== undefined) return known;
    const first = domain * this.#gpusPerDomain;
    const domainGpus = Array.from({ length: this.#gpusPerDomain }, (_, place) => first + place);
    const tier = this.#createTier({ domainGpus, capacityBytes: this.#capacityBytes });
    const memory = { tier, present: new Set<number>() };
    this.#memories.set(domain, memory);
    return memory;
  }
}
