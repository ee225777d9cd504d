/** What the properties know of a rack by themselves: from the figures of the setup and from what can be seen, never from the machine. */
import type { MachineSight } from "#rack";
import { FIGURES, GPUS, GPUS_PER_DOMAIN } from "./setup.ts";

/** A worker as it is seen. */
export type Seen = MachineSight["workers"][number];

/** What a kind's name says: `a/fp8/fp4/tp2`. */
const parsed = (kind: string) => {
  const [model = "", weightFormat = "", kvFormat = "", degree = ""] = kind.split("/");
  return { model, weightFormat, kvFormat, tp: Number(degree.slice(2)) };
};

const BYTES: Readonly<Record<string, number>> = { fp4: 0.5, fp8: 1, fp16: 2 };

const bytesOf = (format: string): number => BYTES[format] ?? Number.NaN;

/** The model that a kind is of. */
export const modelOf = (kind: string): string => parsed(kind).model;

/** The weights that a kind runs, `a/fp8`. */
export const weightsOf = (kind: string): string => kind.split("/").slice(0, 2).join("/");

/** The GPUs of a worker of a kind. */
export const tpOf = (kind: string): number => parsed(kind).tp;

/** The bytes of a kind's weights, all GPUs together. */
export const weightBytesOf = (kind: string): number => {
  const { model, weightFormat } = parsed(kind);
  const parameters = FIGURES.models.find(({ name }) => name === model)?.parameters ?? Number.NaN;
  return Math.ceil(parameters * bytesOf(weightFormat));
};

/** The bytes of a block of a kind, all shards together: a key and a value of 8 heads. */
export const blockBytesOf = (kind: string): number => 16 * bytesOf(parsed(kind).kvFormat);

/** The most blocks of a kind for which there is room beside its weights. */
export const capacityOf = (kind: string): number => {
  const { hbmBytes, workspaceBytes } = FIGURES;
  const left = (hbmBytes - workspaceBytes) * tpOf(kind) - weightBytesOf(kind);
  return Math.floor(left / blockBytesOf(kind));
};

/** The domain of a GPU. */
export const domainOf = (gpu: number): number => Math.floor(gpu / GPUS_PER_DOMAIN);

/** How far apart two GPUs are. */
const far = (left: number, right: number): number => {
  if (left === right) return 0;
  if (left >> 1 === right >> 1) return 1;
  return domainOf(left) === domainOf(right) ? 2 : 3;
};

/** How far apart two workers of one degree are: their first GPUs decide, for groups are aligned. */
export const farApart = (left: Seen, right: Seen): number => far(left.worker, right.worker);

/** How far a worker is from a place. */
export const farFrom = ({ gpus }: Seen, place: number): number =>
  gpus.includes(place) ? 0 : Math.max(...gpus.map((gpu) => far(gpu, place)));

/** How many of the leading blocks are among some. */
export const leading = (blocks: readonly number[], among: readonly number[]): number => {
  const end = blocks.findIndex((block) => !among.includes(block));
  return end < 0 ? blocks.length : end;
};

/** The worker of a number. */
export const workerAt = (sight: MachineSight, worker: number): Seen | undefined =>
  sight.workers.find((one) => one.worker === worker);

/** Every GPU. */
export const ALL_GPUS: readonly number[] = Array.from({ length: GPUS }, (_, gpu) => gpu);

/** Bytes a second of a link by distance, of what a GPU sends or receives in all, and from its CPU. */
export const RATES = {
  byDistance: [0, 1.8e12, 1.6e12, 1.2e12].map((rate) => rate / FIGURES.slowness),
  oneWay: 1.8e12 / FIGURES.slowness,
  cpu: 0.9e12 / FIGURES.slowness,
} as const;

/** Nanoseconds a hop, and hops by distance. */
export const HOP_NS = 500;
export const HOPS = [0, 1, 2, 3] as const;
