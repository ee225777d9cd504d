import { ascending } from "#base";
import {
  type AccessReply,
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

/**
 * The tier that is obviously right: a list in order of recency and a map of sets. Its protected steps are where it can be broken,
 * one at a time, to make the implementations that properties must catch.
 */
export class TierModel implements Tier {
  readonly shape: TierShape;
  /** Least recent first. */
  protected blocks: readonly TierBlock[] = [];
  protected readonly readers = new Map<number, Set<number>>();

  constructor(shape: TierShape) {
    checkShape(shape);
    this.shape = shape;
  }

  access(gpu: number, block: number, bytes: number, tag: number): AccessReply {
    checkAccess(block, bytes, tag);
    if (!this.isOwn(gpu)) return FOREIGN_GPU;
    if (this.find(block)) return PRESENT;
    if (this.isTooLarge(bytes)) return TOO_LARGE;
    const gpus = this.count(block, gpu);
    if (gpus < (this.shape.promoteAfter ?? PROMOTE_AFTER)) return { kind: "counted", gpus };
    const evicted = this.makeRoom(bytes);
    this.forgetReaders(block);
    this.blocks = [...this.blocks, { block, bytes, tag }];
    return { kind: "promoted", evicted };
  }

  read(block: number): Hit | Miss {
    checkBlock(block);
    const found = this.find(block);
    if (found === undefined) return MISS;
    this.touch(found);
    return { kind: "hit", bytes: found.bytes, tag: found.tag };
  }

  forget(block: number): Forgotten | NothingForgotten {
    checkBlock(block);
    const found = this.find(block);
    if (found === undefined && !this.readers.has(block)) return NOTHING;
    this.forgetReaders(block);
    this.remove(block);
    return { kind: "forgotten", freedBytes: found?.bytes ?? 0 };
  }

  usedBytes(): number {
    return this.blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  contents(): readonly TierBlock[] {
    return this.blocks;
  }

  candidates(): readonly TierCandidate[] {
    return [...this.readers]
      .map(([block, gpus]) => ({ block, gpus: [...gpus].toSorted(ascending((gpu) => gpu)) }))
      .toSorted(ascending(({ block }) => block));
  }

  protected isOwn(gpu: number): boolean {
    return this.shape.domainGpus.includes(gpu);
  }

  protected isTooLarge(bytes: number): boolean {
    return bytes > this.shape.capacityBytes;
  }

  /** Notes a reader, and says how many different ones there have been. */
  protected count(block: number, gpu: number): number {
    const gpus = (this.readers.get(block) ?? new Set()).add(gpu);
    this.readers.set(block, gpus);
    return gpus.size;
  }

  protected forgetReaders(block: number): void {
    this.readers.delete(block);
  }

  /** Evicts until so many bytes are free, and says what went. */
  protected makeRoom(bytes: number): readonly number[] {
    const evicted: number[] = [];
    for (let victim = this.blocks[0]; victim && !this.fits(bytes); victim = this.blocks[0]) {
      this.remove(victim.block);
      evicted.push(victim.block);
    }
    return evicted;
  }

  protected fits(bytes: number): boolean {
    return this.usedBytes() + bytes <= this.shape.capacityBytes;
  }

  /** Makes a block the most recent. */
  protected touch(found: TierBlock): void {
    this.remove(found.block);
    this.blocks = [...this.blocks, found];
  }

  protected remove(block: number): void {
    this.blocks = this.blocks.filter((one) => one.block !== block);
  }

  protected find(block: number): TierBlock | undefined {
    return this.blocks.find((one) => one.block === block);
  }
}
