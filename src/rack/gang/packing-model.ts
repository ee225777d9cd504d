import { ascending, byEach, type Compare } from "#base";
import { type GangGroups, type GangShape, type GangWish, groupSizes } from "./contract.ts";

/** `count` whole numbers from `first` on. */
const span = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index);

/** Whether `count` GPUs from `first` on are all free. */
const isFree = (free: ReadonlySet<number>, first: number, count: number): boolean => {
  for (let gpu = first; gpu < first + count; gpu += 1) if (!free.has(gpu)) return false;
  return true;
};

/** The item that stands before all others; nothing when there are none. */
const first = <Item>(items: readonly Item[], prefer: Compare<Item>): Item | undefined =>
  items.reduce<Item | undefined>(
    (best, item) => (best === undefined || prefer(item, best) < 0 ? item : best),
    undefined,
  );

/**
 * Where groups go, obviously right: every aligned slot is looked at, and the first by preference is taken. Its protected steps are
 * where it can be broken, one at a time.
 */
export class PackingModel {
  readonly shape: GangShape;

  constructor(shape: GangShape) {
    this.shape = shape;
  }

  /** The GPUs of each group, or nothing when they do not all fit among the free ones as wished. */
  pack(
    free: ReadonlySet<number>,
    groups: readonly number[],
    wishes: readonly GangWish[],
  ): GangGroups | undefined {
    const domains = this.domains().filter((domain) =>
      wishes.every((wish) => typeof wish === "string" || this.domainOf(wish.near) === domain),
    );
    if (!wishes.includes("same-domain")) return this.fill(free, groups, domains, wishes);
    const tried = domains.flatMap((domain) => {
      const placed = this.fill(free, groups, [domain], wishes);
      return placed === undefined ? [] : [{ domain, placed }];
    });
    const best = first(
      tried,
      byEach(
        ascending(({ domain }) => (this.isWhole(free, domain) ? 1 : 0)),
        ascending(({ placed }) => this.loss(free, placed)),
        ascending(({ domain }) => domain),
      ),
    );
    return best?.placed;
  }

  /** Places the groups one by one, the largest first, without looking back. */
  protected fill(
    free: ReadonlySet<number>,
    groups: readonly number[],
    domains: readonly number[],
    wishes: readonly GangWish[],
  ): GangGroups | undefined {
    const left = new Set(free);
    const placed: (readonly number[])[] = groups.map(() => []);
    const open = new Set(domains);
    for (const index of this.order(groups)) {
      const slots = this.slots(groups[index] as number).filter(
        (slot) => slot.every((gpu) => left.has(gpu)) && open.has(this.domainOf(slot[0] as number)),
      );
      const slot = first(slots, this.preference(left, wishes));
      if (slot === undefined) return undefined;
      placed[index] = slot;
      for (const gpu of slot) left.delete(gpu);
      if (wishes.includes("different-domains")) open.delete(this.domainOf(slot[0] as number));
    }
    return placed;
  }

  /** The groups in the order in which they are placed, as indices. */
  protected order(groups: readonly number[]): readonly number[] {
    return [...groups.keys()].toSorted(
      byEach(
        ascending((index) => -(groups[index] as number)),
        ascending((index) => index),
      ),
    );
  }

  /** Which of two slots is the better place. */
  protected preference(
    free: ReadonlySet<number>,
    wishes: readonly GangWish[],
  ): Compare<readonly number[]> {
    const nears = wishes.flatMap((wish) => (typeof wish === "string" ? [] : wish.near));
    return byEach(
      ...nears.map((near) => ascending((slot: readonly number[]) => this.farthest(slot, near))),
      ascending((slot) => (this.isWhole(free, this.domainOf(slot[0] as number)) ? 1 : 0)),
      ascending((slot) => this.runSize(free, slot)),
      ascending((slot) => slot[0] as number),
    );
  }

  /** Every place that a group of this size could have in an empty rack, by number. */
  protected slots(size: number): readonly (readonly number[])[] {
    return span(0, this.shape.gpus / size).map((slot) => span(slot * size, size));
  }

  /** The size of the run that a free slot is part of. */
  protected runSize(free: ReadonlySet<number>, slot: readonly number[]): number {
    const start = slot[0] as number;
    const sizes = groupSizes(this.shape).filter(
      (size) => size >= slot.length && isFree(free, start - (start % size), size),
    );
    return sizes.at(-1) ?? slot.length;
  }

  /** How much the runs suffer: one of a larger size outweighs any number of smaller ones. */
  protected loss(free: ReadonlySet<number>, placed: GangGroups): number {
    const taken = new Set(placed.flat());
    const left = new Set([...free].filter((gpu) => !taken.has(gpu)));
    return this.worth(free) - this.worth(left);
  }

  protected isWhole(free: ReadonlySet<number>, domain: number): boolean {
    const { gpusPerDomain } = this.shape;
    return isFree(free, domain * gpusPerDomain, gpusPerDomain);
  }

  protected domainOf(gpu: number): number {
    return Math.floor(gpu / this.shape.gpusPerDomain);
  }

  protected domains(): readonly number[] {
    return span(0, this.shape.gpus / this.shape.gpusPerDomain);
  }

  /** How far the farthest GPU of a slot is from one: 0 itself, 1 its superchip, 2 beyond. */
  protected farthest(slot: readonly number[], near: number): number {
    const superchip = (gpu: number): number => Math.floor(gpu / this.shape.gpusPerSuperchip);
    const far = (gpu: number): number =>
      gpu === near ? 0 : superchip(gpu) === superchip(near) ? 1 : 2;
    return Math.max(...slot.map(far));
  }

  private worth(free: ReadonlySet<number>): number {
    const digit = this.shape.gpusPerDomain + 1;
    let sum = 0;
    for (const gpu of free) {
      const run = this.runSize(free, [gpu]);
      if (gpu % run === 0) sum += digit ** Math.log2(run);
    }
    return sum;
  }
}
