import { distance, type Profile } from "#spec";
import type { Directory } from "./directory/index.ts";
import type { KvKind } from "./fleet-kinds.ts";
import type { Prompt, Routable } from "./machine-contract.ts";
import { namesOf } from "./machine-kinds.ts";
import type { RackWorker } from "./machine-worker.ts";
import type { Router, RouterArrays } from "./router/index.ts";

/**
 * What the router is given: who serves a model, how much of a prompt each holds, how far it is and what it has to do. A worker's load are the
 * blocks that its requests ask for, those that have not started included.
 */
export class Routing {
  readonly #profile: Profile;
  readonly #directory: Directory;
  readonly #router: Router;
  readonly #runs: Uint32Array;
  readonly #overlaps: Uint32Array;
  readonly #distances: Uint8Array;
  readonly #live: Uint8Array;
  readonly #loads: Float64Array;
  readonly #requests: Uint32Array;

  constructor(profile: Profile, directory: Directory, router: Router) {
    const gpus = profile.gpuCount.value;
    this.#profile = profile;
    this.#directory = directory;
    this.#router = router;
    this.#runs = new Uint32Array(directory.shape.workers);
    this.#overlaps = new Uint32Array(gpus);
    this.#distances = new Uint8Array(gpus);
    this.#live = new Uint8Array(gpus);
    this.#loads = new Float64Array(gpus);
    this.#requests = new Uint32Array(gpus);
  }

  /** Which of the live workers a prompt goes to; −1 without any. `number` says which decision it is. Changes nothing. */
  choose(live: readonly RackWorker[], prompt: Prompt, number: number): number {
    return this.#router(this.#view(live, prompt, number));
  }

  /** Everybody who may be chosen, as last looked at. */
  among(): readonly Routable[] {
    const found: Routable[] = [];
    for (const [worker, live] of this.#live.entries()) {
      if (live !== 1) continue;
      found.push({
        worker,
        overlapBlocks: this.#overlaps[worker] as number,
        distance: this.#distances[worker] as number,
        loadBlocks: this.#loads[worker] as number,
        activeRequests: this.#requests[worker] as number,
      });
    }
    return found;
  }

  /** The longest leading runs of a prompt of one kind, by worker; to be read before the next look. */
  runs(names: Uint32Array): Uint32Array {
    this.#directory.leadingRuns(names, this.#runs);
    return this.#runs;
  }

  /** A worker has a request more, or one less. */
  load(worker: number, requests: number, blocks: number): void {
    this.#requests[worker] = (this.#requests[worker] as number) + requests;
    this.#loads[worker] = (this.#loads[worker] as number) + blocks;
  }

  #view(live: readonly RackWorker[], { blocks, from }: Prompt, number: number): RouterArrays {
    let looked: KvKind | undefined;
    this.#live.fill(0);
    for (const worker of live) {
      // Runs are of one kind; most racks run one kind of a model, which is looked up once.
      if (looked !== worker.kind) this.runs(namesOf(worker.kind, blocks));
      looked = worker.kind;
      this.#live[worker.number] = 1;
      this.#overlaps[worker.number] = this.#runs[worker.number] as number;
      this.#distances[worker.number] =
        from === undefined ? 0 : farFrom(this.#profile, worker, from);
    }
    return {
      overlapBlocks: this.#overlaps,
      distances: this.#distances,
      loadBlocks: this.#loads,
      activeRequests: this.#requests,
      live: this.#live,
      promptBlocks: blocks.length,
      number,
    };
  }
}

/** From a place to a worker: nothing when it is there itself, and as far as its farthest GPU otherwise. */
const farFrom = (profile: Profile, { gpus }: RackWorker, from: number): number =>
  gpus.includes(from) ? 0 : Math.max(...gpus.map((gpu) => distance(profile, from, gpu)));
