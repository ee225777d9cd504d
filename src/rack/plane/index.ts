export {
  type PlaneCall,
  type PlaneEvent,
  type PlaneListing,
  type PlaneQuestion,
  type PlaneReply,
  planeSubject,
} from "./calls.ts";
export type { CreatePlane, Plane, PlaneFault, PlaneListener, PlaneShape } from "./contract.ts";
export { type Announced, PlaneModel, type UnderWay } from "./model.ts";
export { createEventPlane } from "./plane.ts";
