/** Fabrics that get a flow's share, latency or size wrong. */
import { type Fabric, type FabricFlow, FabricModel, type ModelFlow } from "#rack";

const least = (left: bigint, right: bigint): bigint => (left < right ? left : right);

class PaysLatencyTwice extends FabricModel {
  protected override latencyNs(start: FabricFlow): number {
    return 2 * super.latencyNs(start);
  }
}

class CountsSwitches extends FabricModel {
  protected override latencyNs(start: FabricFlow): number {
    return super.latencyNs(start) - 500;
  }
}

class OneGpu extends FabricModel {
  protected override units(start: FabricFlow): number {
    return super.units({ ...start, shards: 1 });
  }
}

class ShortShard extends FabricModel {
  protected override units(start: FabricFlow): number {
    const { bytes, shards } = start;
    const even = bytes - (bytes % shards);
    return even === 0 ? super.units(start) : super.units({ ...start, bytes: even });
  }
}

class NothingIsSomething extends FabricModel {
  protected override isNothing(): boolean {
    return false;
  }
}

/** Passages that are taken out, or that each flow has for itself. */
const other =
  (change: (name: string, start: FabricFlow) => string | undefined) =>
  (
    start: FabricFlow,
    own: readonly (readonly [string, bigint])[],
  ): readonly (readonly [string, bigint])[] =>
    own.flatMap(([name, perNano]) => {
      const changed = change(name, start);
      return changed === undefined ? [] : [[changed, perNano] as const];
    });

const through = (change: (name: string, start: FabricFlow) => string | undefined) =>
  class extends FabricModel {
    protected override throughs(start: FabricFlow) {
      return other(change)(start, super.throughs(start));
    }
  };

const isLink = (name: string): boolean => name.includes(" from ");

class FirstComeFirst extends FabricModel {
  protected override shares(): ReadonlyMap<ModelFlow, bigint> {
    const left = new Map<string, bigint>();
    const shares = new Map<ModelFlow, bigint>();
    for (const one of this.underway.filter((flow) => this.isFlowing(flow))) {
      const uses = this.throughs(one.start);
      const most = uses
        .map(([name, perNano]) => left.get(name) ?? perNano)
        .reduce((low, next) => least(low, next));
      const share = most < 1n ? 1n : most;
      shares.set(one, share);
      for (const [name, perNano] of uses) left.set(name, (left.get(name) ?? perNano) - share);
    }
    return shares;
  }
}

class EqualParts extends FabricModel {
  protected override shares(): ReadonlyMap<ModelFlow, bigint> {
    const flowing = this.underway.filter((one) => this.isFlowing(one));
    const users = (name: string): bigint =>
      BigInt(
        flowing.filter(({ start }) => this.throughs(start).some(([own]) => own === name)).length,
      );
    return new Map(
      flowing.map((one) => [
        one,
        this.throughs(one.start)
          .map(([name, perNano]) => perNano / users(name))
          .reduce((low, next) => least(low, next)),
      ]),
    );
  }
}

/** Remembers each flow's share from before, and lets it be told what to make of that. */
const remembering = (keep: (before: bigint, now: bigint) => bigint) =>
  class extends FabricModel {
    readonly #before = new Map<number, bigint>();
    protected override shares(): ReadonlyMap<ModelFlow, bigint> {
      const shares = new Map<ModelFlow, bigint>();
      for (const [one, now] of super.shares()) {
        const kept = keep(this.#before.get(one.start.flow) ?? now, now);
        this.#before.set(one.start.flow, kept);
        shares.set(one, kept);
      }
      return shares;
    }
  };

class WaitersTakeShares extends FabricModel {
  #isSharing = false;
  protected override isFlowing(one: ModelFlow): boolean {
    return this.#isSharing || super.isFlowing(one);
  }
  protected override shares(): ReadonlyMap<ModelFlow, bigint> {
    this.#isSharing = true;
    const all = super.shares();
    this.#isSharing = false;
    return new Map([...all].filter(([one]) => this.isFlowing(one)));
  }
}

class AllBeginWithTheFirst extends FabricModel {
  protected override isFlowing(): boolean {
    return this.underway.some((one) => super.isFlowing(one));
  }
}

class TimePassesTwice extends FabricModel {
  override begin(start: FabricFlow, nowNs: number): ReturnType<Fabric["begin"]> {
    const spanNs = BigInt(nowNs - this.clockNs);
    const shares = this.shares();
    const answer = super.begin(start, nowNs);
    for (const [{ start: one }, share] of shares) {
      this.underway = this.underway.map((other) =>
        other.start.flow === one.flow
          ? { ...other, left: other.left - least(other.left, share * spanNs) }
          : other,
      );
    }
    return answer;
  }
}

/** By what they do wrong. */
export const SHARING = {
  "pays the latency twice": PaysLatencyTwice,
  "counts switches for hops": CountsSwitches,
  "sends all shards through one GPU": OneGpu,
  "leaves out the last bytes of uneven shards": ShortShard,
  "begins a flow of nothing": NothingIsSomething,
  "ignores ingresses": through((name) => (name.startsWith("to ") ? undefined : name)),
  "has an egress for each flow": through((name, { flow }) =>
    name.startsWith("from ") ? `${name} ${flow}` : name,
  ),
  "has a link for each flow": through((name, { flow }) =>
    isLink(name) ? `${name} ${flow}` : name,
  ),
  "takes every link to be as wide as a GPU's own": through((name) =>
    isLink(name) ? undefined : name,
  ),
  "has one egress for all": through((name) => (name.startsWith("from ") ? "from all" : name)),
  "has one link for a distance": through((name) =>
    isLink(name) ? (name.split(" ")[0] as string) : name,
  ),
  "serves first who comes first": FirstComeFirst,
  "gives each an equal part and leaves the rest": EqualParts,
  "leaves shares as they were when one ends": remembering(least),
  "leaves shares as they were when one begins": remembering((before, now) =>
    before > now ? before : now,
  ),
  "lets flows take shares before their first byte": WaitersTakeShares,
  "lets all begin with the first of them": AllBeginWithTheFirst,
  "lets time pass twice when one begins": TimePassesTwice,
} as const;
