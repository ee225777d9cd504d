import type { JsonObject } from "#report";
import { provenance } from "#report";
import type { StoredTrace } from "#store";

/** A stored trace as it is listed in JSON: its name, how much it is, and where it came from. */
export const provenanceOf = (trace: StoredTrace): JsonObject => ({
  name: trace.name,
  rows: trace.requests,
  span_ns: trace.spanNs,
  distinct_blocks: trace.distinctBlocks,
  rejected_rows: trace.rejectedRows,
  out_of_order: trace.outOfOrder,
  options: trace.options,
  provenance: provenance(trace),
});
