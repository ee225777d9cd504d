/** Gangs that go wrong about where groups go. Those marked "document" are what the document's own scheduler does. */
import { ascending, byEach, type Compare, descending } from "#base";
import { type GangGroups, type GangRequest, GangsModel, type GangWish } from "#rack";
import { broken } from "./subjects.ts";

type Slot = readonly number[];
type Free = ReadonlySet<number>;

/** Gangs that judge two slots in a way of their own. */
const preferring = (
  prefer: (free: Free, domainOf: (slot: Slot) => number, perDomain: number) => Compare<Slot>,
) =>
  broken(
    class extends GangsModel {
      protected override preference(free: Free): Compare<Slot> {
        const domainOf = (slot: Slot): number => this.domainOf(slot[0] ?? 0);
        return byEach(
          prefer(free, domainOf, this.shape.gpusPerDomain),
          ascending((slot) => slot[0] ?? 0),
        );
      }
    },
  );

/** Every window of `size` GPUs that begins in `from … end − 1`. */
const windows = (from: number, end: number, size: number): readonly Slot[] =>
  Array.from({ length: Math.max(0, end - from - size + 1) }, (_, first) =>
    Array.from({ length: size }, (_, shard) => from + first + shard),
  );

export const PLACING_MUTANTS = {
  "takes the domain with the most free GPUs (document)": preferring((free, domainOf) =>
    descending((slot) => [...free].filter((gpu) => domainOf([gpu]) === domainOf(slot)).length),
  ),

  "takes the lowest slot": preferring(() => () => 0),

  "takes the highest slot": preferring(() => descending((slot) => slot[0] ?? 0)),

  "opens a whole domain first": broken(
    class extends GangsModel {
      protected override isWhole(free: Free, domain: number): boolean {
        return !super.isWhole(free, domain);
      }
    },
  ),

  "takes the first domain that holds all groups": broken(
    class extends GangsModel {
      protected override loss(): number {
        return 0;
      }
    },
  ),

  "does not care for whole domains": broken(
    class extends GangsModel {
      protected override preference(free: Free): Compare<Slot> {
        return byEach(
          ascending((slot) => this.runSize(free, slot)),
          ascending((slot) => slot[0] ?? 0),
        );
      }
    },
  ),

  "breaks the largest run": broken(
    class extends GangsModel {
      protected override runSize(free: Free, slot: Slot): number {
        return 9 - super.runSize(free, slot);
      }
    },
  ),

  "ignores alignment (document)": broken(
    class extends GangsModel {
      protected override slots(size: number): readonly Slot[] {
        const { gpusPerDomain } = this.shape;
        return this.domains().flatMap((domain) =>
          windows(domain * gpusPerDomain, (domain + 1) * gpusPerDomain, size),
        );
      }
    },
  ),

  "lets a group span two domains": broken(
    class extends GangsModel {
      protected override slots(size: number): readonly Slot[] {
        return windows(0, this.shape.gpus, size);
      }
    },
  ),

  "never uses the last slot of the rack": broken(
    class extends GangsModel {
      protected override slots(size: number): readonly Slot[] {
        return super.slots(size).slice(0, -1);
      }
    },
  ),

  "begins to look where it looked last, be it for a question": broken(
    class extends GangsModel {
      #cursor = 0;
      override pack(free: Free, groups: readonly number[], wishes: readonly GangWish[]) {
        const placed = super.pack(free, groups, wishes);
        this.#cursor = placed?.[0]?.at(-1) ?? this.#cursor;
        return placed;
      }
      protected override preference(): Compare<Slot> {
        const { gpus } = this.shape;
        return ascending((slot) => ((slot[0] ?? 0) - this.#cursor + gpus) % gpus);
      }
    },
  ),

  "places groups in the order of the request": broken(
    class extends GangsModel {
      protected override order(groups: readonly number[]): readonly number[] {
        return [...groups.keys()];
      }
    },
  ),

  "places the smallest groups first": broken(
    class extends GangsModel {
      protected override order(groups: readonly number[]): readonly number[] {
        return super.order(groups).toReversed();
      }
    },
  ),

  "answers the largest group first": broken(
    class extends GangsModel {
      override place(request: GangRequest): ReturnType<GangsModel["place"]> {
        return super.place({
          ...request,
          groups: request.groups.toSorted((left, right) => right - left),
        });
      }
    },
  ),

  "gives every group as many GPUs as the first": broken(
    class extends GangsModel {
      override place(request: GangRequest): ReturnType<GangsModel["place"]> {
        const [size = 1] = request.groups;
        return super.place({ ...request, groups: request.groups.map(() => size) });
      }
    },
  ),

  "looks into one domain only, the one with the most free GPUs (document)": broken(
    class extends GangsModel {
      protected override fill(
        free: Free,
        groups: readonly number[],
        domains: readonly number[],
        wishes: readonly GangWish[],
      ): GangGroups | undefined {
        const freeIn = (domain: number): number =>
          [...free].filter((gpu) => this.domainOf(gpu) === domain).length;
        const fullest = domains.toSorted(
          byEach(
            descending(freeIn),
            ascending((domain) => domain),
          ),
        );
        return super.fill(free, groups, fullest.slice(0, 1), wishes);
      }
    },
  ),
} as const;
