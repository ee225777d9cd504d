import {
  allReduceTime,
  boundBy,
  crossoverBatch,
  type Deployment,
  decodeBounds,
  endToEndRow,
  flopsPerToken,
  kvBudget,
  kvBytesPerToken,
  longest,
  memorySavings,
  nvlinkOneWay,
  prefillBounds,
  rackPeak,
  ringFactor,
  sessions,
  transferSeconds,
  weightBytes,
} from "#cost";
import {
  encodingOf,
  finiteValues,
  type Gpu,
  largestValue,
  type Model,
  mixedPeak,
  type NumberFormat,
  type Reference,
  valueCount,
} from "#spec";
import { distanceOf, type Vocable, vocable } from "./vocable.ts";

/** A worker, by what formulas hand over: KV in the weights' format where nothing depends on it. */
const worker = (
  { profile }: Reference,
  gpu: Gpu,
  model: Model,
  weightFormat: NumberFormat,
  tp: number,
  kvFormat: NumberFormat = weightFormat,
): Deployment => ({ profile, gpu, model, weightFormat, kvFormat, tp });

const memory: readonly Vocable[] = [
  vocable("weight_bytes", ["model", "format"], "B", "weights of a model", (_, model, format) =>
    weightBytes(model, format),
  ),
  vocable(
    "memory_savings",
    ["model", "format", "format"],
    "B",
    "bytes that weights in one format take more than in another",
    (_, model, from, to) => memorySavings(model, from, to),
  ),
  vocable(
    "kv_bytes_per_token",
    ["model", "format"],
    "B",
    "KV of a token, all GPUs of a worker together",
    (_, model, format) => kvBytesPerToken(model, format),
  ),
  vocable(
    "kv_budget",
    ["gpu", "model", "format", "number"],
    "B",
    "memory for KV of a worker: GPU, model, weight format, TP",
    (reference, gpu, model, weights, tp) => kvBudget(worker(reference, gpu, model, weights, tp)),
  ),
  vocable(
    "sessions",
    ["gpu", "model", "format", "format", "number", "number"],
    "",
    "sessions that a worker has KV for: GPU, model, weight format, KV format, TP, tokens; not rounded",
    (reference, gpu, model, weights, kv, tp, tokens) =>
      sessions(worker(reference, gpu, model, weights, tp, kv), tokens),
  ),
];

const steps: readonly Vocable[] = [
  vocable("flops_per_token", ["model"], "FLOP", "arithmetic of a token", (_, model) =>
    flopsPerToken(model),
  ),
  vocable(
    "mixed_peak",
    ["gpu", "format", "format"],
    "FLOPS",
    "peak of a GPU when the two operands of a product differ in format",
    (_, gpu, left, right) => mixedPeak(gpu, left, right).value,
  ),
  vocable(
    "prefill_time",
    ["gpu", "model", "format", "number", "number"],
    "s",
    "roofline of a prefill: GPU, model, weight format, TP, tokens",
    (reference, gpu, model, weights, tp, tokens) =>
      longest(prefillBounds(worker(reference, gpu, model, weights, tp), tokens)),
  ),
  vocable(
    "decode_time",
    ["gpu", "model", "format", "format", "number", "number", "number"],
    "s",
    "roofline of a decode step: GPU, model, weight format, KV format, TP, batch, tokens of context",
    (reference, gpu, model, weights, kv, tp, batch, context) =>
      longest(decodeBounds(worker(reference, gpu, model, weights, tp, kv), batch, batch * context)),
  ),
  vocable(
    "decode_bound",
    ["gpu", "model", "format", "format", "number", "number", "number"],
    "",
    "what bounds that step: 'memory' or 'compute'",
    (reference, gpu, model, weights, kv, tp, batch, context) =>
      boundBy(decodeBounds(worker(reference, gpu, model, weights, tp, kv), batch, batch * context)),
  ),
  vocable(
    "crossover_batch",
    ["gpu", "format"],
    "",
    "batch beyond which a decode step is bound by compute, KV aside",
    (_, gpu, weightFormat) => crossoverBatch({ gpu, weightFormat }),
  ),
  vocable(
    "efficiency",
    ["gpu", "regime"],
    "",
    "stated throughput of the end-to-end table ÷ its roofline",
    (reference, gpu, regime) =>
      endToEndRow(reference.profile, gpu.name, reference)[regime].efficiency,
  ),
];

const links: readonly Vocable[] = [
  vocable(
    "nvlink_one_way",
    ["gpu"],
    "B/s",
    "what a GPU sends at over all its NVLinks",
    ({ profile }, gpu) => nvlinkOneWay(profile, gpu),
  ),
  vocable(
    "transfer_time",
    ["far", "bytes", "number"],
    "s",
    "bytes over pairs of GPUs at a distance, with latency: distance, bytes, shards",
    ({ profile }, far, size, shards) =>
      transferSeconds(profile, distanceOf(far), size, shards).total,
  ),
  vocable("ring_factor", ["number"], "", "times that a ring sends its message: GPUs", (_, tp) =>
    ringFactor(tp),
  ),
  vocable(
    "all_reduce_time",
    ["far", "number", "bytes"],
    "s",
    "a ring all-reduce: distance, GPUs, bytes of the message",
    ({ profile }, far, tp, size) =>
      allReduceTime(profile, far === "rack" ? "rack" : "domain", tp, size),
  ),
];

const rackGpu = ({ profile }: Reference): Gpu => profile.gpus[profile.rackGpu];

/** The sums of `rackTotals`, one by one: a claim rests on the figures that its own sum reads, not on those of the others. */
const rack: readonly Vocable[] = [
  vocable(
    "rack_hbm",
    [],
    "B",
    "memory of all GPUs",
    (reference) => reference.profile.gpuCount.value * rackGpu(reference).hbm.value,
  ),
  vocable(
    "rack_hbm_bandwidth",
    [],
    "B/s",
    "memory bandwidth of all GPUs",
    (reference) => reference.profile.gpuCount.value * rackGpu(reference).hbmBandwidth.value,
  ),
  vocable("rack_peak", ["format"], "FLOPS", "peak of all GPUs", ({ profile }, format) =>
    rackPeak(profile, format),
  ),
  vocable(
    "rack_switch_memory",
    [],
    "B",
    "memory of all switches",
    ({ profile: { gpuCount, gpusPerDomain, switchMemory } }) =>
      (gpuCount.value / gpusPerDomain.value) * switchMemory.value,
  ),
  vocable(
    "rack_nvlink",
    [],
    "B/s",
    "NVLink figures of all GPUs",
    (reference) => reference.profile.gpuCount.value * rackGpu(reference).nvlink.value,
  ),
  vocable(
    "rack_bisection",
    [],
    "B/s",
    "what crosses between two halves of the rack",
    (reference) => (reference.profile.gpuCount.value / 2) * rackGpu(reference).nvlink.value,
  ),
];

const formats: readonly Vocable[] = [
  vocable(
    "value_count",
    ["format"],
    "",
    "finite numbers of a format, +0 and −0 as one",
    (_, format) => valueCount(encodingOf(format)),
  ),
  vocable("largest_value", ["format"], "", "largest number of a format", (_, format) =>
    largestValue(encodingOf(format)),
  ),
  vocable(
    "value_list",
    ["format"],
    "",
    "the numbers of a format of four bits, ascending",
    (_, format) =>
      valueCount(encodingOf(format)) > 16 ? "too many" : finiteValues(encodingOf(format)).join(" "),
  ),
];

/** The functions that give a closed form. */
export const FORMS: readonly Vocable[] = [...memory, ...steps, ...links, ...rack, ...formats];
