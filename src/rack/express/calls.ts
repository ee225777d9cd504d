import { isRefused, unreachable } from "#base";
import type { Links, MoveRequest, Piece, Plan, PlanOptions, PlanRefusal } from "./contract.ts";
import type { Execute, ExecuteOptions, Execution } from "./execution.ts";
import type { SwapState } from "./swap.ts";

/** What can be asked of a planner and executor, as plain JSON. */
export type ExpressCall =
  | { readonly kind: "shards"; readonly bytes: number; readonly gpus: readonly number[] }
  | {
      readonly kind: "plan";
      readonly request: MoveRequest;
      readonly links: Links;
      readonly options?: PlanOptions;
    }
  | {
      readonly kind: "execute";
      readonly request: MoveRequest;
      readonly links: Links;
      readonly options?: ExecuteOptions;
    }
  /** Plans, executes, and asks which model a target has at some instants. */
  | {
      readonly kind: "swap";
      readonly request: MoveRequest;
      readonly links: Links;
      readonly options?: ExecuteOptions;
      readonly gpu: number;
      readonly instantsNs: readonly number[];
    };

/** The answers, each to its kind of call; whatever needs a plan is refused as the plan is. */
export type ExpressReply =
  | readonly Piece[]
  | Plan
  | PlanRefusal
  | { readonly kind: "done"; readonly plan: Plan; readonly execution: Execution }
  | { readonly kind: "swap"; readonly states: readonly SwapState[]; readonly execution: Execution };

/** The functions that make up a planner and executor. */
export type ExpressParts = {
  readonly shards: (bytes: number, gpus: readonly number[]) => readonly Piece[];
  readonly plan: (request: MoveRequest, links: Links, options?: PlanOptions) => Plan | PlanRefusal;
  readonly execute: Execute;
  readonly swapState: (execution: Execution, gpu: number, atNs: number) => SwapState;
};

/** Puts a planner and executor behind calls of plain JSON. It keeps nothing from one call to the next. */
export const expressSubject =
  ({
    shards,
    plan,
    execute,
    swapState,
  }: ExpressParts): (() => (call: ExpressCall) => ExpressReply) =>
  () =>
  (call) => {
    if (call.kind === "shards") return shards(call.bytes, call.gpus);
    const { request, links } = call;
    const made = plan(request, links, call.options);
    if (call.kind === "plan" || isRefused(made)) return made;
    const execution = execute(made, request, links, call.options);
    if (call.kind === "execute") return { kind: "done", plan: made, execution };
    if (call.kind !== "swap") return unreachable(call);
    const states = call.instantsNs.map((atNs) => swapState(execution, call.gpu, atNs));
    return { kind: "swap", states, execution };
  };
