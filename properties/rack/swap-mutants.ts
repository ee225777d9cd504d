/** Racks that go wrong about memory, and about one model in the place of another. */
import { RackMachine } from "#rack";
import { broken } from "./subjects.ts";

type Worker = NonNullable<ReturnType<RackMachine["choose"]>>;
type Request = Parameters<RackMachine["swap"]>[0];

export const SWAP_MUTANTS = {
  "does not give the room back when a swap fails": broken(
    class extends RackMachine {
      protected override giveRoomBack(worker: Worker): void {
        worker.roomHolder = undefined;
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
      protected override exchange(worker: Worker): void {
        const kept = [...worker.requests].map((number) => this.requests.get(number));
        super.exchange(worker);
        for (const request of kept) {
          if (request === undefined) continue;
          this.requests.set(request.number, request);
          worker.requests.add(request.number);
        }
      }
    },
  ),
} as const;
