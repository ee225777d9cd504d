import { ascending, byEach, refused } from "#base";
import type { PlacedBlock, TransferCall, TransferReply } from "#rack";
import { answers, toPart } from "../answers.ts";
import type { DocumentSubject } from "./defect.ts";

/** What every block is taken to measure, and the one rate, in bytes a second. */
const BLOCK_BYTES = 5.24e6;
const RATE = 1.8e12;

type Create = Extract<TransferCall, { kind: "create" }>;

/**
 * Transfers as the document's block manager makes them: a place is taken at the target and the directory's one entry for the block is
 * overwritten; the block that was looked up at the source is not used.
 *
 * Stand-ins: a worker of any width where the document has a GPU; a local manager that keeps a list of places, gives nothing for a block
 * that it lacks, and is full at its capacity; a worker that there is not is refused, as its list would by an exception; `store`, which
 * puts a block where it has been computed, once. A copy and a move are the same call, which has no word for either.
 */
class OneEntryPerBlock {
  private readonly directory = new Map<number, number>();
  private readonly places: readonly number[][];
  private readonly setup: Create;

  constructor(setup: Create) {
    this.setup = setup;
    this.places = Array.from({ length: workerCount(setup) }, () => []);
  }

  get workers(): number {
    return this.places.length;
  }

  store(worker: number, block: number): TransferReply {
    const own = this.places[worker];
    if (own === undefined) return refused("unknown-worker");
    if (own.includes(block)) return refused("target-has-it");
    if (own.length === this.setup.capacityBlocks) return refused("target-full");
    own.push(block);
    this.directory.set(block, worker);
    return { kind: "done" };
  }

  transfer(kind: "copied" | "moved", block: number, from: number, to: number): TransferReply {
    const target = this.places[to];
    if (this.places[from] === undefined || target === undefined) return refused("unknown-worker");
    if (target.length === this.setup.capacityBlocks) return refused("target-full");
    target.push(block);
    this.directory.set(block, to);
    return { kind, ns: (BLOCK_BYTES / RATE) * 1e9, bytes: BLOCK_BYTES };
  }

  holders(block: number): readonly number[] {
    const worker = this.directory.get(block);
    return worker === undefined ? [] : [worker];
  }

  used(worker: number): number {
    return this.places[worker]?.length ?? 0;
  }

  contents(): readonly PlacedBlock[] {
    return this.places
      .flatMap((blocks, worker) =>
        blocks.map((block) => ({
          block,
          worker,
          state: "here" as const,
          shards: this.setup.tp,
          pins: 0,
        })),
      )
      .toSorted(
        byEach(
          ascending(({ block }: PlacedBlock) => block),
          ascending(({ worker }: PlacedBlock) => worker),
        ),
      );
  }
}

const workerCount = ({ rack, tp }: Create): number => (rack?.gpus ?? 72) / tp;

const manager = (): ((call: TransferCall) => TransferReply) => {
  let blocks: OneEntryPerBlock | undefined;
  return (call) => {
    if (call.kind === "create") {
      blocks = new OneEntryPerBlock(call);
      return blocks.workers;
    }
    if (blocks === undefined) return 0;
    switch (call.kind) {
      case "store":
        return blocks.store(call.worker, call.block);
      case "copy":
        return blocks.transfer("copied", call.block, call.from, call.to);
      case "move":
        return blocks.transfer("moved", call.block, call.from, call.to);
      case "holds":
        return blocks.holders(call.block).includes(call.worker);
      case "holders":
        return blocks.holders(call.block);
      case "used":
        return blocks.used(call.worker);
      default:
        return blocks.contents();
    }
  };
};

const LACKED: Readonly<Partial<Record<TransferCall["kind"], string>>> = {
  drop: "dropping a block",
  pin: "pinning a block",
  unpin: "unpinning a block",
  lose: "losing a worker",
  begin: "a transfer in steps",
  arrive: "a transfer in steps",
  abort: "giving a transfer up",
};

const small = { tp: 1, capacityBlocks: 2 };
const store = (worker: number, block: number) => ({ kind: "store", worker, block });
const sent = (kind: "copy" | "move", block: number, from: number, to: number) => ({
  kind,
  block,
  from,
  to,
});

/** The document's block transfer on trial. */
export const transfer: DocumentSubject = {
  name: "document/transfer",
  part: "transfer",
  about: "the KV-block manager's transfer of a block from one GPU to another",
  answersFor: toPart(
    "transfer",
    answers(manager, ({ kind }) => LACKED[kind]),
  ),
  defects: [
    {
      does: "never frees the place at the source",
      consequence:
        "Every move leaks a block of HBM: after as many moves as a GPU has places, it is full of what nobody can find.",
      property: "TRF-3",
    },
    {
      does: "transfers a block that the source does not have",
      consequence: "The directory lists a block at a GPU that holds garbage under its name.",
      property: "TRF-4",
      case: { ...small, history: [sent("copy", 0, 0, 1)] },
    },
    {
      does: "takes a second place for a block that the target has",
      consequence: "The first copy can be neither found nor freed.",
      property: "TRF-4",
      case: { ...small, history: [store(0, 0), store(1, 0), sent("copy", 0, 0, 1)] },
    },
    {
      does: "takes a second place when source and target are one GPU, and time for it",
      consequence: "A request that is served where its block lies pays 2.9 µs and a block of HBM.",
      property: "TRF-11",
      case: { ...small, history: [store(0, 0), sent("copy", 0, 0, 0)] },
    },
    {
      does: "takes every block to be of 5.24 MB",
      consequence:
        "A block of 16 tokens of Llama 70B is that large in FP16, and half of it in FP8.",
      property: "TRF-7",
      case: { rack: "document", tp: 1, bytes: 2_621_440, from: 0, to: 8 },
    },
    {
      does: "takes every link to carry 1.8 TB/s, and no hop to take time",
      consequence: "From another domain a block takes twice as long as it says.",
      property: "TRF-7",
      case: { rack: "document", tp: 1, bytes: 5_240_000, from: 0, to: 8 },
    },
    {
      does: "takes as long for a far worker as for a neighbour, and for a large block as for a small one",
      consequence: "Nothing that is decided by its times can prefer the nearer source.",
      property: "TRF-8",
    },
    {
      does: "overwrites the block's one entry when it is copied",
      consequence: "The copy that stayed where it was is not listed any more.",
      property: "TRF-15",
      case: { ...small, history: [store(0, 0), sent("copy", 0, 0, 1)] },
    },
    {
      does: "leaves a block behind when it moves there, and another when it moves back",
      consequence: "Whoever balances load by moving blocks fills both GPUs.",
      property: "TRF-5",
      case: { tp: 1, capacityBlocks: 3, history: [store(0, 0)], block: 0, from: 0, by: 1 },
    },
  ],
  absences: [
    { what: "dropping a block", consequence: "A pool that is full stays full." },
    {
      what: "pinning a block",
      consequence: "A block may be sent away from under the request that reads it.",
    },
    { what: "unpinning a block", consequence: "There is nothing to be undone." },
    {
      what: "losing a worker",
      consequence: "The directory goes on listing what was on a GPU that is gone.",
    },
    {
      what: "a transfer in steps",
      consequence:
        "The directory names the target before the first byte is there, and a request may read it.",
    },
    { what: "giving a transfer up", consequence: "One that fails has been entered as done." },
  ],
  remarks: [
    "The block that is looked up at the source is not used, so nothing notices when there is none.",
    "The local block manager is named and not defined.",
  ],
};
