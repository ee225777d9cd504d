import { assert, type Refused, unreachable } from "#base";
import type {
  CreateGangs,
  GangEnd,
  GangGroups,
  GangPlaced,
  GangRequest,
  GangShape,
  Gangs,
  GangWish,
  Lost,
  Regained,
} from "./contract.ts";

/** Begins anew with an empty rack of a shape; comes first. */
type Create = { readonly kind: "create"; readonly shape: GangShape };

/** Asks what was announced since it was last asked. */
type Announcements = { readonly kind: "announcements" };

/** Anything that can be put to the gangs of a rack, as plain data: the vocabulary of histories, logs and saved cases. */
export type GangCall =
  | Create
  | ({ readonly kind: "place" } & GangRequest)
  | { readonly kind: "release" | "groupsOf"; readonly owner: number }
  | { readonly kind: "lose" | "regain"; readonly gpu: number }
  | { readonly kind: "loseDomain" | "regainDomain"; readonly domain: number }
  | {
      readonly kind: "fits";
      readonly groups: readonly number[];
      readonly required?: GangWish | undefined;
    }
  | { readonly kind: "owners" | "freeGpus" | "lostGpus" | "wholeDomainsFree" }
  | Announcements;

/** What was announced: a gang with its groups, or an end with its reason. */
export type GangAnnouncement =
  | readonly ["placed", number, GangGroups]
  | readonly ["ended", number, GangEnd];

/** The answers, each to its kind of call. */
export type GangReply =
  | GangPlaced
  | Lost
  | Regained
  | { readonly kind: "created" | "released" }
  | Refused
  | number
  | boolean
  | readonly number[]
  | GangGroups
  | readonly GangAnnouncement[];

/** The gangs of a rack as a subject: fresh ones each time, which take calls and give replies, both plain data. */
export type GangSubject = () => (call: GangCall) => GangReply;

/** Puts gangs behind calls of plain JSON. A question before `create` is a defect of the caller and throws. */
export const gangSubject =
  (create: CreateGangs): GangSubject =>
  () => {
    let gangs: Gangs | undefined;
    let announced: GangAnnouncement[] = [];
    return (call) => {
      if (call.kind === "create") {
        announced = [];
        gangs = create(call.shape, {
          placed: (owner, groups) => void announced.push(["placed", owner, groups]),
          ended: (owner, why) => void announced.push(["ended", owner, why]),
        });
        return { kind: "created" };
      }
      assert(gangs !== undefined, "a rack is created before it is asked", call.kind);
      if (call.kind !== "announcements") return answer(gangs, call);
      const told = announced;
      announced = [];
      return told;
    };
  };

/** Puts one call to the gangs. */
const answer = (gangs: Gangs, call: Exclude<GangCall, Create | Announcements>): GangReply => {
  switch (call.kind) {
    case "place":
      return gangs.place(call);
    case "release":
    case "groupsOf":
      return gangs[call.kind](call.owner);
    case "lose":
    case "regain":
      return gangs[call.kind](call.gpu);
    case "loseDomain":
    case "regainDomain":
      return gangs[call.kind](call.domain);
    case "fits":
      return gangs.fits(call.groups, call.required);
    case "owners":
    case "freeGpus":
    case "lostGpus":
    case "wholeDomainsFree":
      return gangs[call.kind]();
    default:
      return unreachable(call);
  }
};
