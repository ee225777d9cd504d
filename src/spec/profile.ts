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

/** The CPU of a superchip, and what joins it to the GPUs. */
export type SuperchipCpu = {
  readonly memory: Fact<Bytes>;
  readonly bandwidth: Fact<BytesPerSecond>;
  /** From the CPU to each of the superchip's GPUs; the source's notion of direction. */
  readonly c2c: Fact<BytesPerSecond>;
};

/** What a GPU sends at in an all-reduce, by what its group spans: at most one domain, which a superchip's group does too, or several. */
export type AllReduceRates = {
  readonly domain: Fact<BytesPerSecond>;
  readonly rack: Fact<BytesPerSecond>;
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
  /** By name; a profile of somebody's own may have further ones. */
  readonly gpus: Readonly<Record<GpuName, Gpu>> & Readonly<Record<string, Gpu>>;
  /** GPUs in one tray, where a source speaks of trays. */
  readonly gpusPerTray?: Fact<number>;
  /** By distance: the same superchip, the same domain, another domain. */
  readonly links: readonly [Link, Link, Link];
  /** The directions that the GPUs' NVLink figures add up: 2 where a transfer, which goes one way, has half of the figure. */
  readonly nvlinkDirections: Fact<number>;
  readonly allReduceRates: AllReduceRates;
  readonly superchipCpu: SuperchipCpu;
  /** Added once for each hop, which is a link crossed from a GPU or a switch to the next. */
  readonly hopLatency: Fact<Nanos>;
  /** Kept free of weights and KV on each GPU. */
  readonly workspace: Fact<Bytes>;
  /** In each domain's switch; 0 where the switches have none. */
  readonly switchMemory: Fact<Bytes>;
  /**
   * End-to-end throughput as the document states it, by GPU: what the calibration `document` is derived from. Nothing is stated for a
   * further GPU.
   */
  readonly endToEnd: Readonly<Record<GpuName, EndToEnd>> & Readonly<Record<string, EndToEnd>>;
};
