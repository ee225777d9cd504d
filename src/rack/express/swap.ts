import type { Execution, ExpressEvent } from "./execution.ts";

/**
 * Which model a target has at an instant. `old` before anything is sent and when it is stranded, `loading` while its old model still answers, `new` from
 * the instant on at which it is whole, `lost` with its GPU.
 */
export type SwapState = "old" | "loading" | "new" | "lost";

/** What an event makes of a GPU's state. */
const after = (state: SwapState, event: ExpressEvent, gpu: number): SwapState => {
  if (state === "lost") return state;
  if (event.kind === "planned") {
    const isSentTo = event.transfers.some(({ dst }) => dst === gpu);
    return isSentTo && state === "old" ? "loading" : state;
  }
  if (!("gpu" in event) || event.gpu !== gpu) return state;
  if (event.kind === "whole") return "new";
  return event.kind === "lost" ? "lost" : "old";
};

/** The state of one target at an instant; events at that very instant have happened. A GPU that is no target has its old model. */
export const swapState = ({ events }: Execution, gpu: number, atNs: number): SwapState => {
  let state: SwapState = "old";
  for (const event of events) {
    if (event.atNs > atNs) break;
    state = after(state, event, gpu);
  }
  return state;
};
