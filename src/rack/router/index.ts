export { type RouterCall, type RouterReply, routerModelSubject, routerSubject } from "./calls.ts";
export type {
  Candidate,
  Chosen,
  Considered,
  Decision,
  Policy,
  PolicyKind,
  Regret,
  Router,
  RouterArrays,
  RouterView,
  SortKey,
} from "./contract.ts";
export { chooseWorker } from "./model.ts";
export { formatPolicy, POLICY_KINDS, parsePolicy } from "./policy-text.ts";
export { createRouter } from "./router.ts";
