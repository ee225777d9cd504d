/** What a run is measured by, gathered while it runs. */
import type { LateDecision } from "../engine/late-decision.ts";
import type { DecodedSteps } from "../engine/phase.ts";
import type { Outcome, Recorder } from "../record.ts";
import { FirstSeen } from "./first-seen.ts";
import { Hits } from "./hits.ts";
import { LoadHistory } from "./load-history.ts";
import { imbalanceOf, loadOf } from "./loads.ts";
import { type MeteredWorker, Meters } from "./meters.ts";
import { Outcomes, type Slo } from "./outcomes.ts";
import { type EndedRequest, requestRow } from "./request-row.ts";
import { PERCENTILES, type RunMeasures } from "./result.ts";
import { Series } from "./series.ts";
import { requestSpans } from "./spans.ts";
import { Lateness } from "./staleness.ts";
import { type Decoder, TokenGaps } from "./token-gaps.ts";
import { type ArrivedKv, Traffic } from "./traffic.ts";

/** How far apart two rows of a series are unless told: a minute. */
const SERIES_EVERY_NS = 60_000_000_000;

/** A worker as it is measured. */
export type MeasuredWorker = MeteredWorker & Decoder;

/** What is to be measured against, and who wants to be told besides. */
export type MeasuresSetup = {
  readonly slo: Slo;
  readonly recorder: Recorder | undefined;
  /** Whether the directory hears late, so that it is worth knowing what that costs. */
  readonly isHearingLate: boolean;
};

/** What somebody else has counted, once the run has ended. */
export type RunFacts = {
  /** When the last request ended. */
  readonly endNs: number;
  readonly failedAtSource: number;
  readonly evictions: number;
  readonly promotions: number;
  readonly swaps: number;
};

/**
 * Gathers the measures of one run, and tells whoever records it. It is told of everything at the moment it happens, in the order in which it does, and
 * changes nothing. Memory does not grow with the run beyond its first 2^17 values of each quantity, but for a bit for each block name.
 */
export class Measures {
  readonly #recorder: Recorder;
  readonly #isHearingLate: boolean;
  readonly #outcomes: Outcomes;
  readonly #gaps = new TokenGaps();
  readonly #hits = new Hits();
  readonly #infinite = new FirstSeen();
  readonly #traffic = new Traffic();
  readonly #lateness = new Lateness();
  readonly #meters = new Meters();
  readonly #history = new LoadHistory();
  readonly #series: Series | undefined;
  readonly #seriesEveryNs: number;
  /** The end of the series' interval under way, and that of whichever interval ends next. */
  #seriesNs: number;
  #nextNs: number;

  constructor({ slo, recorder = {}, isHearingLate }: MeasuresSetup) {
    this.#recorder = recorder;
    this.#isHearingLate = isHearingLate;
    this.#outcomes = new Outcomes(slo);
    this.#series = recorder.series && new Series((row) => recorder.series?.(row));
    this.#seriesEveryNs = recorder.seriesEveryNs ?? SERIES_EVERY_NS;
    this.#seriesNs = this.#series === undefined ? Number.POSITIVE_INFINITY : this.#seriesEveryNs;
    this.#nextNs = Math.min(this.#seriesNs, this.#history.nextNs);
  }

  /** An instant is about to begin, at which something happens: everything before it has. Cheap to call before every event. */
  until(nowNs: number): void {
    while (this.#nextNs < nowNs) this.#sample(this.#nextNs);
  }

  /** A worker is there. */
  opened(worker: MeasuredWorker, nowNs: number): void {
    this.#meters.opened(worker, nowNs);
  }

  /** A worker is gone, and has broken off what it did; those that it had been giving tokens have been told to pause. */
  gone(worker: MeasuredWorker, nowNs: number): void {
    this.#meters.gone(worker, nowNs);
  }

  /** A request has arrived, whose blocks are of a kind: a small whole number. */
  arrived(kind: number, blocks: Uint32Array): void {
    this.#infinite.prompt(kind, blocks);
  }

  /** The router has decided, by a directory that hears late. */
  decided(decision: LateDecision): void {
    this.#lateness.decided(decision);
  }

  /** Steps of a worker have ended: to be told first of all that happens at a boundary, and when a worker breaks off, for what it has ended by then. */
  decoded(worker: MeasuredWorker, stretch: DecodedSteps): void {
    this.#gaps.decoded(worker, stretch);
  }

  /** A prompt has been computed, and with it a token. */
  prefilled(live: EndedRequest, worker: MeasuredWorker, nowNs: number): void {
    this.#meters.served(worker);
    this.#gaps.prefilled(live, nowNs);
  }

  /** A request is not in its worker's batch any more and is to be given more tokens: it was preempted, waits to be decoded elsewhere, or has lost its worker. */
  paused(live: EndedRequest): void {
    if (live.worker !== undefined) this.#gaps.paused(live, live.worker.number);
  }

  /** A request joins the batch of a worker, for the next step, with KV that it has not computed. */
  resumed(live: EndedRequest, worker: MeasuredWorker): void {
    this.#meters.served(worker);
    this.#gaps.resumed(live, worker.number);
  }

  /** KV has arrived. */
  moved(kv: ArrivedKv): void {
    this.#traffic.arrived(kv);
    const { kind, worker, startNs, endNs, request, from, bytes } = kv;
    this.#recorder.span?.({ kind, worker, startNs, endNs, request, from, bytes });
  }

  /** A request has ended. */
  ended(live: EndedRequest, outcome: Outcome, reason: string, nowNs: number): void {
    const row = requestRow(live, outcome, reason, nowNs);
    this.#gaps.ended(live, live.worker?.number ?? -1);
    this.#outcomes.ended(row);
    this.#hits.ended(row);
    const recorder = this.#recorder;
    recorder.request?.(row);
    if (recorder.span === undefined) return;
    for (const span of requestSpans(row)) recorder.span(span);
  }

  /** The run has ended: the last interval is told, and everything said. To be called once. */
  finish({ endNs, failedAtSource, evictions, promotions, swaps }: RunFacts): RunMeasures {
    this.until(endNs);
    const standings = this.#meters.read(endNs);
    if (endNs > this.#seriesNs - this.#seriesEveryNs) this.#series?.take(endNs, standings);
    const outcomes = this.#outcomes;
    const { preemptions, restarts } = outcomes.repetitions();
    return {
      requests: outcomes.counts(failedAtSource),
      failures: outcomes.reasons("failed"),
      cancellations: outcomes.reasons("cancelled"),
      tokens: outcomes.tokens(),
      tokens_per_s: outcomes.tokensPerSecond(endNs),
      goodput: outcomes.goodput(endNs),
      ...outcomes.latencies(),
      itl_ns: this.#gaps.spread(),
      percentiles: PERCENTILES,
      hits: this.#hits.rates(this.#infinite.found()),
      transfers: this.#traffic.transfers(),
      utilisation: { ...loadOf(standings), over_time: this.#history.found(endNs, standings) },
      imbalance: imbalanceOf(standings),
      evictions,
      promotions,
      preemptions,
      swaps,
      restarts,
      staleness: this.#isHearingLate ? this.#lateness.found() : null,
      span_ns: endNs,
    };
  }

  #sample(atNs: number): void {
    const standings = this.#meters.read(atNs);
    if (atNs === this.#seriesNs) {
      this.#series?.take(atNs, standings);
      this.#seriesNs += this.#seriesEveryNs;
    }
    if (atNs === this.#history.nextNs) this.#history.take(standings);
    this.#nextNs = Math.min(this.#seriesNs, this.#history.nextNs);
  }
}
