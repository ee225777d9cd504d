/** Fabrics that get slow links, cuts, ends or the ledger wrong. */
import {
  type FabricFlow,
  type FabricLedger,
  FabricModel,
  type FlowEnd,
  type LinkName,
  type ModelFlow,
} from "#rack";

/** Another reading of what a slow link is. */
const slowing = (
  factor: (given: number, before: number, link: LinkName) => number,
  links: (link: LinkName) => readonly LinkName[] = (link) => [link],
) =>
  class extends FabricModel {
    override slow(link: LinkName, given: number, nowNs: number): void {
      super.slow(link, this.factors[link], nowNs);
      for (const one of links(link)) this.factors[one] = factor(given, this.factors[one], one);
    }
  };

class SlowsOnlyWhatBeginsLater extends FabricModel {
  readonly #factors = new Map<number, number>();
  protected override throughs(start: FabricFlow) {
    const link = (["superchip", "domain", "rack"] as const)[start.distance - 1] ?? "domain";
    const now = this.factors[link];
    const begun = this.#factors.get(start.flow) ?? now;
    this.#factors.set(start.flow, begun);
    this.factors[link] = begun;
    const uses = super.throughs(start);
    this.factors[link] = now;
    return uses;
  }
}

class CutsWhatItSends extends FabricModel {
  protected override isOf({ source }: FabricFlow, worker: number): boolean {
    return source === worker;
  }
}

class CutsEverything extends FabricModel {
  protected override isOf(): boolean {
    return true;
  }
}

/** What was cut goes on flowing, and nobody is told. */
class KeepsTheShare extends FabricModel {
  readonly #ghosts = new Set<number>();
  protected override finish(over: readonly ModelFlow[], isCut: boolean): void {
    if (isCut) for (const { start } of over) this.#ghosts.add(start.flow);
    else super.finish(over, false);
  }
  override advance(nowNs: number): readonly FlowEnd[] {
    return super.advance(nowNs).filter(({ flow }) => !this.#ghosts.has(flow));
  }
}

class TellsTwice extends FabricModel {
  #last: readonly FlowEnd[] = [];
  override advance(nowNs: number): readonly FlowEnd[] {
    const ended = super.advance(nowNs);
    const told = [...this.#last, ...ended];
    this.#last = ended;
    return told;
  }
}

class TellsByNumber extends FabricModel {
  override advance(nowNs: number): readonly FlowEnd[] {
    return super.advance(nowNs).toSorted((left, right) => left.flow - right.flow);
  }
}

class TellsTheLastInstant extends FabricModel {
  override advance(nowNs: number): readonly FlowEnd[] {
    const ended = super.advance(nowNs);
    return ended.filter(({ atNs }) => atNs === ended.at(-1)?.atNs);
  }
}

/** A ledger that counts something else. */
const counting = (change: (ledger: FabricLedger) => FabricLedger["moved"]) =>
  class extends FabricModel {
    override ledger(): FabricLedger {
      const ledger = super.ledger();
      return { ...ledger, moved: change(ledger) };
    }
  };

/** By what they do wrong. */
export const TELLING = {
  "does not undo a slow link": slowing((given, before) => Math.min(given, before)),
  "slows a slow link further": slowing((given, before) => (given === 1 ? 1 : given * before)),
  "slows all links": slowing(
    (given) => given,
    () => ["superchip", "domain", "rack"],
  ),
  "slows only what begins later": SlowsOnlyWhatBeginsLater,
  "cuts only what a worker sends": CutsWhatItSends,
  "cuts everything": CutsEverything,
  "keeps the share of what was cut": KeepsTheShare,
  "tells an end twice": TellsTwice,
  "tells ends by number": TellsByNumber,
  "tells only the last of several instants": TellsTheLastInstant,
  "counts what was cut for nothing": counting(({ moved, cut }) => ({
    ...moved,
    rack: moved.rack - cut.rack,
    domain: moved.domain - cut.domain,
    superchip: moved.superchip - cut.superchip,
    switch: moved.switch - cut.switch,
  })),
  "counts switches under their domain": counting(({ moved }) => ({
    ...moved,
    domain: moved.domain + moved.switch,
    switch: 0,
  })),
} as const;
