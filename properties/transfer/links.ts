/** Times between workers by tables written out, and in whole numbers throughout. */
import type { TransferCall, TransferSetup } from "#rack";

/** A rack by name: its counts, and for each distance from 1 the rate in bytes a second and the hops. */
const RACKS = {
  document: {
    setup: { profile: "document" },
    gpus: [2, 8, 72],
    links: [
      [1_800_000_000_000n, 1n],
      [1_600_000_000_000n, 2n],
      [1_200_000_000_000n, 3n],
    ],
  },
  datasheet: {
    setup: { profile: "datasheet" },
    gpus: [2, 72, 72],
    links: [
      [900_000_000_000n, 2n],
      [900_000_000_000n, 2n],
      [900_000_000_000n, 2n],
    ],
  },
  "node of 8": {
    setup: { profile: "document", rack: { gpus: 8, gpusPerSuperchip: 1, gpusPerDomain: 8 } },
    gpus: [1, 8, 8],
    links: [
      [1_800_000_000_000n, 1n],
      [1_600_000_000_000n, 2n],
      [1_200_000_000_000n, 3n],
    ],
  },
  small: {
    setup: { profile: "document", rack: { gpus: 8, gpusPerSuperchip: 2, gpusPerDomain: 4 } },
    gpus: [2, 4, 8],
    links: [
      [1_800_000_000_000n, 1n],
      [1_600_000_000_000n, 2n],
      [1_200_000_000_000n, 3n],
    ],
  },
  "superchips of 3": {
    setup: { profile: "document", rack: { gpus: 36, gpusPerSuperchip: 3, gpusPerDomain: 12 } },
    gpus: [3, 12, 36],
    links: [
      [1_800_000_000_000n, 1n],
      [1_600_000_000_000n, 2n],
      [1_200_000_000_000n, 3n],
    ],
  },
} as const;

/** The name of a rack. */
export type RackName = keyof typeof RACKS;

/** The names of the racks. */
export const RACK_NAMES = [
  "document",
  "datasheet",
  "node of 8",
  "small",
  "superchips of 3",
] as const;

/** One block between two workers, which are counted round. */
export type Way = {
  readonly rack: RackName;
  readonly tp: number;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
};

/** The two workers, as numbers that there are. */
export const endsOf = ({ rack, tp, from, to }: Way): readonly [number, number] => {
  const count = RACKS[rack].gpus[2] / tp;
  return [from % count, to % count];
};

/** Between the two, the farthest of the shards. */
export const distanceOf = (way: Way): 0 | 1 | 2 | 3 => {
  const [from, to] = endsOf(way);
  const [chip, domain] = RACKS[way.rack].gpus;
  let far: 0 | 1 | 2 | 3 = 0;
  for (let shard = 0; shard < way.tp; shard += 1) {
    const [left, right] = [from * way.tp + shard, to * way.tp + shard];
    const inOne = (size: number) => Math.floor(left / size) === Math.floor(right / size);
    const own = left === right ? 0 : inOne(chip) ? 1 : inOne(domain) ? 2 : 3;
    if (own > far) far = own;
  }
  return far;
};

/** The whole nanoseconds that a way takes at least: the largest shard at the rate, rounded up, and 500 for each hop. */
export const leastNs = (way: Way): number => {
  const far = distanceOf(way);
  if (far === 0) return 0;
  const [rate, hops] = RACKS[way.rack].links[far - 1] as readonly [bigint, bigint];
  const tp = BigInt(way.tp);
  const shard = (BigInt(way.bytes) + tp - 1n) / tp;
  return Number((shard * 1_000_000_000n + rate - 1n) / rate + 500n * hops);
};

/** A fresh rack in which the block lies at the first worker, and is copied to the second. */
export const copying = (way: Way): readonly TransferCall[] => {
  const setup: Pick<TransferSetup, "profile" | "rack"> = RACKS[way.rack].setup;
  const [from, to] = endsOf(way);
  return [
    { kind: "create", ...setup, tp: way.tp, blockBytes: way.bytes, capacityBlocks: 1 },
    { kind: "store", worker: from, block: 0 },
    { kind: "copy", block: 0, from, to },
  ];
};
