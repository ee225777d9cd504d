export { assert, SpecViolation, unreachable } from "./assert.ts";
export { createDigest, type Digest, sha256 } from "./digest.ts";
export {
  formatIssue,
  InputError,
  ISSUE_RULES,
  type Issue,
  type IssueCode,
  shown,
} from "./issues.ts";
export { canonicalJson, isSameJson, type Json } from "./json.ts";
export { mixed } from "./mixed.ts";
export { byNearest, meant } from "./nearest.ts";
export { ascending, byEach, byText, type Compare, descending } from "./order.ts";
export { percentile } from "./percentile.ts";
export {
  type Bytes,
  type BytesPerSecond,
  bytes,
  bytesPerSecond,
  type Flops,
  type FlopsPerSecond,
  flops,
  flopsPerSecond,
  gigabytes,
  inSeconds,
  later,
  megabytes,
  NANOS_MAX,
  type Nanos,
  nanos,
  type Quantity,
  terabytesPerSecond,
  teraflops,
  timeToCompute,
  timeToMove,
} from "./quantities.ts";
export { type RandomStream, randomStream } from "./random.ts";
export { isRefused, type Refused, refused } from "./refused.ts";
export { SparseRows } from "./sparse-rows.ts";
