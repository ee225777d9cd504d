export { type TierCall, type TierEvent, type TierReply, tierSubject } from "./calls.ts";
export type {
  AccessRefusal,
  AccessReply,
  CreateTier,
  Tier,
  TierBlock,
  TierCandidate,
  TierShape,
} from "./contract.ts";
export { PROMOTE_AFTER } from "./contract.ts";
export { TierModel } from "./model.ts";
export { SwitchTier } from "./switch-tier.ts";
