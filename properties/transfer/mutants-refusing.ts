/** Transfers that refuse less than they should, for another reason, or act before they refuse. */
import { type Manner, TransferModel, type TransferRefusal } from "#rack";

/** By name. */
export const REFUSING = {
  "takes the target's place before it looks at the source": class extends TransferModel {
    protected override objection(manner: Manner, block: number, from: number, to: number) {
      const because = super.objection(manner, block, from, to);
      if (because === "source-lacks-it" && from !== to && !this.noRoom(block, to))
        this.place(block, to);
      return because;
    }
  },
  "sends what the source does not have": class extends TransferModel {
    protected override notSendable(manner: Manner, block: number, from: number) {
      const because = super.notSendable(manner, block, from);
      return because === "source-lacks-it" ? undefined : because;
    }
  },
  "takes the block from the source before the target is found full": class extends TransferModel {
    protected override objection(manner: Manner, block: number, from: number, to: number) {
      const because = super.objection(manner, block, from, to);
      if (because === "target-full" && manner === "move") this.remove(block, from);
      return because;
    }
  },
  "takes a block in on a full target": class extends TransferModel {
    protected override noRoom(block: number, to: number) {
      const because = super.noRoom(block, to);
      return because === "target-full" ? undefined : because;
    }
  },
  "evicts for a block on a full target": class extends TransferModel {
    protected override noRoom(block: number, to: number) {
      const because = super.noRoom(block, to);
      const victim = this.places.find((place) => place.worker === to && place.readable);
      if (because !== "target-full" || victim === undefined) return because;
      this.remove(victim.block, to);
      return undefined;
    }
  },
  "counts only what can be read as taken": class extends TransferModel {
    protected override noRoom(block: number, to: number) {
      const because = super.noRoom(block, to);
      const readable = this.places.filter((place) => place.worker === to && place.readable);
      return because === "target-full" && readable.length < this.shape.capacityBlocks
        ? undefined
        : because;
    }
  },
  "drops the source when the target has the block": class extends TransferModel {
    protected override objection(manner: Manner, block: number, from: number, to: number) {
      const because = super.objection(manner, block, from, to);
      if (because === "target-has-it" && manner === "move") this.remove(block, from);
      return because;
    }
  },
  "stores a block twice": class extends TransferModel {
    protected override noRoom(block: number, to: number) {
      const because = super.noRoom(block, to);
      return because === "target-has-it" ? undefined : because;
    }
  },
  "moves pinned blocks": class extends TransferModel {
    protected override notSendable(manner: Manner, block: number, from: number) {
      const because = super.notSendable(manner, block, from);
      return because === "pinned" ? undefined : because;
    }
  },
  "moves one block to two workers": class extends TransferModel {
    protected override notSendable(manner: Manner, block: number, from: number) {
      const because = super.notSendable(manner, block, from);
      return because === "leaving" ? undefined : because;
    }
  },
  "counts a pin for what it refuses": class extends TransferModel {
    protected override notSendable(manner: Manner, block: number, from: number) {
      const because = super.notSendable(manner, block, from);
      const place = this.at(block, from);
      if (because === "pinned" && place) place.pins += 1;
      return because;
    }
  },
  "lets go of all pins at once": class extends TransferModel {
    override unpin(worker: number, block: number) {
      const reply = super.unpin(worker, block);
      const place = this.at(block, worker);
      if (reply.kind === "done" && place) place.pins = 0;
      return reply;
    }
  },
  "refuses with another reason": class extends TransferModel {
    protected override noRoom(block: number, to: number): TransferRefusal | undefined {
      const because = super.noRoom(block, to);
      return because === "on-its-way" ? "target-has-it" : because;
    }
  },
} as const;
