import { bytes, bytesPerSecond, gigabytes, megabytes, terabytesPerSecond, teraflops } from "#base";
import { DOCUMENT, H100_LINKS } from "./document-profile.ts";
import { fact, published, reading } from "./fact.ts";
import type { Gpu } from "./gpu.ts";
import type { Link, Profile } from "./profile.ts";

const b200Table = published("https://glennklockwood.com/garden/processors/b200, GB200 at 1,200 W");
const gb200System = published(
  "https://github.com/mlcommons/inference_results_v6.1, system GB200-NVL72_GB200-186GB_aarch64x16",
);
const b200Measured = published(
  "https://chipsandcheese.com/p/nvidias-b200-keeping-the-cuda-juggernaut",
);
const b200Cache = published(
  "https://www.besthub.dev/articles/why-nvidia-s-blackwell-b200-could-redefine-ai-gpu-performance-858729336a71",
);
const eachWay = published(
  "https://verda.com/blog/gb300-nvl72-architecture: 1.8 TB/s in all, 0.9 TB/s each way",
);

const blackwellDies = published(
  "https://nvnexus.com/nvidia-b200-blackwell-architecture-data-center-deep-dive/: 208 billion transistors on two dies, against 80 billion of an H100",
);
const blackwellLinks = published(
  "https://datacrunch.io/blog/nvidia-gb200-nvl72-for-ai-training-and-inference: 18 fifth-generation NVLinks",
);

const b200: Gpu = {
  name: "b200",
  hbm: fact(gigabytes(186), gb200System),
  hbmBandwidth: fact(terabytesPerSecond(8), b200Table),
  peaks: {
    fp4: fact(teraflops(10_000), b200Table),
    fp8: fact(teraflops(5000), b200Table),
    fp16: fact(teraflops(2500), b200Table),
  },
  sparsePeaks: {
    fp4: fact(teraflops(20_000), b200Table),
    fp8: fact(teraflops(10_000), b200Table),
    fp16: fact(teraflops(5000), b200Table),
  },
  nvlink: fact(terabytesPerSecond(1.8), eachWay),
  nvlinkLinks: fact(18, blackwellLinks),
  l2: fact(megabytes(126), b200Cache),
  sms: fact(148, b200Measured),
  tdpWatts: fact(1200, b200Table),
  transistors: fact(208e9, blackwellDies),
  dies: fact(2, blackwellDies),
};

const h100Dense = published("https://glennklockwood.com/garden/processors/h100");
const h100Table = published(
  "https://archive-lib.hpctech.co.jp/gpuproduct/nvidia-h100.html, column SXM5, sparsity marked",
);

const h100Die = published(
  "https://screenhacker.com/?p=348824: the GH100 is one die of 80 billion transistors",
);

const h100: Gpu = {
  name: "h100",
  hbm: fact(gigabytes(80), h100Table),
  hbmBandwidth: fact(terabytesPerSecond(3.35), h100Table),
  peaks: {
    fp8: fact(teraflops(1978.9), h100Dense),
    fp16: fact(teraflops(989.4), h100Dense),
  },
  sparsePeaks: {
    fp8: fact(teraflops(3958), h100Table),
    fp16: fact(teraflops(1979), h100Table),
  },
  nvlink: fact(terabytesPerSecond(0.9), h100Table),
  nvlinkLinks: fact(18, H100_LINKS),
  l2: fact(megabytes(50), h100Table),
  sms: fact(132, h100Table),
  tdpWatts: fact(700, h100Table),
  transistors: fact(80e9, h100Die),
  dies: fact(1, h100Die),
};

const rack = published("https://factryze.ai/scale-atlas/interconnect/nvl72-domain");

/** Every pair of GPUs is joined through one switch, superchip neighbours too. */
const throughOneSwitch: Link = {
  rate: fact(terabytesPerSecond(0.9), eachWay),
  switchesCrossed: fact(1, rack),
};

const grace = published(
  "https://www.yobitel.com/knowledge-base/nvidia-gb200: 480 GB of LPDDR5X at 512 GB/s, NVLink-C2C at 900 GB/s",
);

const noPublicFigure = (what: string) =>
  reading(`no public figure for ${what} was found: the document's is kept`);

/** The rack as its makers and testers publish it: dense peaks, one NVLink domain, each direction of a link counted alone. */
export const DATASHEET = Object.freeze<Profile>({
  name: "datasheet",
  rackGpu: "b200",
  gpus: { b200, h100 },
  gpuCount: fact(72, rack),
  gpusPerSuperchip: fact(2, rack),
  gpusPerTray: fact(4, gb200System),
  gpusPerDomain: fact(72, rack),
  links: [throughOneSwitch, throughOneSwitch, throughOneSwitch],
  nvlinkDirections: fact(2, eachWay),
  allReduceRates: {
    domain: fact(terabytesPerSecond(0.9), eachWay),
    rack: fact(terabytesPerSecond(0.9), eachWay),
  },
  superchipCpu: {
    memory: fact(gigabytes(480), grace),
    bandwidth: fact(bytesPerSecond(512e9), grace),
    c2c: fact(terabytesPerSecond(0.9), grace),
  },
  hopLatency: fact(DOCUMENT.hopLatency.value, noPublicFigure("the latency of a hop")),
  workspace: fact(DOCUMENT.workspace.value, noPublicFigure("workspace")),
  switchMemory: fact(
    bytes(0),
    reading("no publication that was found speaks of memory in the NVLink switches"),
  ),
  endToEnd: DOCUMENT.endToEnd,
});
