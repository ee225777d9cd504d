export { auditPool, type PoolInvariant } from "./audit.ts";
export type { Announcement, PoolCall, PoolReply } from "./calls.ts";
export type {
  AdmitRefusal,
  Admitted,
  BlockEntry,
  CreatePool,
  PinRefusal,
  Pool,
  PoolCounts,
  PoolEvents,
} from "./contract.ts";
export { type ModelBlock, PoolModel } from "./model.ts";
export { BlockPool } from "./pool.ts";
export { type PoolSubject, poolSubject } from "./subject.ts";
