import type { Bytes, BytesPerSecond, Nanos } from "#base";
import type { EndToEnd } from "./end-to-end.ts";
import type { Fact } from "./fact.ts";
import type { Gpu, GpuName } from "./gpu.ts";

/** How far apart two GPUs are: 0 the same GPU, 1 the same superchip, 2 the same domain, 3 another domain. */
export type Distance = 0 | 1 | 2 | 3;

/** What lies between two different GPUs. */
export type Link = {
  readonly rate: Fact<BytesPerSecond>;
  readonly switchesCrossed: Fact<number>;
};

/** How the GPUs of a rack are grouped. GPUs are numbered from 0; a superchip and a domain are runs of consecutive numbers. */
export type Topology = {
  readonly gpuCount: Fact<number>;
  readonly gpusPerSuperchip: Fact<number>;
  /** GPUs that share an NVLink switch. */
  readonly gpusPerDomain: Fact<number>;
};

/** One reading of what the rack is: every figure that a result rests on, and where it comes from. */
export type Profile = Topology & {
  readonly name: "document" | "datasheet";
  /** What the rack is built of. */
  readonly rackGpu: GpuName;
  readonly gpus: Readonly<Record<GpuName, Gpu>>;
  /** GPUs in one tray, where a source speaks of trays. */
  readonly gpusPerTray?: Fact<number>;
  /** By distance: the same superchip, the same domain, another domain. */
  readonly links: readonly [Link, Link, Link];
  /** Added once for each hop, which is a link crossed from a GPU or a switch to the next. */
  readonly hopLatency: Fact<Nanos>;
  /** Kept free of weights and KV on each GPU. */
  readonly workspace: Fact<Bytes>;
  /** In each domain's switch; 0 where the switches have none. */
  readonly switchMemory: Fact<Bytes>;
  /** End-to-end throughput as the document states it: what the calibration `document` is derived from. */
  readonly endToEnd: Readonly<Record<GpuName, EndToEnd>>;
};
