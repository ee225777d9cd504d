export { type FabricCall, type FabricEvent, type FabricReply, fabricSubject } from "./calls.ts";
export type {
  CreateFabric,
  Fabric,
  FabricAudit,
  FabricFlow,
  FabricLedger,
  FabricShape,
  FlowEnd,
  FlowSight,
  LinkName,
  Way,
} from "./contract.ts";
export { KvFabric } from "./kv-fabric.ts";
export { FabricModel } from "./model.ts";
export type { ModelFlow } from "./model-past.ts";
export { fabricShapeOf } from "./shape.ts";
