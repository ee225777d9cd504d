import {
  type FabricFlow,
  type FabricShape,
  type LinkName,
  WAYS,
  type Way,
  wayOf,
} from "./contract.ts";
import { type Passage, passage } from "./shares.ts";
import { aloneRate, slowedPerNano, unitsPerNano } from "./units.ts";

/** Everything in a rack that flows share. Links of pairs are made when they are first used, and stay: there are as many as pairs. */
export class Links {
  readonly #shape: FabricShape;
  readonly #egress: readonly Passage[];
  readonly #ingress: readonly Passage[];
  readonly #pairs: Readonly<Record<Way, Map<number, Passage>>>;
  readonly #perNano: Record<Way, number>;

  constructor(shape: FabricShape) {
    const { gpus, egress, ingress, ways } = shape;
    const passages = (rate: number): readonly Passage[] =>
      Array.from({ length: gpus }, () => passage(unitsPerNano(rate)));
    this.#shape = shape;
    this.#egress = passages(egress);
    this.#ingress = passages(ingress);
    this.#pairs = {
      superchip: new Map(),
      domain: new Map(),
      rack: new Map(),
      switch: new Map(),
    };
    this.#perNano = {
      superchip: unitsPerNano(ways.superchip.bytesPerSecond),
      domain: unitsPerNano(ways.domain.bytesPerSecond),
      rack: unitsPerNano(ways.rack.bytesPerSecond),
      switch: unitsPerNano(ways.switch.bytesPerSecond),
    };
  }

  /** What a flow goes through: its source's egress, its target's ingress, and the link between them. A switch has nothing but a port for each GPU. */
  uses(flow: FabricFlow): readonly Passage[] {
    const { source, target } = flow;
    const [way, ingress] = [wayOf(flow), this.#ingress[target] as Passage];
    const link = this.#between(way, source, target);
    return source === "switch" ? [ingress, link] : [this.#egress[source] as Passage, ingress, link];
  }

  /** What one flow over a way gets when nobody else does. */
  alone(way: Way): number {
    return Math.min(unitsPerNano(aloneRate(this.#shape, way)), this.#perNano[way]);
  }

  /** Sets the rate of every link of a name to its own × `factor`. */
  slow(link: LinkName, factor: number): void {
    const slowed = WAYS.filter((way) => way === link || (way === "switch" && link === "domain"));
    const perNanos = slowed.map((way) =>
      slowedPerNano(this.#shape.ways[way].bytesPerSecond, factor),
    );
    for (const [index, way] of slowed.entries()) {
      const perNano = perNanos[index] as number;
      this.#perNano[way] = perNano;
      for (const pair of this.#pairs[way].values()) pair.perNano = perNano;
    }
  }

  /** The worker whose egress was sending for the longest; the lowest number in a tie, −1 when none ever was. */
  busiest(): { readonly worker: number; readonly ns: number } {
    let busiest = { worker: -1, ns: 0 };
    for (const [worker, { busyNs }] of this.#egress.entries())
      if (busyNs > busiest.ns) busiest = { worker, ns: busyNs };
    return busiest;
  }

  #between(way: Way, source: number | "switch", target: number): Passage {
    const pairs = this.#pairs[way];
    const key = source === "switch" ? target : source * this.#shape.gpus + target;
    const known = pairs.get(key);
    if (known !== undefined) return known;
    const made = passage(this.#perNano[way]);
    pairs.set(key, made);
    return made;
  }
}
