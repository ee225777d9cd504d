import { assert, type Refused } from "#base";
import { TP_DEGREES } from "#spec";

/** How many GPUs there are, numbered from 0, and how they are divided: GPU `g` is in domain `⌊g ÷ gpusPerDomain⌋`, superchips likewise. */
export type GangShape = {
  readonly gpus: number;
  readonly gpusPerDomain: number;
  readonly gpusPerSuperchip: number;
};

/** Where the groups of a gang lie: all in one domain, each in another, or all in the domain of a GPU and as near to it as can be. */
export type GangWish = "same-domain" | "different-domains" | { readonly near: number };

/** What is asked of a gang's place. `required` is never given up; `preferred` is, when both together are impossible. */
export type GangTopology = {
  readonly required?: GangWish | undefined;
  readonly preferred?: GangWish | undefined;
};

/** A gang that wants a place. */
export type GangRequest = {
  /** Who will have to release it: a whole number of 0 or more. */
  readonly owner: number;
  /** The GPUs of each group: degrees of tensor parallelism that divide a domain. */
  readonly groups: readonly number[];
  /** A whole number; a higher one may end gangs of lower ones. 0 unless told. */
  readonly priority?: number | undefined;
  readonly topology?: GangTopology | undefined;
};

/** The GPUs of each group, in the order of the request and ascending within a group. */
export type GangGroups = readonly (readonly number[])[];

/** The gang has its GPUs. */
export type GangPlaced = {
  readonly kind: "placed";
  readonly groups: GangGroups;
  /** Who was ended to make room: lowest priority first, youngest first among equals. */
  readonly preempted: readonly number[];
  /** Whether the preferred topology was given up. */
  readonly weakened: boolean;
};

/** Why a gang gets no place, in the order in which it is looked into. `topology`: it would get one if nothing were required of it. */
export type GangRefusal = "owner-known" | "no-groups" | "bad-group" | "no-room" | "topology";

/** Where every gang is told when it begins and when it ends, in the order in which it happens. Must not call the gangs back. */
export type GangEvents = {
  placed(owner: number, groups: GangGroups): void;
  /** Its GPUs are free from now on, those apart that are lost. */
  ended(owner: number, why: GangEnd): void;
};

/** Why a gang ended. */
export type GangEnd = "released" | "preempted" | "lost";

/**
 * Which GPUs belong to which gang. A gang is some groups that are placed together or not at all; a group of `tp` GPUs begins at a
 * multiple of `tp` and lies in one domain. Whatever is refused has changed nothing.
 *
 * **Where.** The largest groups are placed first. Each takes the smallest free run that holds it (a run is a free, aligned block of 1,
 * 2, 4 or 8 GPUs that is part of no larger one), in a domain that is not wholly free if there is one, at the lowest number. With
 * "same-domain", the domain is one that is not wholly free, then the one whose runs suffer least, then the lowest. With `near`, the
 * place whose farthest GPU is nearest comes before all that.
 *
 * **Priority.** A gang that does not fit may end gangs of lower priority, never for a preference, and never one that could be spared.
 * The highest priority among them is as low as can be; and for a gang of one group, they are fewest in the highest priority, then in
 * the next, and so on, then youngest.
 *
 * GPUs, domains, owners and priorities that cannot be are the caller's contradiction: a `SpecViolation`.
 */
