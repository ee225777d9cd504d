/** Fleets with one of their steps done wrong: what the properties of the fleet, and of the rack that has one, must catch. */
import { Fleet } from "#rack";
import { BROKEN_PLACES } from "./broken-places.ts";

type Worker = Parameters<Fleet["serve"]>[0];
type Deployment = Parameters<Fleet["open"]>[0];
type Kind = Deployment["kind"];
type Swap = NonNullable<Worker["swap"]>;
type Because = Parameters<Fleet["end"]>[1];
type Hardware = Parameters<Fleet["lose"]>[0];

/** About who lives, and who serves. */
const LIFE = {
  "serves before its weights are whole": class extends Fleet {
    protected override open(...args: Parameters<Fleet["open"]>): Worker {
      const worker = super.open(...args);
      worker.isServing = true;
      return worker;
    }
  },
  "does not serve when it is alone": class extends Fleet {
    protected override becomeWhole(worker: Worker): void {
      super.becomeWhole(worker);
      if (this.present().length === 1) worker.isServing = false;
    }
  },
  "keeps the first worker of a gang that ends": class extends Fleet {
    protected override end(worker: Worker, because: Because): void {
      if (worker.gpus.includes(0)) worker.isServing = false;
      else super.end(worker, because);
    }
  },
  "ends everybody of an owner who loses one": class extends Fleet {
    override lose(what: Hardware): ReturnType<Fleet["lose"]> {
      const reply = super.lose(what);
      if (reply.kind === "refused") return reply;
      const gangs = reply.ended.flatMap((owner) => [...(this.deployments.get(owner)?.gangs ?? [])]);
      for (const gang of gangs) this.gangs.release(gang);
      this.settle();
      return reply;
    }
  },
  "opens the first of several replicas twice": class extends Fleet {
    protected override open(deployment: Deployment, gang: number, gpus: readonly number[]): Worker {
      const [gpu = 0] = gpus;
      const isSecond = this.workers[gpu - 1] !== undefined;
      return super.open(deployment, gang, isSecond ? [gpu - 1, ...gpus.slice(1)] : gpus);
    }
  },
  "loses one GPU of a superchip": class extends Fleet {
    override lose(what: Hardware): ReturnType<Fleet["lose"]> {
      return super.lose("superchip" in what ? { gpu: 2 * what.superchip } : what);
    }
  },
  "takes a GPU out of service when its gang is released": class extends Fleet {
    override undeploy(owner: number): ReturnType<Fleet["undeploy"]> {
      const gpus = this.ownedBy(owner).map(({ gpus: [gpu] }) => gpu);
      const reply = super.undeploy(owner);
      if (reply.kind !== "refused" && gpus[0] !== undefined) this.gangs.lose(gpus[0]);
      return reply;
    }
  },
} as const;

/** About weights on their way, and the clock. */
const WEIGHTS = {
  "leaves plans as they are when a source is gone": class extends Fleet {
    protected override settle(): void {
      this.gone = [];
      super.settle();
    }
  },
  "gives up a worker that lost the source of its weights": class extends Fleet {
    protected override lack({ number }: Worker): void {
      this.weights.end(number);
    }
  },
  "knows only the lowest of those who have weights": class extends Fleet {
    protected override holders(weights: string): readonly (readonly number[])[] {
      return super.holders(weights).slice(0, 1);
    }
  },
  "takes who is not whole for a source of weights": class extends Fleet {
    protected override holders(weights: string): readonly (readonly number[])[] {
      const known = this.present().filter(({ kind }) => kind.weights === weights);
      return known.length > 1 ? known.slice(0, 1).map(({ gpus }) => gpus) : [];
    }
  },
  "forgets who was to pass weights on": class extends Fleet {
    protected override end(worker: Worker, because: Because): void {
      const known = [...this.gone];
      super.end(worker, because);
      if (!worker.isServing) this.gone = known;
    }
  },
  "tells the end of a wait for the instant of what happened in it": class extends Fleet {
    override advance(atNs: number): void {
      for (;;) {
        const next = this.weights.next();
        if (next === undefined || next.dueNs > atNs) break;
        this.clockNs = atNs;
        this.becomeWhole(this.workers[next.worker] as Worker);
      }
      super.advance(atNs);
    }
  },
  "lets one thing happen a wait": class extends Fleet {
    override advance(atNs: number): void {
      const nextNs = this.nextNs();
      if (nextNs !== undefined && nextNs <= atNs) super.advance(Math.max(nextNs, this.clockNs));
      this.clockNs = atNs;
    }
  },
  "ignores the format of the KV": class extends Fleet {
    protected override kindOf(...[running, tp]: Parameters<Fleet["kindOf"]>): Kind {
      return super.kindOf({ ...running, kvFormat: "fp8" }, tp);
    }
  },
} as const;

