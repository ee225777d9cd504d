/** Transfers that send wrongly at once, each the model with one rule changed, and named after what it does. */
import { type Manner, type Sent, TransferModel } from "#rack";

/** By name. */
export const SENDING = {
  "leaves a moved block at its source": class extends TransferModel {
    protected override land(_: Manner, block: number, from: number, to: number): Sent {
      return { ...super.land("copy", block, from, to), kind: "moved" };
    }
  },
  "takes a copied block from its source": class extends TransferModel {
    protected override land(manner: Manner, block: number, from: number, to: number): Sent {
      const sent = super.land("move", block, from, to);
      return { ...sent, kind: manner === "move" ? "moved" : "copied" };
    }
  },
  "takes a moved block from every worker but the target": class extends TransferModel {
    protected override land(manner: Manner, block: number, from: number, to: number): Sent {
      const sent = super.land(manner, block, from, to);
      if (manner === "move")
        this.places = this.places.filter((place) => place.block !== block || place.worker === to);
      return sent;
    }
  },
  "keeps a moved block's place at its source": class extends TransferModel {
    protected override land(manner: Manner, block: number, from: number, to: number): Sent {
      const sent = super.land(manner, block, from, to);
      if (manner === "move") this.place(block, from);
      return sent;
    }
  },
  "removes a block that moves to where it is": class extends TransferModel {
    protected override objection(manner: Manner, block: number, from: number, to: number) {
      const because = super.objection(manner, block, from, to);
      if (because === undefined && manner === "move" && from === to) this.remove(block, from);
      return because;
    }
  },
  "begins a transfer from a worker to itself": class extends TransferModel {
    override begin(manner: Manner, block: number, from: number, to: number) {
      const reply = super.begin(manner, block, from, to);
      if (reply.kind === "nothing") this.begun += 1;
      return reply;
    }
  },
  "charges a hop from a worker to itself": class extends TransferModel {
    protected override send(manner: Manner, block: number, from: number, to: number) {
      const reply = super.send(manner, block, from, to);
      const { blockBytes } = this.shape;
      return reply.kind === "nothing"
        ? { kind: "copied" as const, ns: 500, bytes: blockBytes }
        : reply;
    }
  },
} as const;
