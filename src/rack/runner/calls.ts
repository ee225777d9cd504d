import { InputError, type IssueCode } from "#base";
import { findGpu, findModel, findProfile, type PrecisionChoice } from "#spec";
import { type MemoryGain, memoryGain } from "./gain.ts";
import { configureLayer } from "./layer.ts";
import { type Speedup, speedup } from "./speedup.ts";

/** Which GPU, by name. */
type OnGpu = { readonly profile: string; readonly gpu: string };

/** One precision against another. */
type Compared = { readonly choice: PrecisionChoice; readonly against: PrecisionChoice };

/** What can be asked of a runner, as plain data. */
export type RunnerCall =
  | ({ readonly kind: "configure"; readonly choice: PrecisionChoice } & OnGpu)
  | ({ readonly kind: "gain"; readonly model: string; readonly tp: number } & OnGpu & Compared)
  | ({ readonly kind: "speedup"; readonly batch: number } & OnGpu & Compared);

/** A configuration as plain data: the names of the formats, and operations a second. */
export type ConfiguredLayer = {
  readonly kind: "configured";
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly weights: string;
  readonly activations: string;
  readonly accumulator: string;
  readonly output: string;
  readonly qkFlopsPerSecond: number;
  readonly pvFlopsPerSecond: number;
  readonly linearFlopsPerSecond: number;
};

/** The answers, each to its kind of call; what cannot be is answered by the codes of its issues, each once. */
export type RunnerReply =
  | ConfiguredLayer
  | ({ readonly kind: "gain" } & MemoryGain)
  | ({ readonly kind: "speedup" } & Speedup)
  | { readonly kind: "issues"; readonly codes: readonly IssueCode[] };

const answer = (call: RunnerCall): RunnerReply => {
  const profile = findProfile(call.profile);
  const gpu = findGpu(profile, call.gpu);
  if (call.kind === "speedup")
    return { kind: "speedup", ...speedup(gpu, call.batch, call.choice, call.against) };
  if (call.kind === "gain") {
    const setup = { profile, gpu, model: findModel(call.model), tp: call.tp };
    return { kind: "gain", ...memoryGain(setup, call.choice, call.against) };
  }
  const { precision, qk, pv, linear } = configureLayer(gpu, call.choice);
  return {
    kind: "configured",
    q: precision.attention.q.value,
    k: precision.attention.k.value,
    v: precision.attention.v.value,
    weights: precision.linear.weights.value,
    activations: precision.linear.activations.value,
    accumulator: precision.linear.accumulator.value,
    output: precision.linear.output.value,
    qkFlopsPerSecond: qk.value,
    pvFlopsPerSecond: pv.value,
    linearFlopsPerSecond: linear.value,
  };
};

/** The runner as a subject: calls and replies are plain data. */
export const runnerSubject = (): ((call: RunnerCall) => RunnerReply) => (call) => {
  try {
    return answer(call);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return { kind: "issues", codes: [...new Set(thrown.issues.map(({ code }) => code))] };
  }
};
