import { assert } from "#base";
import type {
  AccessReply,
  CreateTier,
  Forgotten,
  Hit,
  Miss,
  NothingForgotten,
  Tier,
  TierBlock,
  TierCandidate,
  TierShape,
} from "./contract.ts";

/** What may happen to a tier, as plain data: the vocabulary of histories, logs and saved cases. */
export type TierEvent =
  | {
      readonly kind: "access";
      readonly gpu: number;
      readonly block: number;
      readonly bytes: number;
      readonly tag: number;
    }
  | { readonly kind: "read" | "forget"; readonly block: number };

/** Anything that can be asked of a tier; `create` comes first. */
export type TierCall =
  | ({ readonly kind: "create" } & TierShape)
  | TierEvent
  | { readonly kind: "usedBytes" | "contents" | "candidates" };

/** The answers, each to its kind of call. */
export type TierReply =
  | { readonly kind: "created" }
  | AccessReply
  | Hit
  | Miss
  | Forgotten
  | NothingForgotten
  | number
  | readonly TierBlock[]
  | readonly TierCandidate[];

const answer = (tier: Tier, call: Exclude<TierCall, { kind: "create" }>): TierReply => {
  switch (call.kind) {
    case "access":
      return tier.access(call.gpu, call.block, call.bytes, call.tag);
    case "read":
    case "forget":
      return tier[call.kind](call.block);
    case "usedBytes":
    case "contents":
    case "candidates":
      return tier[call.kind]();
  }
};

/** A tier as a subject: calls and replies are plain data. */
export const tierSubject =
  (create: CreateTier): (() => (call: TierCall) => TierReply) =>
  () => {
    let tier: Tier | undefined;
    return (call) => {
      if (call.kind === "create") {
        const { kind: _, ...shape } = call;
        tier = create(shape);
        return { kind: "created" };
      }
      assert(tier !== undefined, "a tier is created before it is asked", call.kind);
      return answer(tier, call);
    };
  };
