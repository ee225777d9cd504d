import { bytesPerSecond, gigabytes, megabytes, nanos, terabytesPerSecond, teraflops } from "#base";
import { END_TO_END } from "./end-to-end.ts";
import { fact, inDocument, published, reading } from "./fact.ts";
import type { Gpu } from "./gpu.ts";
import type { Link, Profile } from "./profile.ts";

/** Where the number of an H100's NVLinks was found. */
export const H100_LINKS = published(
  "https://github.com/huataihuang/cloud-atlas, machine_learning/hardware/nvidia_gpu/nvidia_sxm_socket.rst: 18 NVLink 4 of 50 GB/s each",
);

const superchip = (line: string) => inDocument(`superchip table: ${line}`);
const row = (name: string) => inDocument(`GPU table: ${name}`);
const sparsityNote = inDocument("GPU table: note on 2:4 sparsity, which speaks of FP4 alone");

const b200: Gpu = {
  name: "b200",
  hbm: fact(gigabytes(192), row("HBM capacity")),
  hbmBandwidth: fact(terabytesPerSecond(8), row("HBM bandwidth")),
  peaks: {
    fp4: fact(teraflops(18_000), row("FP4")),
    fp8: fact(teraflops(9000), row("FP8")),
    fp16: fact(teraflops(4500), row("FP16")),
  },
  sparsePeaks: { fp4: fact(teraflops(18_000), sparsityNote) },
  nvlink: fact(terabytesPerSecond(1.8), row("NVLink bandwidth")),
  nvlinkLinks: fact(18, superchip("NVSwitch line")),
  l2: fact(megabytes(128), row("L2 cache")),
  sms: fact(192, row("SMs")),
  tdpWatts: fact(1000, row("TDP")),
  transistors: fact(208e9, row("transistors")),
  dies: fact(2, row("die architecture")),
};

const h100: Gpu = {
  name: "h100",
  hbm: fact(gigabytes(80), row("HBM capacity")),
  hbmBandwidth: fact(terabytesPerSecond(3.35), row("HBM bandwidth")),
  peaks: {
    fp8: fact(teraflops(3958), row("FP8")),
    fp16: fact(teraflops(1979), row("FP16")),
  },
  sparsePeaks: {},
  nvlink: fact(terabytesPerSecond(0.9), row("NVLink bandwidth")),
  // The document counts the links of a B200 alone.
  nvlinkLinks: fact(18, H100_LINKS),
  l2: fact(megabytes(50), row("L2 cache")),
  sms: fact(132, row("SMs")),
  tdpWatts: fact(700, row("TDP")),
  transistors: fact(80e9, row("transistors")),
  dies: fact(1, row("die architecture")),
};

const transferCode = inDocument("weight transfer code: effective bandwidth by hop count");

const link = (terabytes: number, switches: number): Link => ({
  rate: fact(terabytesPerSecond(terabytes), transferCode),
  switchesCrossed: fact(switches, transferCode),
});

const allReduceCode = inDocument("gang scheduling code: all-reduce bandwidth by placement");

/** The rack as the document describes it. */
export const DOCUMENT = Object.freeze<Profile>({
  name: "document",
  rackGpu: "b200",
  gpus: { b200, h100 },
  gpuCount: fact(72, inDocument("rack diagram: first line")),
  gpusPerSuperchip: fact(2, inDocument("superchip chapter: first sentence")),
  gpusPerDomain: fact(8, inDocument("gang scheduling code: GPUs a switch")),
  links: [link(1.8, 0), link(1.6, 1), link(1.2, 2)],
  nvlinkDirections: fact(
    1,
    reading("the document times a transfer by the whole figure, so it is taken to be each way"),
  ),
  allReduceRates: {
    domain: fact(terabytesPerSecond(1.8), allReduceCode),
    rack: fact(terabytesPerSecond(0.9), allReduceCode),
  },
  superchipCpu: {
    memory: fact(gigabytes(480), superchip("Grace CPU")),
    bandwidth: fact(bytesPerSecond(546e9), superchip("Grace CPU")),
    c2c: fact(terabytesPerSecond(0.9), superchip("Grace CPU")),
  },
  hopLatency: fact(nanos(500), inDocument("weight transfer chapter: latency a hop")),
  workspace: fact(gigabytes(3), inDocument("KV capacity code: workspace a GPU")),
  switchMemory: fact(
    gigabytes(128),
    reading("the rack diagram prints 128 GB a switch and the tier code 128 GiB: units are decimal"),
  ),
  endToEnd: END_TO_END,
});