/** About two models at one worker. */
const SWAPS = {
  "drops the old model when the swap begins": class extends Fleet {
    protected override makeRoom(...args: Parameters<Fleet["makeRoom"]>): void {
      super.makeRoom(...args);
      args[0].isServing = false;
    }
  },
  "has the new model when the swap begins": class extends Fleet {
    override swap(request: Parameters<Fleet["swap"]>[0]): ReturnType<Fleet["swap"]> {
      const reply = super.swap(request);
      if (reply.kind === "swapping") {
        for (const number of reply.workers) this.becomeWhole(this.workers[number] as Worker);
      }
      return reply;
    }
  },
  "keeps no room for the new weights": class extends Fleet {
    protected override makeRoom(worker: Worker, kind: Kind, capacityBlocks: number): void {
      worker.swap = { kind, capacityBlocks, blocks: 0 };
    }
  },
  "keeps a block too few for the new weights": class extends Fleet {
    protected override inTheWay(...args: Parameters<Fleet["inTheWay"]>): number {
      return Math.max(0, super.inTheWay(...args) - 1);
    }
  },
  "does not give the room back when a swap fails": class extends Fleet {
    protected override giveUp(worker: Worker, swap: Swap): void {
      super.giveUp(worker, swap);
      this.driver.makeRoom(worker, swap.blocks);
    }
  },
  "swaps the workers of an owner as far as it can": class extends Fleet {
    override swap(request: Parameters<Fleet["swap"]>[0]): ReturnType<Fleet["swap"]> {
      const reply = super.swap(request);
      if (reply.kind !== "refused" || !("owner" in request)) return reply;
      const { owner, ...running } = request;
      const first = this.ownedBy(owner)[0];
      if (first !== undefined) super.swap({ ...running, worker: first.number });
      return reply;
    }
  },
  "gives up a swap and lets its weights come": class extends Fleet {
    protected override lack(worker: Worker): void {
      if (worker.swap === undefined) super.lack(worker);
      else this.driver.swapFailed(worker);
    }
  },
  "swaps a worker that holds what is in the way": class extends Fleet {
    protected override objectionTo(
      ...args: Parameters<Fleet["objectionTo"]>
    ): ReturnType<Fleet["objectionTo"]> {
      const because = super.objectionTo(...args);
      return because === "kv-in-use" ? undefined : because;
    }
  },
  "goes without any model when a swap fails": class extends Fleet {
    protected override giveUp(worker: Worker, swap: Swap): void {
      super.giveUp(worker, swap);
      worker.isServing = false;
    }
  },
  "gives a worker a block more than fit": class extends Fleet {
    private readonly larger = new Map<number, Kind>();
    protected override kindOf(...args: Parameters<Fleet["kindOf"]>): Kind {
      const kind = super.kindOf(...args);
      if (kind.capacityBlocks < 1) return kind;
      const { number, capacityBlocks } = kind;
      const known = this.larger.get(number) ?? { ...kind, capacityBlocks: capacityBlocks + 1 };
      this.larger.set(number, known);
      return known;
    }
  },
  "moves a swapped worker to another owner": class extends Fleet {
    protected override exchange(worker: Worker, swap: Swap): void {
      super.exchange(worker, swap);
      (worker as { owner: number }).owner += 1;
    }
  },
} as const;

/** Every broken fleet, by what it does wrong. */
export const BROKEN_FLEETS = { ...LIFE, ...BROKEN_PLACES, ...WEIGHTS, ...SWAPS } as const;
