/** What there is in a run of the model, and everything that can be asked of it: found anew each time, by looking at all requests. */
import { assert, isRefused } from "#base";
import {
  chooseWorker,
  DirectoryModel,
  type Fabric,
  FabricModel,
  fabricShapeOf,
  type Policy,
  PoolModel,
} from "#rack";
import { distance, type Profile, workerDistance, workers } from "#spec";
import type { TraceRequest } from "#trace";
import type { EngineEvent, EngineSettings } from "../engine/contract.ts";
import {
  byLine,
  byNumber,
  byUrgency,
  kvTokens,
  type ModelRequest,
  type ModelState,
} from "./model-request.ts";
import type { ModelWorker, ModelWorkerSetup } from "./model-worker.ts";

/** What a run of the model is made with. */
export type ModelSetup = {
  readonly settings: EngineSettings;
  readonly profile: Profile;
  readonly policy: Policy;
  readonly seed: number;
  /** By number. */
  readonly workers: readonly ModelWorkerSetup[];
  /** To which workers a request goes. */
  readonly kindOf: (request: TraceRequest) => number;
};

/** One event of a run, as the engine tells it: what happened to a request, when, and at which worker (−1 for none). */
export type ModelEvent = {
  readonly event: EngineEvent;
  readonly atNs: number;
  readonly request: number;
  readonly worker: number;
  /** Tokens that it has been given by now. */
  readonly tokens: number;
  /** Leading blocks of its prompt that were there when it was last taken up, and those that were fetched when it was first. */
  readonly hits: number;
  readonly fetched: number;
};

/** HBM, where all blocks of pools lie. */
const HBM = 0;

/** The rack of a run and the requests that have been read. */
export class ModelWorld {
  readonly events: ModelEvent[] = [];
  /** Requests that have ended. */
  readonly ended: ModelRequest[] = [];
  /** Those that have been read and have not ended, by number. */
  protected requests: readonly ModelRequest[] = [];
  protected readonly setup: ModelSetup;
  protected readonly workers: readonly ModelWorker[];
  protected readonly directories = new Map<number, DirectoryModel>();
  protected readonly fabric: Fabric;
  protected nowNs = 0;
  /** Choices of a worker so far: who takes turns goes by it. */
  protected decisions = 0;

  constructor(setup: ModelSetup) {
    this.setup = setup;
    this.fabric = new FabricModel(fabricShapeOf(setup.profile));
    this.workers = setup.workers.map((worker) => this.open(worker));
  }

  /** The requests of a worker that are in one of some states, by number. */
  protected at(worker: ModelWorker, ...states: readonly ModelState[]): readonly ModelRequest[] {
    return this.requests
      .filter((one) => one.worker === worker && states.includes(one.state))
      .toSorted(byNumber);
  }

  protected batch(worker: ModelWorker): readonly ModelRequest[] {
    return this.at(worker, "decoding");
  }

  /** Who prefills, in the order in which they began to. */
  protected prefilling(worker: ModelWorker): readonly ModelRequest[] {
    return this.at(worker, "prefilling").toSorted(byLine);
  }

  /** Who waits for a worker, to be prefilled or, prefilled elsewhere, to be decoded. */
  protected queue(worker: ModelWorker): readonly ModelRequest[] {
    const isHere = ({ state, worker: own, target }: ModelRequest): boolean =>
      (state === "waiting" && own === worker) || (state === "handover" && target === worker);
    return this.requests.filter(isHere).toSorted(byUrgency);
  }

  /** Whether a worker may take up one more: a seat, and tokens of the next step to spare. */
  protected hasSeat(worker: ModelWorker): boolean {
    const { maxNumSeqs, maxNumBatchedTokens } = this.setup.settings;
    const coming = this.requests.filter(
      ({ state, target }) => state === "moving" && target === worker,
    );
    const seated = this.at(worker, "decoding", "prefilling", "ready", "fetching");
    const computed = this.prefilling(worker).reduce(
      (sum, { left }) => sum + left,
      this.batch(worker).length,
    );
    return seated.length + coming.length < maxNumSeqs && computed < maxNumBatchedTokens;
  }

  /** Tokens of KV that the next step of a worker reads. */
  protected kvTokens(worker: ModelWorker): number {
    return this.batch(worker).reduce((sum, one) => sum + kvTokens(one), 0);
  }

