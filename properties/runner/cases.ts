/** Layers by the names of their formats, and what they run at, by tables written out. */
import fc from "fast-check";
import { type RunnerCall, type RunnerReply, runnerSubject } from "#rack";
import type { PrecisionChoice } from "#spec";
import { oneOfValues, type Subject } from "#verify";

/** Which GPU of which profile. */
export type OnGpu = { readonly profile: string; readonly gpu: string };

/** Narrowest first. */
export const FORMATS = ["fp4", "int4", "fp8", "fp16", "bf16"] as const;
/** The name of a number format. */
export type Format = (typeof FORMATS)[number];

const profile = oneOfValues<string>("document", "datasheet");
const gpu = oneOfValues<string>("b200", "h100");
const format = oneOfValues<Format>(...FORMATS);

/** What is drawn for a GPU. */
export const onGpu = { profile, gpu };
/** A choice of both formats. */
export const choices: fc.Arbitrary<{ readonly weights: Format; readonly kv: Format }> = fc.record({
  weights: format,
  kv: format,
});

/** TFLOPS of the FP4 cores (0 for none), the FP8 cores and the FP16 cores, and HBM in TB/s. */
const GPUS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  "document b200": [18_000, 9000, 4500, 8],
  "document h100": [0, 3958, 1979, 3.35],
  "datasheet b200": [10_000, 5000, 2500, 8],
  "datasheet h100": [0, 1978.9, 989.4, 3.35],
};

/** The bytes of one value. */
export const BYTES: Readonly<Record<Format, number>> = {
  fp4: 0.5,
  int4: 0.5,
  fp8: 1,
  fp16: 2,
  bf16: 2,
};

/** Which cores a product with an FP8 operand runs on, by the other one: never the FP4 cores. */
const BESIDE_FP8: Readonly<Record<Format, 1 | 2>> = { fp4: 1, int4: 2, fp8: 1, fp16: 2, bf16: 2 };

const figures = ({ profile, gpu }: OnGpu): readonly [number, number, number, number] =>
  GPUS[`${profile} ${gpu}`] as readonly [number, number, number, number];

/** TFLOPS of a format's product with FP8. */
export const teraflops = (on: OnGpu, format: Format): number => figures(on)[BESIDE_FP8[format]];

/** Whether the GPU computes in a format. */
const has = (on: OnGpu, format: Format): boolean => format !== "fp4" || figures(on)[0] > 0;

/** Bytes a second from HBM. */
export const bandwidth = (on: OnGpu): number => figures(on)[3] * 1e12;

/** Whether both formats of a choice can be had. */
export const possible = (
  on: OnGpu,
  { weights, kv }: { readonly weights: Format; readonly kv: Format },
): boolean => has(on, weights) && has(on, kv);

/** Whether two figures are equal but for the rounding of a few operations in floating point. */
export const near = (found: number, expected: number): boolean =>
  Math.abs(found - expected) <= 1e-12 * Math.max(Math.abs(found), Math.abs(expected));

/** The reference. */
export const runner: Subject<RunnerCall, RunnerReply> = runnerSubject;

/** The reference with its question misread, or its answer bent. */
export const wrongly =
  (
    bend: (reply: RunnerReply, call: RunnerCall) => RunnerReply,
    misread: (call: RunnerCall) => RunnerCall = (call) => call,
  ): Subject<RunnerCall, RunnerReply> =>
  () => {
    const answer = runnerSubject();
    return (call) => bend(answer(misread(call)), call);
  };

/** The reference asked with another choice. */
export const choosing = (
  change: (choice: PrecisionChoice) => PrecisionChoice,
): Subject<RunnerCall, RunnerReply> =>
  wrongly(
    (reply) => reply,
    (call) => ({ ...call, choice: change(call.choice) }),
  );
