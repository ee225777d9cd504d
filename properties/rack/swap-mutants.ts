/** Racks that go wrong about memory, and about one model in the place of another. */
import { RackMachine } from "#rack";
import { broken } from "./subjects.ts";

type Worker = NonNullable<ReturnType<RackMachine["choose"]>>;
type Kind = Worker["kind"];
type Swap = NonNullable<Worker["swap"]>;
type Request = Parameters<RackMachine["swap"]>[0];

export const SWAP_MUTANTS = {
  "drops the old model when the swap begins": broken(
    class extends RackMachine {
      protected override makeRoom(worker: Worker, kind: Kind): void {
        super.makeRoom(worker, kind);
        worker.isServing = false;
      }
    },
  ),
  "has the new model when the swap begins": broken(
    class extends RackMachine {
      override swap(request: Request): ReturnType<RackMachine["swap"]> {
        const reply = super.swap(request);
        if (reply.kind === "swapping") {
          for (const number of reply.workers) this.becomeWhole(this.workers[number] as Worker);
        }
        return reply;
      }
    },
  ),
  "keeps no room for the new weights": broken(
    class extends RackMachine {
      protected override makeRoom(worker: Worker, kind: Kind): void {
        worker.swap = { kind, holder: this.nextHolder(), blocks: 0 };
      }
    },
  ),
  "keeps a block too few for the new weights": broken(
    class extends RackMachine {
      protected override makeRoom(worker: Worker, kind: Kind): void {
        super.makeRoom(worker, kind);
        const { swap } = worker;
        if (swap === undefined || swap.blocks === 0) return;
        worker.pool.release(swap.holder);
        worker.swap = { ...swap, blocks: swap.blocks - 1 };
        if (swap.blocks > 1) worker.pool.admit(swap.holder, new Uint32Array(0), swap.blocks - 1);
      }
    },
  ),
  "does not give the room back when a swap fails": broken(
    class extends RackMachine {
      protected override giveRoomBack(worker: Worker): void {
        worker.swap = undefined;
      }
    },
  ),
  "goes without any model when a swap fails": broken(
    class extends RackMachine {
      protected override giveRoomBack(worker: Worker, swap: Swap): void {
        super.giveRoomBack(worker, swap);
        worker.isServing = false;
      }
    },
  ),
  "evicts before it looks whether a swap can be": broken(
    class extends RackMachine {
      override swap(request: Request): ReturnType<RackMachine["swap"]> {
        for (const worker of this.present()) {
          if (
            "worker" in request ? worker.number === request.worker : worker.owner === request.owner
          ) {
            worker.pool.clear();
          }
        }
        return super.swap(request);
      }
    },
  ),
  "swaps the workers of an owner as far as it can": broken(
    class extends RackMachine {
      override swap(request: Request): ReturnType<RackMachine["swap"]> {
        const reply = super.swap(request);
        if (reply.kind !== "refused" || !("owner" in request)) return reply;
        const { owner, ...running } = request;
        const first = this.present().find((one) => one.owner === owner);
        if (first !== undefined) super.swap({ ...running, worker: first.number });
        return reply;
      }
    },
  ),
  "keeps the requests of the old model": broken(
    class extends RackMachine {
      protected override exchange(worker: Worker, kind: Kind): void {
        const kept = [...worker.requests].map((number) => this.requests.get(number));
        super.exchange(worker, kind);
        for (const request of kept) {
          if (request === undefined) continue;
          this.requests.set(request.number, request);
          worker.requests.add(request.number);
        }
      }
    },
  ),
  "gives a worker a block more than fit": broken(
    class extends RackMachine {
      private readonly larger = new Map<number, Kind>();
      protected override kindOf(...args: Parameters<RackMachine["kindOf"]>): Kind {
        const kind = super.kindOf(...args);
        if (kind.capacityBlocks < 1) return kind;
        const known = this.larger.get(kind.number) ?? {
          ...kind,
          capacityBlocks: kind.capacityBlocks + 1,
        };
        this.larger.set(kind.number, known);
        return known;
      }
    },
  ),
  "moves a swapped worker to another owner": broken(
    class extends RackMachine {
      protected override exchange(worker: Worker, kind: Kind): void {
        super.exchange(worker, kind);
        (worker as { owner: number }).owner += 1;
      }
    },
  ),
} as const;
