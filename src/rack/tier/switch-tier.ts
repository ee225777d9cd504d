import { ascending } from "#base";
import {
  type AccessReply,
  type Counted,
  checkAccess,
  checkBlock,
  checkShape,
  FOREIGN_GPU,
  type Forgotten,
  type Hit,
  MISS,
  type Miss,
  NOTHING,
  type NothingForgotten,
  PRESENT,
  PROMOTE_AFTER,
  type Tier,
  type TierBlock,
  type TierCandidate,
  type TierShape,
  TOO_LARGE,
} from "./contract.ts";
import { TierSlots } from "./slots.ts";

/** A GPU that is not of the domain. */
const NOWHERE = -1;

/** A tier over typed arrays: one probe a call and a linked ring of recency; only a promotion or a hit makes an object. */
export class SwitchTier implements Tier {
  readonly shape: TierShape;
  readonly #slots: TierSlots;
  /** By a GPU's number, its place in the domain. */
  readonly #places: Int32Array;
  readonly #promoteAfter: number;
  /** The answer to the first reader, the second, and so on. */
  readonly #counted: readonly Counted[];
  #usedBytes = 0;

  constructor(shape: TierShape) {
    checkShape(shape);
    const { domainGpus, promoteAfter = PROMOTE_AFTER } = shape;
    this.shape = shape;
    this.#promoteAfter = promoteAfter;
    this.#slots = new TierSlots(domainGpus.length);
    this.#places = new Int32Array(Math.max(...domainGpus) + 1).fill(NOWHERE);
    for (const [place, gpu] of domainGpus.entries()) this.#places[gpu] = place;
    this.#counted = domainGpus.map((_, place) =>
      Object.freeze({ kind: "counted", gpus: place + 1 }),
    );
  }

  access(gpu: number, block: number, bytes: number, tag: number): AccessReply {
    checkAccess(block, bytes, tag);
    const place = this.#places[gpu] ?? NOWHERE;
    if (place === NOWHERE) return FOREIGN_GPU;
    const slots = this.#slots;
    const known = slots.find(block);
    if (known >= 0 && slots.counts[known] === 0) return PRESENT;
    if (bytes > this.shape.capacityBytes) return TOO_LARGE;
    const slot = known >= 0 ? known : slots.take(block);
    const gpus = slots.count(slot, place);
    if (gpus < this.#promoteAfter) return this.#counted[gpus - 1] as Counted;
    const evicted = this.#makeRoom(bytes);
    slots.uncount(slot);
    slots.bytes[slot] = bytes;
    slots.tags[slot] = tag;
    slots.link(slot);
    this.#usedBytes += bytes;
    return { kind: "promoted", evicted };
  }

  read(block: number): Hit | Miss {
    checkBlock(block);
    const slots = this.#slots;
    const slot = slots.find(block);
    if (slot < 0 || slots.counts[slot] !== 0) return MISS;
    slots.unlink(slot);
    slots.link(slot);
    return { kind: "hit", bytes: slots.bytes[slot] as number, tag: slots.tags[slot] as number };
  }

  forget(block: number): Forgotten | NothingForgotten {
    checkBlock(block);
    const slots = this.#slots;
    const slot = slots.find(block);
    if (slot < 0) return NOTHING;
    const isCandidate = slots.counts[slot] !== 0;
    const freedBytes = isCandidate ? 0 : this.#take(slot);
    if (isCandidate) slots.drop(slot);
    return { kind: "forgotten", freedBytes };
  }

  usedBytes(): number {
    return this.#usedBytes;
  }

  contents(): readonly TierBlock[] {
    const { names, bytes, tags } = this.#slots;
    return Array.from(this.#slots.ring(), (slot) => ({
      block: names[slot] as number,
      bytes: bytes[slot] as number,
      tag: tags[slot] as number,
    }));
  }

  candidates(): readonly TierCandidate[] {
    const slots = this.#slots;
    const found: TierCandidate[] = [];
    for (let slot = 0; slot < slots.slotsTouched; slot += 1) {
      if (slots.counts[slot] === 0) continue;
      const gpus = this.shape.domainGpus.filter((_, place) => slots.hasRead(slot, place));
      found.push({
        block: slots.names[slot] as number,
        gpus: gpus.toSorted(ascending((gpu) => gpu)),
      });
    }
    return found.toSorted(ascending(({ block }) => block));
  }

  /** Evicts, least recent first, until so many bytes are free, and says what went. */
  #makeRoom(bytes: number): readonly number[] {
    const evicted: number[] = [];
    while (this.#usedBytes > this.shape.capacityBytes - bytes) {
      const victim = this.#slots.leastRecent();
      evicted.push(this.#slots.names[victim] as number);
      this.#take(victim);
    }
    return evicted;
  }

  /** Takes a block out of the switch, and says how many bytes that frees. */
  #take(slot: number): number {
    const slots = this.#slots;
    const freed = slots.bytes[slot] as number;
    this.#usedBytes -= freed;
    slots.unlink(slot);
    slots.drop(slot);
    return freed;
  }
}