  /** Blocks without a name that a request needs once `tokens` of its output have their KV: output begins in a block of its own. */
  protected unnamed({ promptBlocks, blocks }: ModelRequest, tokens: number): number {
    return promptBlocks - blocks.length + Math.ceil(tokens / this.setup.settings.blockTokens);
  }

  /** Tokens to compute behind some leading blocks, of which the last one always is. */
  protected behind({ request, tokens }: ModelRequest, blocks: number): number {
    const all = request.inputTokens + tokens;
    return Math.min(all, Math.max(1, all - blocks * this.setup.settings.blockTokens));
  }

  /** How much of a prompt each worker holds, as the directory has it, by place. */
  protected runs(one: ModelRequest): Uint32Array {
    const directory = this.directories.get(this.setup.kindOf(one.request));
    const into = new Uint32Array(directory?.shape.workers ?? 0);
    directory?.leadingRuns(one.blocks, into);
    return into;
  }

  /** Which worker of some roles a request goes to. `from` is a GPU that it comes from, or −1. */
  protected choose(
    one: ModelRequest,
    roles: readonly ModelWorker["role"][],
    from: number,
  ): ModelWorker | undefined {
    const { policy, seed, profile, kindOf } = this.setup;
    const runs = this.runs(one);
    const able = this.workers.filter(
      ({ kind, role }) => kind === kindOf(one.request) && roles.includes(role),
    );
    const candidates = able.map((worker) => {
      const { id, gpus } = worker.place;
      const loads = this.requests.filter(
        ({ worker: own, target }) => own === worker || target === worker,
      );
      return {
        worker: id,
        overlapBlocks: runs[id] as number,
        distance:
          from < 0 || gpus.includes(from)
            ? 0
            : Math.max(...gpus.map((gpu) => distance(profile, from, gpu))),
        loadBlocks: loads.reduce((sum, { promptBlocks }) => sum + promptBlocks, 0),
        activeRequests: loads.length,
        live: true,
      };
    });
    const decision = chooseWorker(policy, seed, {
      candidates,
      promptBlocks: one.promptBlocks,
      number: this.decisions,
    });
    if (decision.kind === "refused") return undefined;
    this.decisions += 1;
    return able.find(({ place }) => place.id === decision.worker);
  }

  /** The nearest other worker with the longest run of a prompt, when that is longer than `hits`. */
  protected elsewhere(one: ModelRequest, worker: ModelWorker, hits: number) {
    const runs = this.runs(one);
    const run = Math.max(...runs);
    if (run <= hits) return undefined;
    const [source] = this.workers
      .filter(
        (other) => other.kind === worker.kind && other !== worker && runs[other.place.id] === run,
      )
      .toSorted((left, right) => this.distance(left, worker) - this.distance(right, worker));
    return source && { source, run };
  }

  protected distance(left: ModelWorker, right: ModelWorker) {
    return workerDistance(this.setup.profile, left.place, right.place);
  }

  /** Writes an event down. Whoever is idle then looks again. */
  protected tell(
    event: EngineEvent,
    { number, tokens, hits, fetched }: ModelRequest,
    worker: ModelWorker | undefined,
  ): void {
    const at = worker?.number ?? -1;
    this.events.push({
      event,
      atNs: this.nowNs,
      request: number,
      worker: at,
      tokens,
      hits,
      fetched,
    });
    for (const one of this.workers) one.isStale = true;
  }

  /** Makes a worker with an empty pool, whose directory hears of everything at once. */
  private open(setup: ModelWorkerSetup): ModelWorker {
    const { profile } = this.setup;
    const places = workers(profile, setup.tp);
    const place = places[setup.number / setup.tp];
    assert(place !== undefined, "a worker has GPUs", setup.number);
    const known = this.directories.get(setup.kind);
    const directory = known ?? new DirectoryModel({ workers: places.length, tiers: 1 });
    this.directories.set(setup.kind, directory);
    let id = 0;
    const told =
      (how: "stored" | "removed") =>
      (block: number): void => {
        assert(
          !isRefused(directory[how](place.id, HBM, block, id)),
          "events are told in their order",
        );
        id += 1;
      };
    const pool = new PoolModel(setup.capacityBlocks, {
      stored: told("stored"),
      removed: told("removed"),
    });
    return {
      ...setup,
      place,
      pool,
      stage: "idle",
      endNs: Number.POSITIVE_INFINITY,
      phase: undefined,
      isOpen: true,
      isStale: false,
    };
  }
}