export type Gangs = {
  readonly shape: GangShape;
  place(request: GangRequest): GangPlaced | Refused<GangRefusal>;
  /** Ends a gang; its GPUs are free again, but for those that are lost. */
  release(owner: number): { readonly kind: "released" } | Refused<"unknown-owner">;
  /** Takes a GPU out of service and ends the gang that has it. Says who was ended, in order of placement. */
  lose(gpu: number): Lost | Refused<"already-lost">;
  /** Takes what is left of a domain out of service, likewise. Refused when nothing was left. */
  loseDomain(domain: number): Lost | Refused<"already-lost">;
  /** Puts a GPU back into service. */
  regain(gpu: number): Regained | Refused<"not-lost">;
  /** Puts all lost GPUs of a domain back into service. Refused when there were none. */
  regainDomain(domain: number): Regained | Refused<"not-lost">;
  /** Everybody who has a gang, in order of placement. */
  owners(): readonly number[];
  /** An owner's groups as they were answered; none for an owner who has no gang. */
  groupsOf(owner: number): GangGroups;
  /** The GPUs that are in service and in no gang, ascending. */
  freeGpus(): readonly number[];
  /** The GPUs that are out of service, ascending. */
  lostGpus(): readonly number[];
  /** How many domains have all their GPUs in service and in no gang. */
  wholeDomainsFree(): number;
  /** Whether the groups would get a place now without ending anybody. Changes nothing. */
  fits(groups: readonly number[], required?: GangWish): boolean;
};

/** GPUs were taken out of service. */
export type Lost = { readonly kind: "lost"; readonly ended: readonly number[] };

/** GPUs are back in service. */
export type Regained = { readonly kind: "regained" };

/** Makes a rack without gangs, all of it in service. Throws a `SpecViolation` when the counts do not divide one another. */
export type CreateGangs = (shape: GangShape, events?: GangEvents) => Gangs;

/** Nobody listens. */
export const UNHEARD: GangEvents = Object.freeze({ placed() {}, ended() {} });

/** Keeps the weights by which the loss of runs is compared exact in a double. */
const GPUS_MAX = 4096;

const isCount = (value: number, below: number): boolean => value >>> 0 === value && value < below;

/** Throws unless there can be a rack of this shape: 1 … 4,096 GPUs, and counts that divide one another. */
export const checkGangShape = ({ gpus, gpusPerDomain, gpusPerSuperchip }: GangShape): void => {
  assert(isCount(gpus - 1, GPUS_MAX), "a rack must have 1 … 4096 GPUs", gpus);
  const divides = (part: number, whole: number): boolean =>
    isCount(part - 1, whole) && whole % part === 0;
  assert(divides(gpusPerDomain, gpus), "domains must divide the rack", gpusPerDomain);
  assert(
    divides(gpusPerSuperchip, gpusPerDomain),
    "superchips must divide a domain",
    gpusPerSuperchip,
  );
};

/** Throws unless the GPU is one of the rack's. */
export const checkGpu = (shape: GangShape, gpu: number): void =>
  assert(isCount(gpu, shape.gpus), "a GPU must be one of the rack's", gpu);

/** Throws unless the domain is one of the rack's. */
export const checkDomain = (shape: GangShape, domain: number): void =>
  assert(
    isCount(domain, shape.gpus / shape.gpusPerDomain),
    "a domain must be one of the rack's",
    domain,
  );

/** Throws unless the number can name an owner. */
export const checkOwner = (owner: number): void =>
  assert(Number.isSafeInteger(owner) && owner >= 0, "an owner must be a whole number", owner);

/** Throws unless a wish is one of the three, of a GPU that is one of the rack's. */
export const checkWish = (shape: GangShape, wish: GangWish | undefined): void => {
  if (wish === undefined || wish === "same-domain" || wish === "different-domains") return;
  checkGpu(shape, wish.near);
};

/** Throws unless a request's owner, priority and topology can be. Its groups may be anything: they are refused. */
export const checkRequest = (shape: GangShape, request: GangRequest): void => {
  checkOwner(request.owner);
  const { priority, topology } = request;
  if (priority !== undefined)
    assert(Number.isSafeInteger(priority), "a priority must be a whole number", priority);
  if (topology === undefined) return;
  checkWish(shape, topology.required);
  checkWish(shape, topology.preferred);
};

/** The sizes that a group can have in a rack of this shape, ascending: the degrees of tensor parallelism that divide a domain. */
export const groupSizes = ({ gpusPerDomain }: GangShape): readonly number[] =>
  TP_DEGREES.filter((tp) => gpusPerDomain % tp === 0);
