import { assert, NANOS_MAX, type Refused } from "#base";

/** A run of bytes of a model's weights, from `from` up to but not including `to`. */
export type Interval = { readonly from: number; readonly to: number };

/** Bytes on a GPU: what a source holds, or what a target wants. A replica is `[0, bytes)`; a GPU may have several pieces. */
export type Piece = Interval & { readonly gpu: number };

/** What is to be moved: the size of the weights, who has which of them, and who wants which. */
export type MoveRequest = {
  readonly bytes: number;
  readonly sources: readonly Piece[];
  readonly targets: readonly Piece[];
};

/** What lies between the GPUs, as tables: distances by pair, rates and latencies by distance. */
export type Links = {
  /** How far apart, by GPU and GPU; 0 to itself. */
  readonly distances: readonly (readonly number[])[];
  /** Bytes a second of one link, by distance; the first entry is not read. */
  readonly rates: readonly number[];
  /** Whole nanoseconds before the first byte, by distance. */
  readonly latenciesNs: readonly number[];
  /** Bytes a second that a GPU sends at, all its links together. */
  readonly egress: number;
  /** Bytes a second that a GPU receives at, all its links together. */
  readonly ingress: number;
};

/** One GPU sends a run of bytes to another. Transfers of one round run together; a round begins when the one before has arrived. */
export type Transfer = Interval & {
  readonly id: number;
  readonly round: number;
  readonly src: number;
  readonly dst: number;
};

/** What no plan can beat, in whole nanoseconds. A plan takes the longest of the first four and `latencyNs`, or more. */
export type LowerBounds = {
  /** The most that a target lacks, ÷ ingress. */
  readonly ingressNs: number;
  /** The most that only one source has and somebody lacks, counted once, ÷ egress. */
  readonly egressNs: number;
  /** All that anybody lacks, counted once, ÷ the egress of all who have some of it. */
  readonly totalNs: number;
  /** Of this plan alone: the most that any one link carries, ÷ its rate. */
  readonly linkNs: number;
  /** The shortest latency between two different GPUs that take part. */
  readonly latencyNs: number;
};

/** Who sends what to whom, and when it is over. */
export type Plan = {
  readonly kind: "planned";
  /** `relayed`: targets first get a part each and then exchange them. */
  readonly strategy: "direct" | "relayed";
  /** By round, receiver and first byte. */
  readonly transfers: readonly Transfer[];
  /** By when every target is whole at the latest; what is above the truth is the latency that not every transfer has. */
  readonly finishNs: number;
  readonly lowerBounds: LowerBounds;
  /** The longest of the lower bounds: what would have to be faster. */
  readonly boundBy: "ingress" | "egress" | "total" | "link";
};

/** Why there is no plan. `nothing missing`: every target has all that it wants. `gap`: the first run of bytes that nobody has. */
export type PlanRefusal =
  | Refused<"no bytes" | "no targets" | "nothing missing">
  | (Refused<"not covered"> & { readonly gap: Piece });

/** How plans are made. */
export type PlanOptions = {
  /** Whether targets may pass on what they have got; they may unless told. */
  readonly relays?: boolean;
};

const checkPiece = (piece: Piece, bytes: number, gpus: number): void => {
  assert(
    Number.isInteger(piece.gpu) && piece.gpu >= 0 && piece.gpu < gpus,
    `a GPU must be numbered 0 … ${gpus - 1}`,
    piece.gpu,
  );
  assert(
    Number.isSafeInteger(piece.from) &&
      Number.isSafeInteger(piece.to) &&
      0 <= piece.from &&
      piece.from <= piece.to &&
      piece.to <= bytes,
    `a piece must be whole bytes, in order and within 0 … ${bytes}`,
    `${piece.from} … ${piece.to}`,
  );
};

/** 70 TB, so that the bytes of a whole rack of targets can be added up exactly. */
const BYTES_MAX = 2 ** 46;

/**
 * Throws a `SpecViolation` unless sizes are whole, pieces lie within the weights, GPUs within the links, and all GPUs could get everything over the
 * slowest link, one after another, within virtual time.
 */
export const checkRequest = ({ bytes, sources, targets }: MoveRequest, links: Links): void => {
  assert(
    Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= BYTES_MAX,
    "weights must be whole bytes, 2^46 at most",
    bytes,
  );
  const slowest = Math.min(links.egress, links.ingress, ...links.rates.slice(1));
  const longestNs = (bytes * links.distances.length * 1e9) / slowest;
  assert(longestNs <= NANOS_MAX, "weights must move within 2^53 nanoseconds", longestNs);
  for (const piece of sources) checkPiece(piece, bytes, links.distances.length);
  for (const piece of targets) checkPiece(piece, bytes, links.distances.length);
};

const isRate = (rate: number): boolean => rate > 0 && Number.isFinite(rate);

/** Throws a `SpecViolation` unless every rate is positive and every latency whole. */
export const checkLinks = ({ rates, latenciesNs, egress, ingress }: Links): void => {
  assert(isRate(egress) && isRate(ingress), "a GPU must send and receive at a positive rate");
  assert(rates.slice(1).every(isRate), "a link must have a positive rate", rates);
  assert(
    latenciesNs.every((latency) => Number.isSafeInteger(latency) && latency >= 0),
    "a latency must be whole nanoseconds",
    latenciesNs,
  );
};
