export {
  type GangAnnouncement,
  type GangCall,
  type GangReply,
  type GangSubject,
  gangSubject,
} from "./calls.ts";
export type {
  CreateGangs,
  GangEvents,
  GangGroups,
  GangPlaced,
  GangRefusal,
  GangRequest,
  GangShape,
  Gangs,
  GangWish,
} from "./contract.ts";
export { createGangs } from "./gangs.ts";
export { GangsModel } from "./model.ts";
