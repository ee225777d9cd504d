/** Racks that go wrong about who lives, who serves and what is lost. */
import { DirectoryModel, RackMachine, TierModel } from "#rack";
import { GPUS } from "./setup.ts";
import { broken, withParts } from "./subjects.ts";

type Worker = NonNullable<ReturnType<RackMachine["choose"]>>;
type Kind = Worker["kind"];
type Deploy = Parameters<RackMachine["deploy"]>[0];
type Place = Parameters<RackMachine["lose"]>[0];
type Request = Parameters<RackMachine["forget"]>[0];

/** An end that leaves something of the worker. */
const ending = (end: (worker: Worker, whole: () => void) => void) =>
  broken(
    class extends RackMachine {
      protected override end(worker: Worker): void {
        end(worker, () => super.end(worker));
      }
    },
  );

export const LIFE_MUTANTS = {
  "does not tell the directory of workers that are gone": withParts(() => ({
    createDirectory: (shape) =>
      new (class extends DirectoryModel {
        override drop(): void {}
      })(shape),
  })),
  "keeps the listings of a switch whose memory is lost": withParts(() => ({
    createDirectory: (shape) =>
      new (class extends DirectoryModel {
        override drop(worker: number): void {
          if (worker < GPUS) super.drop(worker);
        }
      })(shape),
  })),
  "gives a switch back with what it had": withParts(() => {
    const kept = new Map<number | undefined, TierModel>();
    return {
      createTier: (shape) => {
        const tier = kept.get(shape.domainGpus[0]) ?? new TierModel(shape);
        kept.set(shape.domainGpus[0], tier);
        return tier;
      },
    };
  }),
  "serves before its weights are whole": broken(
    class extends RackMachine {
      protected override open(...args: Parameters<RackMachine["open"]>): Worker {
        const worker = super.open(...args);
        worker.isServing = true;
        return worker;
      }
    },
  ),
  "does not serve when it is alone": broken(
    class extends RackMachine {
      protected override becomeWhole(worker: Worker): void {
        super.becomeWhole(worker);
        if (this.present().length === 1) worker.isServing = false;
      }
    },
  ),
  "keeps the first worker of a gang that ends": ending((worker, end) => {
    if (worker.gpus.includes(0)) worker.isServing = false;
    else end();
  }),
  "leaves the requests of a worker that ends": broken(
    class extends RackMachine {
      protected override end(worker: Worker): void {
        const kept = [...worker.requests].map((number) => this.requests.get(number) as Request);
        super.end(worker);
        for (const request of kept) this.requests.set(request.number, request);
      }
    },
  ),
  "leaves plans as they are when a source is gone": broken(
    class extends RackMachine {
      protected override settle(): void {
        this.gone = [];
        super.settle();
      }
    },
  ),
  "gives up a worker that lost the source of its weights": broken(
    class extends RackMachine {
      protected override lack({ number }: Worker): void {
        this.weights.end(number);
      }
    },
  ),
  "knows only the lowest of those who have weights": broken(
    class extends RackMachine {
      protected override holders(weights: string): readonly (readonly number[])[] {
        return super.holders(weights).slice(0, 1);
      }
    },
  ),
  "takes who is not whole for a source of weights": broken(
    class extends RackMachine {
      protected override holders(weights: string): readonly (readonly number[])[] {
        const known = this.present().filter(({ kind }) => kind.weights === weights);
        return known.length > 1 ? known.slice(0, 1).map(({ gpus }) => gpus) : [];
      }
    },
  ),
  "keeps the load of requests that end with their worker": broken(
    class extends RackMachine {
      protected override end(worker: Worker): void {
        const { number, requests } = worker;
        const count = requests.size;
        super.end(worker);
        this.routing.load(number, count, count);
      }
    },
  ),
  "tells the end of a wait for the instant of what happened in it": broken(
    class extends RackMachine {
      override advance(atNs: number): void {
        const first = this.told.length;
        super.advance(atNs);
        this.told = this.told.map((event, at) => (at < first ? event : { ...event, atNs }));
      }
    },
  ),
  "lets one thing happen a wait": broken(
    class extends RackMachine {
      override advance(atNs: number): void {
        const nextNs = this.nextNs();
        if (nextNs !== undefined && nextNs <= atNs) super.advance(nextNs);
        this.nowNs = atNs;
      }
    },
  ),
  "keeps the replicas that fit when not all do": broken(
    class extends RackMachine {
      override deploy(request: Deploy): ReturnType<RackMachine["deploy"]> {
        const reply = super.deploy(request);
        if (reply.kind === "refused" && reply.because === "no-room" && request.replicas > 1) {
          super.deploy({ ...request, replicas: 1 });
        }
        return reply;
      }
    },
  ),
  "ends an owner who deploys twice": broken(
    class extends RackMachine {
      override deploy(request: Deploy): ReturnType<RackMachine["deploy"]> {
        const reply = super.deploy(request);
        if (reply.kind === "refused" && reply.because === "owner-known") {
          this.undeploy(request.owner);
        }
        return reply;
      }
    },
  ),
  "brings a domain back without its switch": broken(
    class extends RackMachine {
      override regain(what: Place): ReturnType<RackMachine["regain"]> {
        if (!("domain" in what)) return super.regain(what);
        const gpus = [0, 1, 2, 3].map((place) => 4 * what.domain + place);
        const replies = gpus.map((gpu) => super.regain({ gpu }));
        return (
          replies.find(({ kind }) => kind === "regained") ?? {
            kind: "refused",
            because: "not-lost",
          }
        );
      }
    },
  ),
  "brings one GPU of a superchip back": broken(
    class extends RackMachine {
      override regain(what: Place): ReturnType<RackMachine["regain"]> {
        return super.regain("superchip" in what ? { gpu: 2 * what.superchip } : what);
      }
    },
  ),
  "loses one GPU of a superchip": broken(
    class extends RackMachine {
      override lose(what: Place): ReturnType<RackMachine["lose"]> {
        return super.lose("superchip" in what ? { gpu: 2 * what.superchip } : what);
      }
    },
  ),
  "takes a GPU out of service when its gang is released": broken(
    class extends RackMachine {
      override undeploy(owner: number): ReturnType<RackMachine["undeploy"]> {
        const gpus = this.present()
          .filter((one) => one.owner === owner)
          .map(({ gpus: [gpu] }) => gpu);
        const reply = super.undeploy(owner);
        if (reply.kind !== "refused") this.gangs.lose(gpus[0] as number);
        return reply;
      }
    },
  ),
  "opens the first of several replicas twice": broken(
    class extends RackMachine {
      protected override open(owner: number, kind: Kind, gpus: readonly number[]): Worker {
        const [gpu = 0] = gpus;
        return super.open(owner, kind, this.workers[gpu - 1] ? [gpu - 1, ...gpus.slice(1)] : gpus);
      }
    },
  ),
} as const;
