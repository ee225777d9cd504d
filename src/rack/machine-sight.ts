import { ascending } from "#base";
import type { Profile } from "#spec";
import type { Directory, Listing } from "./directory/index.ts";
import type { Gangs } from "./gang/index.ts";
import type { NamedBlock } from "./machine-contract.ts";
import type { Fetches, FetchSource } from "./machine-fetches.ts";
import type { KvKind, KvKinds } from "./machine-kinds.ts";
import { SWITCH, type Switches } from "./machine-switches.ts";
import type { WeightLoads } from "./machine-weights.ts";
import type { MachineRequest, RackWorker } from "./machine-worker.ts";
import type { PoolCounts } from "./pool/index.ts";

/** A worker as it can be seen. */
export type SeenWorker = {
  readonly worker: number;
  readonly owner: number;
  readonly gpus: readonly number[];
  readonly running: string;
  readonly serving: boolean;
  /** What is on its way to it, and the blocks whose room that takes. */
  readonly swap: { readonly running: string; readonly blocks: number } | null;
  readonly capacityBlocks: number;
  readonly counts: PoolCounts;
  /** The blocks that can be read in its pool, by number. */
  readonly readable: readonly number[];
  /** The same as the transfers of its kind have it. */
  readonly placed: readonly number[];
  readonly requests: readonly number[];
};

/** A copy under way. */
export type SeenFetch = {
  readonly request: number;
  readonly worker: number;
  readonly source: { readonly worker: number } | { readonly domain: number };
  readonly blocks: readonly number[];
  readonly dueNs: number;
};

/** Everything that can be known of a rack. Lists are by number unless told. */
export type MachineSight = {
  readonly nowNs: number;
  readonly owners: readonly number[];
  readonly freeGpus: readonly number[];
  readonly lostGpus: readonly number[];
  readonly workers: readonly SeenWorker[];
  /** By GPU of a worker: workspace, weights, weights on their way, and blocks that are not free. */
  readonly memory: readonly (readonly [gpu: number, bytes: number])[];
  /** By domain, what lies in its switch, least recent first; null for a memory that is lost. */
  readonly switches: readonly (readonly NamedBlock[] | null)[];
  /** What the directory lists, by place: workers, then domains. */
  readonly listed: readonly (readonly [place: string, kind: string, block: number])[];
  /** In the order in which they were set out. */
  readonly loads: ReturnType<WeightLoads["underway"]>;
  /** In the order in which they began. */
  readonly fetches: readonly SeenFetch[];
  readonly requests: readonly {
    readonly request: number;
    readonly worker: number;
    readonly started: boolean;
  }[];
};

/** What a sight is drawn from. */
type Seen = {
  readonly nowNs: number;
  readonly profile: Profile;
  readonly gangs: Gangs;
  readonly directory: Directory;
  readonly kinds: KvKinds;
  readonly switches: Switches;
  readonly weights: WeightLoads;
  readonly fetches: Fetches;
  readonly workers: readonly RackWorker[];
  readonly requests: readonly MachineRequest[];
};

/** Draws everything up. Changes nothing. */
export const sightOf = (seen: Seen): MachineSight => ({
  nowNs: seen.nowNs,
  owners: seen.gangs.owners(),
  freeGpus: seen.gangs.freeGpus(),
  lostGpus: seen.gangs.lostGpus(),
  workers: seenWorkers(seen),
  memory: seen.workers.flatMap((worker) => memoryOf(worker, seen.profile)),
  switches: seen.switches
    .contents()
    .map((blocks) => blocks?.map(({ block }) => seen.kinds.named(block)) ?? null),
  listed: listedIn(seen),
  loads: seen.weights.underway(seen.nowNs),
  fetches: seen.fetches.underway().map(({ request, target, source, flights, dueNs }) => ({
    request,
    worker: target.number,
    source: seenSource(source, target),
    blocks: blocksOf(flights.keys(), seen.kinds),
    dueNs,
  })),
  requests: seen.requests
    .map(({ number, worker, isStarted }) => ({
      request: number,
      worker: worker.number,
      started: isStarted,
    }))
    .toSorted(ascending(({ request }) => request)),
});

const seenSource = (source: FetchSource, target: RackWorker) =>
  source === "switch" ? { domain: target.domain } : { worker: source.number };

const blocksOf = (names: Iterable<number>, kinds: KvKinds): readonly number[] =>
  Array.from(names, (name) => kinds.named(name)[1]).toSorted(ascending((block) => block));

const seenWorkers = ({ workers, kinds }: Seen): readonly SeenWorker[] => {
  const used = new Set(workers.map(({ kind }) => kind));
  const placed = new Map([...used].map((kind) => [kind, placedIn(kind)]));
  return workers.map((worker) =>
    seenWorker(worker, kinds, placed.get(worker.kind)?.get(worker.place) ?? []),
  );
};

/** The blocks that transfers of a kind have whole, by place. */
const placedIn = ({ transfers }: KvKind): ReadonlyMap<number, readonly number[]> => {
  const placed = new Map<number, number[]>();
  for (const { worker, block, state } of transfers.contents()) {
    if (state === "arriving") continue;
    const blocks = placed.get(worker);
    if (blocks === undefined) placed.set(worker, [block]);
    else blocks.push(block);
  }
  return placed;
};

const seenWorker = (worker: RackWorker, kinds: KvKinds, placed: readonly number[]): SeenWorker => {
  const { number, owner, gpus, isServing, kind, swap, pool, requests } = worker;
  return {
    worker: number,
    owner,
    gpus,
    running: kind.text,
    serving: isServing,
    swap: swap ? { running: swap.kind.text, blocks: swap.blocks } : null,
    capacityBlocks: kind.capacityBlocks,
    counts: pool.counts(),
    readable: blocksOf(pool.readable(), kinds),
    placed: blocksOf(placed, kinds),
    requests: [...requests].toSorted(ascending((request) => request)),
  };
};

/** Every GPU of a worker has one shard of each block that is not free, and up to a byte more or less of the weights than the others. */
const memoryOf = (
  { gpus, kind, swap, pool }: RackWorker,
  profile: Profile,
): readonly (readonly [number, number])[] => {
  const blocks = kind.capacityBlocks - pool.counts().free - (swap?.blocks ?? 0);
  const weights = [kind, ...(swap ? [swap.kind] : [])];
  return gpus.map((gpu) => [
    gpu,
    profile.workspace.value +
      (blocks * kind.blockBytes) / kind.tp +
      weights.reduce((sum, { weightBytes }) => sum + Math.ceil(weightBytes / kind.tp), 0),
  ]);
};

const listedIn = ({ directory, kinds, profile }: Seen): MachineSight["listed"] => {
  const gpus = profile.gpuCount.value;
  const placeOf = ({ worker, tier }: Listing): string =>
    tier === SWITCH ? `domain ${worker - gpus}` : `worker ${worker}`;
  return directory
    .contents()
    .toSorted(ascending(({ worker }) => worker))
    .map((listing) => [placeOf(listing), ...kinds.named(listing.block)]);
};
