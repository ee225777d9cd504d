import type { Refused } from "#base";
import type { AdmitRefusal, BlockEntry, PinRefusal, PoolCounts } from "./contract.ts";

/** What can be asked of a pool, as plain JSON: of this one, of another program, of a recorded log. */
export type PoolCall =
  /** `inRuns`: whoever hears the pool can be told several blocks at once. */
  | { readonly kind: "create"; readonly capacity: number; readonly inRuns?: boolean }
  | {
      readonly kind: "admit";
      readonly request: number;
      readonly blocks: readonly number[];
      readonly unnamed: number;
    }
  | { readonly kind: "fill"; readonly request: number }
  | { readonly kind: "grow"; readonly request: number; readonly count: number }
  | { readonly kind: "release"; readonly request: number }
  | { readonly kind: "pin" | "unpin"; readonly block: number }
  | { readonly kind: "clear" }
  | { readonly kind: "counts" }
  | { readonly kind: "leadingRun"; readonly blocks: readonly number[] }
  | { readonly kind: "contents" }
  | { readonly kind: "announcements" };

/** One event that a pool announced, and of which block. */
export type Announcement = readonly [event: "stored" | "removed", block: number];

/** What a pool answers. Lists of blocks are in the order in which it happened. */
export type PoolReply =
  | { readonly kind: "created" }
  | {
      readonly kind: "admitted";
      readonly hits: number;
      readonly shared: number;
      readonly evicted: readonly number[];
    }
  | { readonly kind: "filled"; readonly stored: readonly number[] }
  | { readonly kind: "grown"; readonly evicted: readonly number[] }
  | { readonly kind: "released" }
  | { readonly kind: "pinned" | "unpinned" }
  | { readonly kind: "cleared"; readonly removed: readonly number[] }
  | ({ readonly kind: "counts" } & PoolCounts)
  | { readonly kind: "run"; readonly length: number }
  | { readonly kind: "contents"; readonly blocks: readonly BlockEntry[] }
  /** Since the last time this was asked. */
  | { readonly kind: "announcements"; readonly events: readonly Announcement[] }
  | Refused<AdmitRefusal | PinRefusal | "not admitted" | "not pinned">;
