/** Gangs that go wrong about what is required and what is preferred. */
import { type GangGroups, type GangRequest, GangsModel, type GangWish } from "#rack";
import { broken } from "./subjects.ts";

type Slot = readonly number[];
type Free = ReadonlySet<number>;

const without = (free: Free, groups: GangGroups): Free => {
  const taken = new Set(groups.flat());
  return new Set([...free].filter((gpu) => !taken.has(gpu)));
};

export const WISH_MUTANTS = {
  "weakens a required topology when a gang spans several groups": broken(
    class extends GangsModel {
      override pack(free: Free, groups: readonly number[], wishes: readonly GangWish[]) {
        return super.pack(free, groups, groups.length > 1 ? [] : wishes);
      }
    },
  ),

  "keeps to a required topology for two groups, and lets the third lie anywhere": broken(
    class extends GangsModel {
      override pack(free: Free, groups: readonly number[], wishes: readonly GangWish[]) {
        const two = super.pack(free, groups.slice(0, 2), wishes);
        const rest = two && super.pack(without(free, two), groups.slice(2), []);
        return rest && [...two, ...rest];
      }
    },
  ),

  "takes near for a hint, though it is required": broken(
    class extends GangsModel {
      override pack(free: Free, groups: readonly number[], wishes: readonly GangWish[]) {
        return (
          super.pack(free, groups, wishes) ??
          super.pack(
            free,
            groups,
            wishes.filter((wish) => typeof wish === "string"),
          )
        );
      }
    },
  ),

  "weakens a required topology rather than refuse": broken(
    class extends GangsModel {
      override pack(free: Free, groups: readonly number[], wishes: readonly GangWish[]) {
        return super.pack(free, groups, wishes) ?? super.pack(free, groups, []);
      }
    },
  ),

  "never says that it gave a preference up": broken(
    class extends GangsModel {
      override place(request: GangRequest): ReturnType<GangsModel["place"]> {
        const reply = super.place(request);
        return reply.kind === "placed" ? { ...reply, weakened: false } : reply;
      }
    },
  ),

  "gives a preference up without trying": broken(
    class extends GangsModel {
      protected override settle(...[free, groups, topology]: Parameters<GangsModel["settle"]>) {
        const settled = super.settle(free, groups, { required: topology.required });
        return settled && { ...settled, weakened: topology.preferred !== undefined };
      }
    },
  ),

  "says that a preference is given up when the GPU's superchip is full": broken(
    class extends GangsModel {
      override place(request: GangRequest): ReturnType<GangsModel["place"]> {
        const reply = super.place(request);
        const wish = request.topology?.preferred;
        if (reply.kind !== "placed" || typeof wish !== "object") return reply;
        const isFar = reply.groups.some((group) => this.farthest(group, wish.near) > 1);
        return { ...reply, weakened: isFar };
      }
    },
  ),

  "goes to the far end of the domain that it is to be near in": broken(
    class extends GangsModel {
      protected override farthest(slot: Slot, near: number): number {
        return -super.farthest(slot, near);
      }
    },
  ),

  "puts what is preferred above what is required": broken(
    class extends GangsModel {
      protected override settle(...[free, groups, topology]: Parameters<GangsModel["settle"]>) {
        const { required, preferred } = topology;
        if (required === undefined || preferred === undefined) {
          return super.settle(free, groups, topology);
        }
        return super.settle(free, groups, { required: preferred, preferred: required });
      }
    },
  ),
} as const;
