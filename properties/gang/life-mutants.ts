/** Gangs that go wrong about who has which GPU. Those marked "document" are what the document's own scheduler does. */
import { type GangGroups, type GangRequest, GangsModel, type GangWish } from "#rack";
import { broken } from "./subjects.ts";

type Release = ReturnType<GangsModel["release"]>;
type Place = ReturnType<GangsModel["place"]>;
type Take = Parameters<GangsModel["take"]>;
type Gang = Parameters<GangsModel["end"]>[0];
type Why = Parameters<GangsModel["end"]>[1];

/** Gangs that can lose GPUs for good. */
class LeakyGangs extends GangsModel {
  protected readonly leaked = new Set<number>();
  protected override freeWithout(gone: readonly Gang[]): ReadonlySet<number> {
    return new Set([...super.freeWithout(gone)].filter((gpu) => !this.leaked.has(gpu)));
  }
  protected leak(groups: GangGroups): void {
    for (const gpu of groups.flat()) this.leaked.add(gpu);
  }
}

export const LIFE_MUTANTS = {
  "never frees: a bump pointer (document)": broken(
    class extends LeakyGangs {
      protected override end(gang: Gang, why: Why): void {
        super.end(gang, why);
        this.leak(gang.groups);
      }
    },
  ),

  "frees only the first group": broken(
    class extends LeakyGangs {
      protected override end(gang: Gang, why: Why): void {
        super.end(gang, why);
        this.leak(gang.groups.slice(1));
      }
    },
  ),

  "leaks what a preempted gang had and the newcomer does not need": broken(
    class extends LeakyGangs {
      protected override take(
        ...[request, settled, victims]: Take
      ): ReturnType<GangsModel["take"]> {
        const reply = super.take(request, settled, victims);
        const taken = new Set(settled.groups.flat());
        const left = victims
          .flatMap(({ groups }) => groups.flat())
          .filter((gpu) => !taken.has(gpu));
        this.leak([left]);
        return reply;
      }
    },
  ),

  "keeps the groups that fit when one does not": broken(
    class extends LeakyGangs {
      override place(request: GangRequest): Place {
        const reply = super.place(request);
        if (reply.kind === "refused" && reply.because === "no-room") {
          this.leak(this.pack(this.free(), request.groups.slice(0, 1), []) ?? []);
        }
        return reply;
      }
    },
  ),

  "keeps what it tried when asked whether it fits": broken(
    class extends LeakyGangs {
      override fits(groups: readonly number[], required?: GangWish): boolean {
        const fits = super.fits(groups, required);
        if (fits) this.leak(this.pack(this.free(), groups, []) ?? []);
        return fits;
      }
    },
  ),

  "frees on a second release what somebody else has by then": broken(
    class extends GangsModel {
      readonly #past = new Map<number, GangGroups>();
      readonly #phantom = new Set<number>();
      override release(owner: number): Release {
        const groups = this.groupsOf(owner);
        const reply = super.release(owner);
        if (reply.kind === "released") this.#past.set(owner, groups);
        else if (this.#past.has(owner)) {
          for (const gpu of this.#past.get(owner)?.flat() ?? []) this.#phantom.add(gpu);
          return { kind: "released" };
        }
        return reply;
      }
      protected override freeWithout(gone: readonly Gang[]): ReadonlySet<number> {
        const free = super.freeWithout(gone);
        return new Set(
          Array.from({ length: this.shape.gpus }, (_, gpu) => gpu).filter(
            (gpu) => free.has(gpu) || this.#phantom.has(gpu),
          ),
        );
      }
    },
  ),

  "says released to whoever asks": broken(
    class extends GangsModel {
      override release(owner: number): Release {
        super.release(owner);
        return { kind: "released" };
      }
    },
  ),

  "releases the oldest gang for a stranger": broken(
    class extends GangsModel {
      override release(owner: number): Release {
        const [oldest = owner] = this.gangs.keys();
        return super.release(this.gangs.has(owner) ? owner : oldest);
      }
    },
  ),

  "keeps no owners: the second gang of one overwrites the first (document)": broken(
    class extends LeakyGangs {
      protected override fault(request: GangRequest): ReturnType<GangsModel["fault"]> {
        const before = this.gangs.get(request.owner);
        const fault = super.fault({ ...request, owner: -1 });
        if (fault === undefined && before !== undefined) this.leak(before.groups);
        return fault;
      }
    },
  ),

  "takes a group of any size": broken(
    class extends GangsModel {
      protected override fault(request: GangRequest): ReturnType<GangsModel["fault"]> {
        const fault = super.fault(request);
        return fault === "bad-group" && request.groups.every((size) => size > 0 && size < 9)
          ? undefined
          : fault;
      }
    },
  ),

  "counts free GPUs when asked whether it fits": broken(
    class extends GangsModel {
      override fits(groups: readonly number[]): boolean {
        const wanted = groups.reduce((sum, size) => sum + size, 0);
        return groups.length > 0 && wanted <= this.free().size;
      }
    },
  ),

  "forgets what is required when asked whether it fits": broken(
    class extends GangsModel {
      override fits(groups: readonly number[]): boolean {
        return super.fits(groups);
      }
    },
  ),
} as const;
