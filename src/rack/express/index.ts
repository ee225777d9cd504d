export { type ExpressCall, type ExpressParts, type ExpressReply, expressSubject } from "./calls.ts";
export type {
  Links as ExpressLinks,
  LowerBounds as ExpressBounds,
  MoveRequest as ExpressRequest,
  Piece as WeightPiece,
  Plan as ExpressPlan,
  PlanOptions as ExpressPlanOptions,
  PlanRefusal as ExpressRefusal,
  Transfer as WeightTransfer,
} from "./contract.ts";
export { execute as executePlan, executeWith } from "./execute.ts";
export { executeModelWith } from "./execute-model.ts";
export type {
  Execute,
  ExecuteOptions,
  Execution,
  ExecutionParts,
  ExpressEvent,
  Flow,
  Loss,
  Outcome,
  RateSpan,
  Sharing,
} from "./execution.ts";
export { fairRates } from "./fair-rates.ts";
export { shards } from "./intervals.ts";
export { linksOf } from "./links.ts";
export { planTransfers } from "./plan.ts";
export { type ModelPlan, planModel } from "./plan-model.ts";
export { type SwapState, swapState } from "./swap.ts";
