/** Planes that go wrong, each the model with one of its steps changed. Those marked "real" are mistakes of systems in use. */
import { type Announced, PlaneModel, type UnderWay } from "#rack";
import { planeOf } from "./subjects.ts";

const MUTANTS = {
  /** Real. */
  "lets the directory see a block before it was published": planeOf(
    class extends PlaneModel {
      protected override dueNs(event: Announced): number {
        return event.kind === "stored" ? this.nowNs : super.dueNs(event);
      }
    },
  ),

  "delivers a nanosecond late": planeOf(
    class extends PlaneModel {
      protected override dueNs(event: Announced): number {
        const dueNs = super.dueNs(event);
        return dueNs > this.nowNs ? dueNs + 1 : dueNs;
      }
    },
  ),

  "lets a later event overtake a delayed one": planeOf(
    class extends PlaneModel {
      protected override dueNs(event: Announced): number {
        const { underWay } = this;
        this.underWay = [];
        const dueNs = super.dueNs(event);
        this.underWay = underWay;
        return dueNs;
      }
    },
  ),

  /** Real: replay goes past the last clear. */
  "hears what came before a clear after it": planeOf(
    class extends PlaneModel {
      protected override announce(event: Announced): void {
        super.announce(event);
        if (event.kind !== "cleared") return;
        this.underWay = this.underWay.map((sent) =>
          sent.place === event.place && sent.kind !== "cleared"
            ? { ...sent, dueNs: sent.dueNs + 1, id: this.nextId(sent.place) }
            : sent,
        );
      }
    },
  ),

  "delivers what a gone place had under way": planeOf(
    class extends PlaneModel {
      override reset(place: number): void {
        const { underWay } = this;
        super.reset(place);
        this.underWay = underWay;
      }
    },
  ),

  /** Real: recovery with synthetic ids moves the cursor back. */
  "numbers a snapshot from 0": planeOf(
    class extends PlaneModel {
      override resync(place: number, names: Uint32Array, count: number): void {
        this.nextIds[place] = 0;
        super.resync(place, names, count);
      }
    },
  ),

  "numbers a snapshot from 0, and goes on where it was": planeOf(
    class extends PlaneModel {
      override resync(place: number, names: Uint32Array, count: number): void {
        const nextId = this.nextIds[place] ?? 0;
        this.nextIds[place] = 0;
        super.resync(place, names, count);
        this.nextIds[place] = Math.max(nextId, this.nextIds[place] ?? 0);
      }
    },
  ),

  /** Real: a re-registered worker keeps its old watermark. */
  "numbers a place that comes back from 0, and keeps its watermark": planeOf(
    class extends PlaneModel {
      override reset(place: number): void {
        const held = Uint32Array.from(this.heard[place] ?? []);
        this.forget(place);
        this.said[place]?.clear();
        const last = this.nextIds[place] ?? 0;
        if (held.length > 0) this.listener.removedRun(place, 0, held, held.length, last);
        this.nextIds[place] = 0;
      }
    },
  ),

  "loses events without a gap": planeOf(
    class extends PlaneModel {
      protected override announce(event: Announced): void {
        const [before, losses] = [this.nextIds[event.place] ?? 0, this.losses[event.place]];
        super.announce(event);
        if (this.losses[event.place] !== losses) this.nextIds[event.place] = before;
      }
    },
  ),

  "delivers what was under way after a snapshot, under new ids": planeOf(
    class extends PlaneModel {
      override resync(place: number, names: Uint32Array, count: number): void {
        const mine = this.underWay.filter((event) => event.place === place);
        super.resync(place, names, count);
        const again = mine.map((event) => ({ ...event, id: this.nextId(place) }));
        this.underWay = [...this.underWay, ...again];
      }
    },
  ),

  "adds a snapshot to what was listed": planeOf(
    class extends PlaneModel {
      override resync(place: number, names: Uint32Array, count: number): void {
        const wrong = [...(this.heard[place] ?? [])];
        super.resync(place, names, count);
        for (const block of wrong) {
          this.listener.storedRun(place, 0, Uint32Array.of(block), 1, this.nextId(place));
        }
      }
    },
  ),

  "forgets a fault that another follows": planeOf(
    class extends PlaneModel {
      protected override inForce(place: number): PlaneModel["faults"] {
        return super.inForce(place).slice(-1);
      }
    },
  ),

  "gives an event that comes twice a new id each time": planeOf(
    class extends PlaneModel {
      protected override deliver(event: UnderWay): void {
        super.deliver({ ...event, copies: 1 });
        if (event.copies > 1) {
          super.deliver({ ...event, copies: 1, kind: "stored", id: this.nextId(event.place) });
        }
      }
    },
  ),

  /** Real: a duplicate is counted. */
  "counts an event that comes twice as two under way": planeOf(
    class extends PlaneModel {
      override lag(place: number): number {
        const doubled = this.underWay.filter((event) => event.place === place && event.copies > 1);
        return super.lag(place) + doubled.length;
      }
    },
  ),

  "takes what was lost for heard": planeOf(
    class extends PlaneModel {
      protected override announce(event: Announced): void {
        super.announce(event);
        const faults = this.inForce(event.place);
        if (!faults.some(({ how }) => how === "drop")) return;
        const heard = this.heard[event.place];
        if (event.kind === "stored") heard?.add(event.block);
        else if (event.kind === "removed") heard?.delete(event.block);
        else heard?.clear();
      }
    },
  ),

  "counts what is under way by its number, not by what it changes": planeOf(
    class extends PlaneModel {
      override lagNet(place: number): number {
        const mine = this.underWay.filter((event) => event.place === place);
        return mine.reduce((sum, { kind }) => sum + (kind === "stored" ? 1 : -1), 0);
      }
    },
  ),

  "takes every place that lost something for one with a gap": planeOf(
    class extends PlaneModel {
      override gaps(): readonly number[] {
        return [...this.losses.keys()].filter((place) => (this.losses[place] ?? 0) > 0);
      }
    },
  ),
} as const;

/** Some of the broken planes, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
