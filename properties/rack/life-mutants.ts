/** Racks that go wrong about who lives, who serves and what is lost. */
import { DirectoryModel, RackMachine, TierModel } from "#rack";
import { GPUS } from "./setup.ts";
import { broken, withParts } from "./subjects.ts";

type Worker = NonNullable<ReturnType<RackMachine["choose"]>>;
type Deploy = Parameters<RackMachine["deploy"]>[0];
type Place = Parameters<RackMachine["lose"]>[0];
type Request = Parameters<RackMachine["forget"]>[0];

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
  "leaves the requests of a worker that ends": broken(
    class extends RackMachine {
      protected override end(worker: Worker): void {
        const kept = [...worker.requests].map((number) => this.requests.get(number) as Request);
        super.end(worker);
        for (const request of kept) this.requests.set(request.number, request);
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
} as const;
