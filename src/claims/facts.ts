import { endToEndColumn } from "#cost";
import { hops, linkAt, peakOf, switchesCrossed } from "#spec";
import { distanceOf, type Vocable, vocable } from "./vocable.ts";

const ofGpus: readonly Vocable[] = [
  vocable("hbm", ["gpu"], "B", "memory of a GPU", (_, gpu) => gpu.hbm.value),
  vocable(
    "hbm_bandwidth",
    ["gpu"],
    "B/s",
    "memory bandwidth of a GPU",
    (_, gpu) => gpu.hbmBandwidth.value,
  ),
  vocable(
    "peak",
    ["gpu", "format"],
    "FLOPS",
    "peak of a GPU with weights in a format",
    (_, gpu, format) => peakOf(gpu, format).value,
  ),
  vocable(
    "nvlink",
    ["gpu"],
    "B/s",
    "all NVLink lanes of a GPU together",
    (_, gpu) => gpu.nvlink.value,
  ),
  vocable("nvlink_links", ["gpu"], "", "NVLink links of a GPU", (_, gpu) => gpu.nvlinkLinks.value),
  vocable("l2", ["gpu"], "B", "L2 cache of a GPU", (_, gpu) => gpu.l2.value),
  vocable("sms", ["gpu"], "", "streaming multiprocessors of a GPU", (_, gpu) => gpu.sms.value),
  vocable("tdp", ["gpu"], "W", "thermal design power of a GPU", (_, gpu) => gpu.tdpWatts.value),
  vocable("transistors", ["gpu"], "", "transistors of a GPU", (_, gpu) => gpu.transistors.value),
  vocable("dies", ["gpu"], "", "dies of a GPU", (_, gpu) => gpu.dies.value),
];

const ofTheRack: readonly Vocable[] = [
  vocable("gpus", [], "", "GPUs of the rack", ({ profile }) => profile.gpuCount.value),
  vocable(
    "superchips",
    [],
    "",
    "superchips of the rack",
    ({ profile }) => profile.gpuCount.value / profile.gpusPerSuperchip.value,
  ),
  vocable(
    "domains",
    [],
    "",
    "NVLink domains of the rack",
    ({ profile }) => profile.gpuCount.value / profile.gpusPerDomain.value,
  ),
  vocable(
    "gpus_per_superchip",
    [],
    "",
    "GPUs of a superchip",
    ({ profile }) => profile.gpusPerSuperchip.value,
  ),
  vocable(
    "gpus_per_domain",
    [],
    "",
    "GPUs of a domain",
    ({ profile }) => profile.gpusPerDomain.value,
  ),
  vocable(
    "switch_memory",
    [],
    "B",
    "memory in a domain's switch",
    ({ profile }) => profile.switchMemory.value,
  ),
  vocable(
    "workspace",
    [],
    "B",
    "memory of each GPU kept free of weights and KV",
    ({ profile }) => profile.workspace.value,
  ),
  vocable("hop_latency", [], "ns", "latency of a hop", ({ profile }) => profile.hopLatency.value),
  vocable(
    "rate",
    ["far"],
    "B/s",
    "rate between two GPUs by distance",
    ({ profile }, far) => linkAt(profile, distanceOf(far)).rate.value,
  ),
  vocable("switches", ["far"], "", "switches between two GPUs by distance", ({ profile }, far) =>
    switchesCrossed(profile, distanceOf(far)),
  ),
  vocable("hops", ["far"], "", "links crossed between two GPUs by distance", ({ profile }, far) =>
    hops(profile, distanceOf(far)),
  ),
  vocable(
    "all_reduce_rate",
    ["far"],
    "B/s",
    "rate of an all-reduce within a domain or across the rack",
    ({ profile }, far) => profile.allReduceRates[far === "rack" ? "rack" : "domain"].value,
  ),
  vocable(
    "cpu_memory",
    [],
    "B",
    "memory of a superchip's CPU",
    ({ profile }) => profile.superchipCpu.memory.value,
  ),
  vocable(
    "cpu_bandwidth",
    [],
    "B/s",
    "memory bandwidth of a superchip's CPU",
    ({ profile }) => profile.superchipCpu.bandwidth.value,
  ),
  vocable(
    "c2c_rate",
    [],
    "B/s",
    "rate between a superchip's CPU and each of its GPUs",
    ({ profile }) => profile.superchipCpu.c2c.value,
  ),
];

const ofModels: readonly Vocable[] = [
  vocable(
    "parameters",
    ["model"],
    "",
    "parameters of a model",
    (_, model) => model.parameters.value,
  ),
  vocable("layers", ["model"], "", "layers of a model", (_, model) => model.layers.value),
  vocable("kv_heads", ["model"], "", "KV heads of a model", (_, model) => model.kvHeads.value),
  vocable(
    "head_dimension",
    ["model"],
    "",
    "dimension of a head",
    (_, model) => model.headDimension.value,
  ),
  vocable("hidden", ["model"], "", "width of the hidden state", (_, model) => model.hidden.value),
  vocable(
    "bytes_per_value",
    ["format"],
    "B",
    "size of a number in a format",
    (_, format) => format.bytesPerValue.value,
  ),
];

const stated: readonly Vocable[] = [
  vocable(
    "stated_prefill_rate",
    ["gpu"],
    "1/s",
    "tokens prefilled a second, as the end-to-end table has it",
    ({ profile }, gpu) => endToEndColumn(profile, gpu.name).prefillTokensPerSecond.value,
  ),
  vocable(
    "stated_decode_rate",
    ["gpu"],
    "1/s",
    "tokens decoded a second, as the end-to-end table has it",
    ({ profile }, gpu) => endToEndColumn(profile, gpu.name).decodeTokensPerSecond.value,
  ),
];

/** The functions that give one fact each. */
export const FACTS: readonly Vocable[] = [...ofGpus, ...ofTheRack, ...ofModels, ...stated];
