/** Transfers that go wrong between the first shard and the last, or when a worker is lost. */
import { type Manner, TransferModel } from "#rack";

/** By name. */
export const STEPPING = {
  "lists the target as soon as the transfer begins": class extends TransferModel {
    override begin(manner: Manner, block: number, from: number, to: number) {
      const reply = super.begin(manner, block, from, to);
      const place = this.at(block, to);
      if (reply.kind === "begun" && place) place.readable = true;
      return reply;
    }
  },
  "lists the target with the first shard": class extends TransferModel {
    override arrive(transfer: number, shard: number) {
      const flight = this.flights.get(transfer);
      const reply = super.arrive(transfer, shard);
      const place = flight && this.at(flight.block, flight.to);
      if (reply.kind === "waiting" && place) place.readable = true;
      return reply;
    }
  },
  "takes a block from its source as soon as it begins to move": class extends TransferModel {
    override begin(manner: Manner, block: number, from: number, to: number) {
      const reply = super.begin(manner, block, from, to);
      if (reply.kind === "begun" && manner === "move") this.remove(block, from);
      return reply;
    }
  },
  "is done with the shard of the highest number": class extends TransferModel {
    override arrive(transfer: number, shard: number) {
      const flight = this.flights.get(transfer);
      const { tp } = this.shape;
      if (flight && shard === tp - 1)
        for (let all = 0; all < shard; all += 1) flight.arrived.add(all);
      return super.arrive(transfer, shard);
    }
  },
  "counts a shard that arrives again": class extends TransferModel {
    override arrive(transfer: number, shard: number) {
      const arrived = this.flights.get(transfer)?.arrived;
      const again = arrived?.has(shard) ? [0, 1, 2, 3].find((other) => !arrived.has(other)) : shard;
      return super.arrive(transfer, again ?? shard);
    }
  },
  "keeps the place of an aborted transfer": class extends TransferModel {
    override abort(transfer: number) {
      const flight = this.flights.get(transfer);
      const reply = super.abort(transfer);
      if (flight) this.place(flight.block, flight.to);
      return reply;
    }
  },
  "takes the block from the source of an aborted move": class extends TransferModel {
    override abort(transfer: number) {
      const flight = this.flights.get(transfer);
      if (flight?.manner === "move") this.remove(flight.block, flight.from);
      return super.abort(transfer);
    }
  },
  "uses the number of a transfer again": class extends TransferModel {
    override abort(transfer: number) {
      const reply = super.abort(transfer);
      if (this.flights.size === 0) this.begun = 0;
      return reply;
    }
  },
  "lets a shard arrive after the end": class extends TransferModel {
    readonly #last = new Map<number, Parameters<TransferModel["copy"]>>();
    override abort(transfer: number) {
      const flight = this.flights.get(transfer);
      if (flight) this.#last.set(transfer, [flight.block, flight.from, flight.to]);
      return super.abort(transfer);
    }
    override arrive(transfer: number, shard: number) {
      const late = this.#last.get(transfer);
      const isSent = late && !super.objection("copy", ...late) && late[1] !== late[2];
      return isSent ? this.land("copy", ...late) : super.arrive(transfer, shard);
    }
  },
} as const;

/** By name. */
export const LOSING = {
  "goes on sending from a lost worker": class extends TransferModel {
    override lose(worker: number) {
      const flights = [...this.flights];
      const places = this.places;
      const reply = super.lose(worker);
      for (const [transfer, flight] of flights)
        if (flight.from === worker && flight.to !== worker) this.flights.set(transfer, flight);
      this.places = places.filter((place) => place.worker !== worker);
      return reply;
    }
  },
  "keeps what a lost worker has pinned": class extends TransferModel {
    override lose(worker: number) {
      const pinned = this.places.filter((place) => place.worker === worker && place.pins > 0);
      const reply = super.lose(worker);
      this.places = [...this.places, ...pinned];
      return reply;
    }
  },
  "loses a lost worker's blocks everywhere": class extends TransferModel {
    override lose(worker: number) {
      const own = this.places.filter((place) => place.worker === worker);
      const reply = super.lose(worker);
      this.places = this.places.filter((place) => !own.some(({ block }) => block === place.block));
      return reply;
    }
  },
  "keeps the places that a lost worker was sending to": class extends TransferModel {
    override lose(worker: number) {
      const orphans = [...this.flights.values()].filter(
        ({ from, to }) => from === worker && to !== worker,
      );
      const reply = super.lose(worker);
      for (const { block, to } of orphans) this.place(block, to);
      return reply;
    }
  },
} as const;
