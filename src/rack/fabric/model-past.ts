import {
  type FabricAudit,
  type FabricFlow,
  type FabricLedger,
  WAYS,
  type Way,
  wayOf,
} from "./contract.ts";
import { UNITS_PER_BYTE } from "./units.ts";

/** A flow of the model: what a shard of it has to move, and has yet to. */
export type ModelFlow = {
  readonly start: FabricFlow;
  readonly firstByteNs: number;
  readonly units: bigint;
  readonly left: bigint;
};

/** What a flow moved in a window, and what it went through: by name, the units a nanosecond that it carries. */
type Passing = {
  readonly moved: bigint;
  readonly throughs: readonly (readonly [name: string, perNano: bigint])[];
};

type Window = { readonly spanNs: number; readonly passing: readonly Passing[] };
type Over = { readonly flow: ModelFlow; readonly isCut: boolean };

/** Everything that there has been: all windows and all flows that are over, in lists, from which every figure is added up when it is asked for. */
export class ModelPast {
  private windows: readonly Window[] = [];
  private over: readonly Over[] = [];

  /** Keeps what flowed in a span without changes; a span of no time, or in which nothing flowed, is no window. */
  pass(spanNs: number, passing: readonly Passing[]): void {
    if (spanNs > 0 && passing.length > 0) this.windows = [...this.windows, { spanNs, passing }];
  }

  /** Keeps a flow that is over. */
  end(flow: ModelFlow, isCut: boolean): void {
    this.over = [...this.over, { flow, isCut }];
  }

  /** What was moved over each way, and whose egress was busy for the longest. */
  ledger(gpus: number): FabricLedger {
    const byWay = (isIt: (one: Over) => boolean): Record<Way, number> => {
      const sum = (way: Way): number =>
        this.over
          .filter((one) => isIt(one) && wayOf(one.flow.start) === way)
          .reduce((all, one) => all + movedOf(one), 0);
      return Object.fromEntries(WAYS.map((way) => [way, sum(way)])) as Record<Way, number>;
    };
    let busiest = { worker: -1, ns: 0 };
    for (let worker = 0; worker < gpus; worker += 1) {
      const sent = this.windows.filter(
        ({ passing }) => users(passing, `from ${worker}`).length > 0,
      );
      const ns = sent.reduce((sum, { spanNs }) => sum + spanNs, 0);
      if (ns > busiest.ns) busiest = { worker, ns };
    }
    return { moved: byWay(() => true), cut: byWay(({ isCut }) => isCut), busiest };
  }

  /** By how much anything ever carried more than rate × time. */
  audit(): FabricAudit {
    const excesses = this.windows.flatMap(({ spanNs, passing }) =>
      passing.flatMap(({ throughs }) =>
        throughs.map(([name, perNano]) => {
          const through = users(passing, name).reduce((sum, { moved }) => sum + moved, 0n);
          return Number(through - perNano * BigInt(spanNs));
        }),
      ),
    );
    const shared = this.windows.filter(({ passing }) =>
      passing.some(({ throughs }) => throughs.some(([name]) => users(passing, name).length > 1)),
    );
    return {
      windows: this.windows.length,
      sharedWindows: shared.length,
      excessBytes: Math.max(0, ...excesses) / UNITS_PER_BYTE,
    };
  }
}

const users = (passing: readonly Passing[], name: string): readonly Passing[] =>
  passing.filter(({ throughs }) => throughs.some(([other]) => other === name));

/** The bytes that arrived: all, or of a flow that was cut the whole bytes of each shard. */
const movedOf = ({ flow, isCut }: Over): number => {
  const { bytes, shards } = flow.start;
  const arrived = Number((flow.units - flow.left) / BigInt(UNITS_PER_BYTE)) * shards;
  return isCut ? Math.min(bytes, arrived) : bytes;
};
