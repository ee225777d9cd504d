import { assert } from "#base";
import type { Directory } from "./directory/index.ts";
import type { CreateTier, Tier, TierBlock } from "./tier/index.ts";

/** The tier of the directory that a switch's blocks lie in. */
export const SWITCH = 1;

/** The domains of a rack, and the memory of each one's switch. */
type SwitchesShape = {
  readonly gpus: number;
  readonly gpusPerDomain: number;
  readonly capacityBytes: number;
};

/** A reading that the switch did not serve: by whom, and of what. */
export type Reading = {
  readonly gpu: number;
  readonly block: number;
  readonly bytes: number;
  /** What sort of bytes these are. */
  readonly tag: number;
};

/**
 * The memories of the switches, one a domain. The directory lists what lies there under one worker more for each domain, numbered behind the
 * GPUs. A memory that is lost holds nothing and counts nobody until it is regained, empty.
 */
export class Switches {
  readonly #shape: SwitchesShape;
  readonly #createTier: CreateTier;
  readonly #directory: Directory;
  readonly #tiers: (Tier | undefined)[];
  readonly #eventIds: number[];

  constructor(shape: SwitchesShape, createTier: CreateTier, directory: Directory) {
    this.#shape = shape;
    this.#createTier = createTier;
    this.#directory = directory;
    const domains = shape.gpus / shape.gpusPerDomain;
    this.#eventIds = Array.from({ length: domains }, () => 0);
    this.#tiers = Array.from({ length: domains }, (_, domain) => this.#empty(domain));
  }

  /** Whether the memory was there to be lost. */
  lose(domain: number): boolean {
    if (this.#tiers[domain] === undefined) return false;
    this.#tiers[domain] = undefined;
    this.#eventIds[domain] = 0;
    this.#directory.drop(this.placeOf(domain));
    return true;
  }

  /** Whether the memory was lost and is back. */
  regain(domain: number): boolean {
    if (this.#tiers[domain] !== undefined) return false;
    this.#tiers[domain] = this.#empty(domain);
    return true;
  }

  /** How far the blocks from one on lie in the switch without a gap: the number of the first that does not. */
  runFrom(domain: number, names: Uint32Array, first: number): number {
    const place = this.placeOf(domain);
    let end = first;
    while (end < names.length && this.#directory.holds(place, SWITCH, names[end] as number))
      end += 1;
    return end;
  }

  /** Reads a block that lies there, of a sort of bytes that the reader can use. */
  serve(domain: number, block: number, tag: number): void {
    const answer = this.#tiers[domain]?.read(block);
    assert(answer?.kind === "hit" && answer.tag === tag, "a switch has what is listed", block);
  }

  /** Counts a reading. Says what lies there no more when that promoted the block; nothing when it did not. */
  count(domain: number, { gpu, block, bytes, tag }: Reading): readonly number[] | undefined {
    const answer = this.#tiers[domain]?.access(gpu, block, bytes, tag);
    if (answer?.kind !== "promoted") return undefined;
    const place = this.placeOf(domain);
    for (const victim of answer.evicted) {
      this.#directory.removed(place, SWITCH, victim, this.#nextId(domain));
    }
    this.#directory.stored(place, SWITCH, block, this.#nextId(domain));
    return answer.evicted;
  }

  /** What lies in each memory, least recent first; nothing for one that is lost. */
  contents(): readonly (readonly TierBlock[] | undefined)[] {
    return this.#tiers.map((tier) => tier?.contents());
  }

  /** The worker under which the directory lists a switch. */
  placeOf(domain: number): number {
    return this.#shape.gpus + domain;
  }

  #nextId(domain: number): number {
    const id = this.#eventIds[domain] as number;
    this.#eventIds[domain] = id + 1;
    return id;
  }

  #empty(domain: number): Tier {
    const { gpusPerDomain, capacityBytes } = this.#shape;
    const domainGpus = Array.from(
      { length: gpusPerDomain },
      (_, place) => domain * gpusPerDomain + place,
    );
    return this.#createTier({ domainGpus, capacityBytes });
  }
}
