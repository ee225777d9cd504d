import { ascending } from "#base";
import type { Profile } from "#spec";
import type { Directory, Listing } from "./directory/index.ts";
import type { Fleet } from "./fleet.ts";
import type { NamedBlock } from "./machine-contract.ts";
import type { Fetches, FetchSource } from "./machine-fetches.ts";
import { blockOf, named } from "./machine-kinds.ts";
import { SWITCH, type Switches } from "./machine-switches.ts";
import type { MachineRequest, RackWorker } from "./machine-worker.ts";
import type { PoolCounts } from "./pool/index.ts";
import type { Transfers } from "./transfer/index.ts";

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
  readonly loads: ReturnType<Fleet["places"]>["loads"];
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
  readonly fleet: Fleet;
  readonly directory: Directory;
  readonly switches: Switches;
  readonly fetches: Fetches;
  readonly workers: readonly RackWorker[];
  readonly requests: readonly MachineRequest[];
};

/** Draws everything up. Changes nothing. */
export const sightOf = (seen: Seen): MachineSight => ({
  nowNs: seen.nowNs,
  ...seen.fleet.places(),
  workers: seenWorkers(seen),
  memory: seen.workers.flatMap((worker) => memoryOf(worker, seen.profile)),
  switches: seen.switches
    .contents()
    .map((blocks) => blocks?.map(({ block }) => named(seen.fleet.kindsSoFar(), block)) ?? null),
  listed: listedIn(seen),
  fetches: seen.fetches.underway().map(({ request, target, source, flights, dueNs }) => ({
    request,
    worker: target.number,
    source: seenSource(source, target),
    blocks: blocksOf(flights.keys()),
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

/** The numbers of blocks, whatever their kind. */
const blocksOf = (names: Iterable<number>): readonly number[] =>
  Array.from(names, blockOf).toSorted(ascending((block) => block));

const seenWorkers = ({ workers }: Seen): readonly SeenWorker[] => {
  const used = new Set(workers.map(({ transfers }) => transfers));
  const placed = new Map([...used].map((transfers) => [transfers, placedIn(transfers)]));
  return workers.map((worker) =>
    seenWorker(worker, placed.get(worker.transfers)?.get(worker.place) ?? []),
  );
};

/** The blocks that transfers of a kind have whole, by place. */
const placedIn = (transfers: Transfers): ReadonlyMap<number, readonly number[]> => {
  const placed = new Map<number, number[]>();
  for (const { worker, block, state } of transfers.contents()) {
    if (state === "arriving") continue;
    const blocks = placed.get(worker);
    if (blocks === undefined) placed.set(worker, [block]);
    else blocks.push(block);
  }
  return placed;
};

const seenWorker = (worker: RackWorker, placed: readonly number[]): SeenWorker => {
  const { number, owner, gpus, isServing, kind, swap, capacityBlocks, pool, requests } = worker;
  return {
    worker: number,
    owner,
    gpus,
    running: kind.text,
    serving: isServing,
    swap: swap ? { running: swap.kind.text, blocks: swap.blocks } : null,
    capacityBlocks,
    counts: pool.counts(),
    readable: blocksOf(pool.readable()),
    placed: blocksOf(placed),
    requests: [...requests].toSorted(ascending((request) => request)),
  };
};

/** Every GPU of a worker has one shard of each block that is not free, and up to a byte more or less of the weights than the others. */
const memoryOf = (
  { gpus, kind, swap, capacityBlocks, pool }: RackWorker,
  profile: Profile,
): readonly (readonly [number, number])[] => {
  const blocks = capacityBlocks - pool.counts().free - (swap?.blocks ?? 0);
  const weights = [kind, ...(swap ? [swap.kind] : [])];
  return gpus.map((gpu) => [
    gpu,
    profile.workspace.value +
      (blocks * kind.blockBytes) / kind.tp +
      weights.reduce((sum, { weightBytes }) => sum + Math.ceil(weightBytes / kind.tp), 0),
  ]);
};

const listedIn = ({ directory, fleet, profile }: Seen): MachineSight["listed"] => {
  const gpus = profile.gpuCount.value;
  const kinds = fleet.kindsSoFar();
  const placeOf = ({ worker, tier }: Listing): string =>
    tier === SWITCH ? `domain ${worker - gpus}` : `worker ${worker}`;
  return directory
    .contents()
    .toSorted(ascending(({ worker }) => worker))
    .map((listing) => [placeOf(listing), ...named(kinds, listing.block)]);
};
