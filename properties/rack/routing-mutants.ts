/** Racks that go wrong about who gets a request, and about loads. */
import { RackMachine } from "#rack";
import { broken, withParts } from "./subjects.ts";

type Worker = NonNullable<ReturnType<RackMachine["choose"]>>;
type Prompt = Parameters<RackMachine["route"]>[0];
type Request = Parameters<RackMachine["forget"]>[0];

export const ROUTING_MUTANTS = {
  "routes to whoever is placed": broken(
    class extends RackMachine {
      protected override isLive({ kind }: Worker, model: string): boolean {
        return kind.model === model;
      }
    },
  ),
  "routes to workers of any model": broken(
    class extends RackMachine {
      protected override isLive({ isServing }: Worker): boolean {
        return isServing;
      }
    },
  ),
  "routes to the new model before it is there": broken(
    class extends RackMachine {
      protected override isLive({ isServing, kind, swap }: Worker, model: string): boolean {
        return isServing && (swap?.kind ?? kind).model === model;
      }
    },
  ),
  "passes over whoever is being swapped": broken(
    class extends RackMachine {
      protected override isLive(worker: Worker, model: string): boolean {
        return super.isLive(worker, model) && worker.swap === undefined;
      }
    },
  ),
  "counts a question as a decision": broken(
    class extends RackMachine {
      override route(prompt: Prompt): ReturnType<RackMachine["route"]> {
        const reply = super.route(prompt);
        this.decisions += 1;
        return reply;
      }
    },
  ),
  "counts a question as load": broken(
    class extends RackMachine {
      override route(prompt: Prompt): ReturnType<RackMachine["route"]> {
        const reply = super.route(prompt);
        if (reply.kind === "chosen") this.routing.load(reply.worker, 1, prompt.blocks.length);
        return reply;
      }
    },
  ),
  "makes what is asked for the most recent": broken(
    class extends RackMachine {
      override route(prompt: Prompt): ReturnType<RackMachine["route"]> {
        const reply = super.route(prompt);
        if (reply.kind !== "chosen") return reply;
        const { pool, kind } = this.workers[reply.worker] as Worker;
        const names = this.names(kind, prompt.blocks);
        const holder = this.nextHolder();
        const run = pool.leadingRun(names);
        if (run > 0 && pool.admit(holder, names.subarray(0, run), 0).kind === "admitted") {
          pool.release(holder);
        }
        return reply;
      }
    },
  ),
  "forgets the load of what is released": broken(
    class extends RackMachine {
      protected override forget(request: Request): void {
        super.forget({ ...request, load: 0 });
      }
    },
  ),
  "does not count what a request grows by": broken(
    class extends RackMachine {
      override grow(number: number, count: number): ReturnType<RackMachine["grow"]> {
        const reply = super.grow(number, count);
        const request = this.requests.get(number);
        if (reply.kind === "grown" && request) {
          request.load -= count;
          this.routing.load(request.worker.number, 0, -count);
        }
        return reply;
      }
    },
  ),
  "sees no blocks": withParts(({ router }) => ({
    router: (view) => {
      view.overlapBlocks.fill(0);
      return router(view);
    },
  })),
  "prefers the higher number among equals": withParts(() => ({
    router: ({ live }) => live.lastIndexOf(1),
  })),
} as const;
