import { ascending } from "#base";
import type { TierBlock, TierCall, TierCandidate, TierReply } from "#rack";
import { answers, toPart } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

type Access = Extract<TierCall, { kind: "access" }>;

/** What a switch is given when nobody says how much memory it has. */
const DEFAULT_CAPACITY_BYTES = 128 * 1024 ** 3;

/**
 * The switch memory as the document has it: a table of blocks and one of counts.
 *
 * Stand-ins: the pattern of accesses, which the document is handed, lists the GPUs that have had each block read elsewhere; whoever adds to it
 * asks whether to promote, and promotes if so; the eviction that it names removes the block promoted or read least recently, if there is
 * one. What it knows of blocks that it does not hold is the pattern and the counts.
 */
class CountedMemory {
  private readonly capacityBytes: number;
  /** In order of recency. */
  private readonly blocks = new Map<number, TierBlock>();
  private readonly counts = new Map<number, number>();
  private readonly pattern = new Map<number, readonly number[]>();

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
  }

  access({ gpu, block, bytes, tag }: Access): TierReply {
    const gpus = [...(this.pattern.get(block) ?? []), gpu];
    this.pattern.set(block, gpus);
    const different = new Set(gpus).size;
    if (different < 3) return { kind: "counted", gpus: different };
    return { kind: "promoted", evicted: this.promote({ block, bytes, tag }) };
  }

  read(block: number): TierReply {
    this.counts.set(block, (this.counts.get(block) ?? 0) + 1);
    const found = this.blocks.get(block);
    if (found === undefined) return { kind: "miss" };
    this.blocks.delete(block);
    this.blocks.set(block, found);
    return { kind: "hit", bytes: found.bytes, tag: found.tag };
  }

  contents(): readonly TierBlock[] {
    return [...this.blocks.values()];
  }

  candidates(): readonly TierCandidate[] {
    return [...new Set([...this.pattern.keys(), ...this.counts.keys()])]
      .filter((block) => !this.blocks.has(block))
      .toSorted(ascending((block) => block))
      .map((block) => ({
        block,
        gpus: [...new Set(this.pattern.get(block))].toSorted(ascending((gpu) => gpu)),
      }));
  }

  private promote(block: TierBlock): readonly number[] {
    const evicted =
      this.blocks.size * block.bytes >= this.capacityBytes ? this.evictLeastRecent() : [];
    this.blocks.set(block.block, block);
    this.counts.set(block.block, 1);
    return evicted;
  }

  private evictLeastRecent(): readonly number[] {
    const [oldest] = this.blocks.keys();
    if (oldest === undefined) return [];
    this.blocks.delete(oldest);
    return [oldest];
  }
}

/** A call of the vocabulary, or a switch of the size that a profile gives it. */
type TierOrProfileCall = TierCall | { readonly kind: "install"; readonly profile: string };

const memory = (): ((call: TierOrProfileCall) => TierReply) => {
  let tier = new CountedMemory(DEFAULT_CAPACITY_BYTES);
  return (call) => {
    switch (call.kind) {
      case "create":
        tier = new CountedMemory(call.capacityBytes);
        return { kind: "created" };
      case "install":
        return { kind: "created" };
      case "access":
        return tier.access(call);
      case "read":
        return tier.read(call.block);
      case "usedBytes":
        return tier.contents().reduce((sum, { bytes }) => sum + bytes, 0);
      case "candidates":
        return tier.candidates();
      default:
        return tier.contents();
    }
  };
};

const lacks = (call: TierOrProfileCall): string | undefined => {
  if (call.kind === "forget") return "forgetting a block";
  if (call.kind === "install" && call.profile !== "document") return "another profile's switch";
  return call.kind === "create" && (call.promoteAfter ?? 3) !== 3
    ? "another number of readers"
    : undefined;
};

const access = (gpu: number, block: number, bytes: number) => ({
  kind: "access",
  gpu,
  block,
  bytes,
  tag: 0,
});
const shared = (block: number, bytes: number) => [8, 9, 10].map((gpu) => access(gpu, block, bytes));

/** The document's switch memory on trial. */
export const tier: DocumentSubject = {
  name: "document/tier",
  part: "tier",
  about: "the memory of a switch: a table of blocks, promoted for three GPUs",
  answersFor: toPart("tier", answers(memory, lacks)),
  defects: [
    {
      does: "reckons what is used as the number of blocks times the size of the newest",
      consequence:
        "Small blocks let large ones overflow the switch, and large ones evict for a small one.",
      property: "TIR-2",
      case: { capacityBytes: 10, history: [...shared(0, 6), ...shared(1, 5)] },
    },
    {
      does: "lets one block in whenever the others are below its capacity, whether it fits or not",
      consequence: "Blocks that do not divide the capacity overflow it by up to one of them.",
      property: "TIR-2",
      case: { capacityBytes: 12, history: [...shared(0, 5), ...shared(1, 5), ...shared(2, 5)] },
    },
    {
      does: "evicts one block, whether that is enough or not",
      consequence: "A large block that comes after small ones overflows the switch.",
      property: "TIR-4",
      case: {
        capacityBytes: 10,
        history: [...shared(0, 2), ...shared(1, 2), ...shared(2, 2), ...shared(3, 10)],
      },
    },
    {
      does: "evicts although the block would fit",
      consequence: "Prefixes that everybody shares are thrown out of a switch that has room.",
      property: "TIR-4",
      case: { capacityBytes: 10, history: [...shared(0, 1), ...shared(1, 1), ...shared(2, 5)] },
    },
    {
      does: "takes a block that is larger than the switch",
      consequence: "It evicts a block for it and overflows all the same.",
      property: "TIR-7",
      case: { capacityBytes: 10, history: [access(8, 0, 13)] },
    },
    {
      does: "counts GPUs of other domains as readers",
      consequence: "Blocks are promoted for GPUs that cannot read this switch any faster.",
      property: "TIR-9",
    },
    {
      does: "counts a read that misses, and keeps that count for ever",
      consequence: "Its table grows with every block that is asked for, in the switch or not.",
      property: "TIR-6",
    },
    {
      does: "keeps the readers of what it has evicted, so that the next access promotes it again",
      consequence: "Two blocks that do not fit together evict one another at every access.",
      property: "TIR-3",
      case: { capacityBytes: 10, history: [...shared(0, 10), ...shared(1, 10), access(8, 0, 10)] },
    },
    {
      does: "promotes a block again that it holds, and puts the newest bytes in its place",
      consequence: "A block that is there evicts another, and its bytes change under its readers.",
      property: "TIR-3",
      case: { capacityBytes: 10, history: [...shared(0, 1), access(8, 0, 1)] },
    },
    {
      does: "counts 128 GB as 128 GiB",
      consequence: "It takes 7.4 % more than the switch has.",
      property: "TIR-12",
    },
  ],
  absences: [
    {
      what: "forgetting a block",
      consequence: "KV that is no longer valid can only be waited out of the switch.",
    },
  ],
  remarks: [
    "The counts are said to be of different GPUs; they are of reads, start at 1 with a promotion, and decide nothing.",
    "The eviction is named least recently used and not defined; nothing notes when a block was used.",
    "Which domain a switch serves is known by a number and never looked up, and no time is noted: three reads a year apart promote.",
    "The GPU that a block comes from is handed over and not used.",
  ],
};
