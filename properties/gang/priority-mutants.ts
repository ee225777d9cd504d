/** Gangs that go wrong about who makes room for whom, and about who is told. */
import { ascending, byEach, descending } from "#base";
import { type GangEvents, type GangRequest, type GangShape, GangsModel } from "#rack";
import { broken } from "./subjects.ts";

type Place = ReturnType<GangsModel["place"]>;
type Gang = Parameters<GangsModel["end"]>[0];
type Victims = Parameters<GangsModel["victims"]>;
type Take = Parameters<GangsModel["take"]>;

/** Ends gangs in some order until the newcomer fits, and spares nobody afterwards. */
class OneByOne extends GangsModel {
  protected order_ = ascending<Gang>((gang) => gang.age);
  protected override victims(...[groups, required, below]: Victims): readonly Gang[] {
    const queue = below.toSorted(this.order_);
    const wishes = required === undefined ? [] : [required];
    const enough = queue.findIndex(
      (_, index) =>
        this.pack(this.freeWithout(queue.slice(0, index + 1)), groups, wishes) !== undefined,
    );
    return queue.slice(0, enough + 1);
  }
}

export const PRIORITY_MUTANTS = {
  "preempts equals": broken(
    class extends GangsModel {
      protected override below(priority: number): readonly Gang[] {
        return super.below(priority + 1);
      }
    },
  ),

  "preempts anybody": broken(
    class extends GangsModel {
      protected override below(): readonly Gang[] {
        return [...this.gangs.values()];
      }
    },
  ),

  "never preempts": broken(
    class extends GangsModel {
      protected override below(): readonly Gang[] {
        return [];
      }
    },
  ),

  "gives up when the youngest gang below makes no room by itself": broken(
    class extends GangsModel {
      protected override below(priority: number): readonly Gang[] {
        return super.below(priority).slice(-1);
      }
    },
  ),

  "preempts everybody below": broken(
    class extends GangsModel {
      protected override victims(...[, , below]: Victims): readonly Gang[] {
        return below;
      }
    },
  ),

  "preempts the oldest first, and spares nobody": broken(OneByOne),

  "preempts the lowest first, and spares nobody": broken(
    class extends OneByOne {
      protected override readonly order_ = byEach<Gang>(
        ascending((gang) => gang.priority),
        descending((gang) => gang.age),
      );
    },
  ),

  "preempts the highest below it first": broken(
    class extends GangsModel {
      protected override victims(...[groups, required, below]: Victims): readonly Gang[] {
        const upside = below.map((gang) => ({ ...gang, priority: -gang.priority }));
        const chosen = super.victims(groups, required, upside).map(({ owner }) => owner);
        return below.filter(({ owner }) => chosen.includes(owner));
      }
    },
  ),

  "preempts the oldest among equals": broken(
    class extends GangsModel {
      protected override victims(...[groups, required, below]: Victims): readonly Gang[] {
        const younger = below.map((gang) => ({ ...gang, age: -gang.age }));
        const chosen = super.victims(groups, required, younger).map(({ owner }) => owner);
        return below.filter(({ owner }) => chosen.includes(owner));
      }
    },
  ),

  "preempts half a gang": broken(
    class extends GangsModel {
      protected override take(
        ...[request, settled, victims]: Take
      ): ReturnType<GangsModel["take"]> {
        const reply = super.take(request, settled, victims);
        const taken = new Set(settled.groups.flat());
        for (const gang of victims) {
          const groups = gang.groups.filter((group) => !group.some((gpu) => taken.has(gpu)));
          if (groups.length > 0) this.gangs.set(gang.owner, { ...gang, groups });
        }
        return reply;
      }
    },
  ),

  "preempts before it knows whether that helps": broken(
    class extends GangsModel {
      override place(request: GangRequest): Place {
        const [gang] = this.below(request.priority ?? 0);
        const reply = super.place(request);
        if (gang && reply.kind === "refused" && reply.because === "no-room") {
          this.end(gang, "preempted");
        }
        return reply;
      }
    },
  ),

  "preempts for a preference": broken(
    class extends GangsModel {
      protected override take(
        ...[request, settled, victims]: Take
      ): ReturnType<GangsModel["take"]> {
        const more = settled.weakened ? this.below(request.priority ?? 0) : victims;
        return super.take(request, settled, more);
      }
    },
  ),

  "does not say whom it preempted": broken(
    class extends GangsModel {
      protected override take(...given: Take): ReturnType<GangsModel["take"]> {
        return { ...super.take(...given), preempted: [] };
      }
    },
  ),

  "blames the topology for want of room": broken(
    class extends GangsModel {
      override place(request: GangRequest): Place {
        const reply = super.place(request);
        const isRequired = request.topology?.required !== undefined;
        return reply.kind === "refused" && reply.because === "no-room" && isRequired
          ? { kind: "refused", because: "topology" }
          : reply;
      }
    },
  ),

  "exceeds the budget for an instant: places before it ends": broken(
    class extends GangsModel {
      constructor(shape: GangShape, events?: GangEvents) {
        let late: (() => void)[] = [];
        super(shape, {
          ended(owner, why) {
            if (why === "preempted") late.push(() => events?.ended(owner, why));
            else events?.ended(owner, why);
          },
          placed(owner, groups) {
            events?.placed(owner, groups);
            for (const tell of late) tell();
            late = [];
          },
        });
      }
    },
  ),

  "tells nobody of the gangs that a loss ends": broken(
    class extends GangsModel {
      constructor(shape: GangShape, events?: GangEvents) {
        super(shape, {
          ended: (owner, why) => void (why === "lost" || events?.ended(owner, why)),
          placed: (owner, groups) => events?.placed(owner, groups),
        });
      }
    },
  ),

  "announces a gang before it knows that it fits": broken(
    class extends GangsModel {
      override place(request: GangRequest): Place {
        const reply = super.place(request);
        if (reply.kind === "refused" && reply.because === "no-room") {
          this.events.placed(request.owner, []);
        }
        return reply;
      }
    },
  ),
} as const;
