/** Fleets that go wrong about how many workers there are, and what they are given. */
import { Fleet } from "#rack";

type Worker = Parameters<Fleet["serve"]>[0];
type Deployment = Parameters<Fleet["open"]>[0];
type Because = Parameters<Fleet["end"]>[1];
type Request = Parameters<Fleet["deploy"]>[0];

/** By what they do wrong. */
export const BROKEN_PLACES = {
  "places as many again as an owner was given": class extends Fleet {
    protected override lackOf(deployment: Deployment): number {
      return super.lackOf(deployment) > 0 ? deployment.wanted : 0;
    }
  },
  "forgets an owner who has lost all": class extends Fleet {
    protected override end(worker: Worker, because: Because): void {
      super.end(worker, because);
      if (this.ownedBy(worker.owner).length === 0) this.deployments.delete(worker.owner);
    }
  },
  "places one worker fewer than fit": class extends Fleet {
    protected override mostThatFit(tp: number, bound: number): number {
      return super.mostThatFit(tp, bound) - 1;
    }
  },
  "keeps the replicas that fit when not all do": class extends Fleet {
    override deploy(request: Request): ReturnType<Fleet["deploy"]> {
      const reply = super.deploy(request);
      if (reply.kind === "refused" && reply.because === "no-room") {
        super.deploy({ ...request, replicas: 1 });
      }
      return reply;
    }
  },
  "places those who stand apart as one gang": class extends Fleet {
    protected override placeApart(deployment: Deployment, count: number): readonly Worker[] {
      const workers = super.placeApart(deployment, count);
      for (const worker of workers) (worker as { gang: number }).gang = workers[0]?.gang ?? 0;
      return workers;
    }
  },
  "ends an owner who deploys twice": class extends Fleet {
    override deploy(request: Request): ReturnType<Fleet["deploy"]> {
      const reply = super.deploy(request);
      if (reply.kind === "refused" && reply.because === "owner-known") this.undeploy(request.owner);
      return reply;
    }
  },
  "gives all the blocks that fit, whatever the bound": class extends Fleet {
    override deploy(request: Request): ReturnType<Fleet["deploy"]> {
      return super.deploy({ ...request, capacityMost: undefined });
    }
  },
  "brings warm weights all the same": class extends Fleet {
    override deploy(request: Request): ReturnType<Fleet["deploy"]> {
      return super.deploy({ ...request, warm: false });
    }
  },
} as const;
