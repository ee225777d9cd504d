import type { ServingGroup } from "#rack";
import type { EngineWorker, Live } from "#replay";
import { property } from "#verify";
import { ListeningEngine, type Run } from "./engines.ts";
import { count, parted, retold, runsOf, withCosts } from "./relations.ts";
import type { Scene } from "./scene.ts";
import { engine, type RunCall } from "./scene-runs.ts";
import { scenes } from "./scenes.ts";

const DOMAIN = 8;
const GPUS = 32;

/** As many whole domains to the right as there are beside the workers. */
const shiftOf = ({ workers, decoders, tp }: Scene): number => {
  const used = Math.ceil(((workers + Math.max(0, decoders)) * tp) / DOMAIN);
  return GPUS - used * DOMAIN;
};

/** Takes a request that comes from nowhere for one that comes from the first GPU. */
class Homesick extends ListeningEngine {
  protected override choose(
    group: ServingGroup,
    mask: Uint8Array,
    live: Live,
    from: number,
    nowNs: number,
  ): EngineWorker | undefined {
    return super.choose(group, mask, live, Math.max(0, from), nowNs);
  }
}

export default property<Scene, RunCall, Run>({
  id: "REP-6",
  part: "replay",
  statement:
    "workers that all move by whole domains, in their order, live through the same run under their new numbers",
  given: scenes(),
  subject: engine(),
  scripts: (scene) => [[{ kind: "run", scene }], [{ kind: "run", scene, shift: shiftOf(scene) }]],

  holds(scene, replies) {
    const [here, there] = runsOf(replies) as [Run, Run];
    const shift = shiftOf(scene);
    const moved = (worker: number): number => (worker < 0 ? worker : worker + shift);
    return parted(
      retold(here, (event) => ({ ...event, worker: moved(event.worker) })),
      there,
    );
  },

  witnesses: {
    "workers of two domains": ({ workers, tp }) => workers * tp > DOMAIN,
    "KV that moves": (_, replies) => count(runsOf(replies)[0] as Run, "moved") > 0,
    "a turn that comes back": ({ requests }) =>
      requests.filter(({ session }) => session === 0).length > 1,
  },

  mutants: {
    "takes nowhere for the first GPU": engine({
      createEngine: (...args) => new Homesick(...args),
    }),
    "gives the first worker of the rack the slow GPUs": withCosts(({ serving, costs }) => ({
      stepNs: (...args) => costs.stepNs(...args) + (serving.number === 0 ? 100 : 0),
    })),
  },
});
