import type { Refused } from "#base";
import type {
  Interval,
  Links,
  MoveRequest,
  Plan,
  PlanOptions,
  PlanRefusal,
  Transfer,
} from "./contract.ts";

/** A GPU that is gone from an instant on, with everything on it. What has arrived by then has arrived. */
export type Loss = { readonly gpu: number; readonly atNs: number };

/**
 * What a transfer may claim of a link that it shares: `proportional` to its bytes, so that those who share a link are done together, or `even`,
 * as much as any other.
 */
export type Sharing = "proportional" | "even";

/** How a plan is carried out. */
export type ExecuteOptions = PlanOptions & {
  readonly losses?: readonly Loss[];
  /** Proportional unless told: only then does a plan finish when it says. */
  readonly sharing?: Sharing;
  /** Whether to record every transfer's rate; not unless told. */
  readonly withRates?: boolean;
};

/** What happened, in order. At one instant: arrivals, who is whole, losses and what they cut and strand, plans, starts. */
export type ExpressEvent =
  /** What is to be sent from now on, and nothing else; transfers are numbered on from those before. */
  | { readonly atNs: number; readonly kind: "planned"; readonly transfers: readonly Transfer[] }
  | { readonly atNs: number; readonly kind: "started" | "arrived"; readonly transfer: number }
  /** Ended by a loss; its bytes up to `arrivedTo` are there. */
  | {
      readonly atNs: number;
      readonly kind: "cut";
      readonly transfer: number;
      readonly arrivedTo: number;
    }
  | { readonly atNs: number; readonly kind: "whole" | "lost"; readonly gpu: number }
  /** Nobody left has these bytes. */
  | {
      readonly atNs: number;
      readonly kind: "stranded";
      readonly gpu: number;
      readonly gap: Interval;
    };

/** How it ended for a target: with the new model, still with the old one, or not at all. */
export type Outcome = { readonly gpu: number } & (
  | { readonly state: "new"; readonly usableAtNs: number }
  | { readonly state: "old"; readonly gap: Interval }
  | { readonly state: "lost"; readonly atNs: number }
);

/** A span in which no rate changes: instants in nanoseconds, not rounded, rates in bytes a nanosecond. */
export type RateSpan = {
  readonly fromNs: number;
  readonly toNs: number;
  readonly rates: readonly { readonly transfer: number; readonly perNano: number }[];
};

/** What became of a plan. */
export type Execution = {
  readonly kind: "executed";
  /** The last event. */
  readonly finishNs: number;
  readonly events: readonly ExpressEvent[];
  /** By GPU, one for each target. */
  readonly outcomes: readonly Outcome[];
  /** Empty unless asked for. */
  readonly spans: readonly RateSpan[];
};

/** What an execution needs of others: who plans anew after a loss, and how transfers share links. */
export type ExecutionParts = {
  readonly plan: (
    request: MoveRequest,
    links: Links,
    options?: PlanOptions,
  ) => Plan | PlanRefusal | Refused;
  readonly fairRates: (flows: readonly Flow[], links: Links) => ArrayLike<number>;
};

/** A transfer that sends, as links see it. */
export type Flow = { readonly src: number; readonly dst: number; readonly weight: number };

/** Carries out a plan that was made for the request. */
export type Execute = (
  plan: Plan,
  request: MoveRequest,
  links: Links,
  options?: ExecuteOptions,
) => Execution;
