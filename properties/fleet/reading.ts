/** What the properties know of a fleet by themselves: from the figures of the setup and from what can be seen, never from the fleet. */
import type { FleetHardware, FleetSight } from "#rack";
import { FIGURES } from "./setup.ts";

/** A worker as it is seen. */
export type Seen = FleetSight["workers"][number];

/** What a kind's name says: `a/fp8/fp4/tp2`. */
const parsed = (kind: string) => {
  const [model = "", weightFormat = "", kvFormat = "", degree = ""] = kind.split("/");
  return { model, weightFormat, kvFormat, tp: Number(degree.slice(2)) };
};

const BYTES: Readonly<Record<string, number>> = { fp4: 0.5, fp8: 1, fp16: 2 };

const bytesOf = (format: string): number => BYTES[format] ?? Number.NaN;

/** The weights that a kind runs, `a/fp8`. */
export const weightsOf = (kind: string): string => kind.split("/").slice(0, 2).join("/");

/** The bytes of a kind's weights, all GPUs together. */
const weightBytesOf = (kind: string): number => {
  const { model, weightFormat } = parsed(kind);
  const parameters = FIGURES.models.find(({ name }) => name === model)?.parameters ?? Number.NaN;
  return Math.ceil(parameters * bytesOf(weightFormat));
};

/** The bytes of a kind's weights on the GPU that has most of them. */
export const shardOf = (kind: string): number => Math.ceil(weightBytesOf(kind) / parsed(kind).tp);

/** The bytes of a block of a kind on each GPU: a key and a value of 8 heads, divided. */
export const blockShardOf = (kind: string): number => {
  const { kvFormat, tp } = parsed(kind);
  return (16 * bytesOf(kvFormat)) / tp;
};

/** The bytes of a GPU that are free for weights and KV. */
const USABLE = FIGURES.hbmBytes - FIGURES.workspaceBytes;

/** The most blocks of a kind that fit beside its weights. */
export const capacityOf = (kind: string): number =>
  Math.floor((USABLE - shardOf(kind)) / blockShardOf(kind));

/** The fewest blocks that a worker must do without while other weights lie beside its own. */
export const blocksToGo = ({ running, capacityBlocks }: Seen, other: string): number => {
  const both = shardOf(running) + shardOf(other);
  let blocks = 0;
  while (both + (capacityBlocks - blocks) * blockShardOf(running) > USABLE) blocks += 1;
  return blocks;
};

/** The GPUs of some hardware; a worker's are those it has. */
export const gpusOf = (what: FleetHardware, workers: readonly Seen[]): readonly number[] => {
  if ("worker" in what) return workers.find(({ worker }) => worker === what.worker)?.gpus ?? [];
  const [size, at] =
    "gpu" in what ? [1, what.gpu] : "superchip" in what ? [2, what.superchip] : [4, what.domain];
  return Array.from({ length: size }, (_, place) => at * size + place);
};

/** How many workers of a degree some GPUs have places for: aligned groups, all of whose GPUs are among them. */
export const placesFor = (tp: number, free: readonly number[]): number => {
  let places = 0;
  for (let first = 0; first < FIGURES.gpus; first += tp) {
    const group = Array.from({ length: tp }, (_, shard) => first + shard);
    if (group.every((gpu) => free.includes(gpu))) places += 1;
  }
  return places;
};

/** The worker of a number. */
export const workerAt = ({ workers }: FleetSight, number: number): Seen | undefined =>
  workers.find(({ worker }) => worker === number);

/** Bytes a nanosecond of a link by distance, and from the CPU of a superchip. */
const PER_NANO = { byDistance: [0, 0.09, 0.08, 0.06], cpu: 0.045 } as const;

/** A hop's nanoseconds; as many hops as a distance. */
const HOP_NS = 500;

/** How far apart two GPUs are. */
const far = (left: number, right: number): number => {
  if (left === right) return 0;
  if (left >> 1 === right >> 1) return 1;
  return left >> 2 === right >> 2 ? 2 : 3;
};

/** A hair below whole nanoseconds is whole. */
const whole = (ns: number): number => Math.ceil(ns - 1e-6);

/** The nanoseconds in which a kind's weights come from the CPUs. */
export const outsideNs = (kind: string): number => whole(shardOf(kind) / PER_NANO.cpu);

/** The nanoseconds in which a worker of one GPU gets a kind's weights from another, alone. */
export const betweenNs = (kind: string, from: number, to: number): number => {
  const distance = far(from, to);
  return distance * HOP_NS + whole(shardOf(kind) / (PER_NANO.byDistance[distance] as number));
};

/** No weights are sooner there, from however many: a GPU receives at the rate of its superchip's link, and something has a hop to go. */
export const leastNs = (kind: string): number => {
  const { tp } = parsed(kind);
  return Math.floor(Math.floor(weightBytesOf(kind) / tp) / PER_NANO.byDistance[1]);
};
