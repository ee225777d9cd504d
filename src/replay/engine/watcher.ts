import type { ServingGroup } from "#rack";
import type { Outcome } from "../record.ts";
import type { EngineEvent } from "./contract.ts";
import type { LateDecision } from "./late-decision.ts";
import type { Live, State } from "./live.ts";
import type { Move } from "./moves.ts";
import type { DecodedSteps } from "./phase.ts";
import type { EngineWorker } from "./worker.ts";

/** Who watches a run: told of everything, at the moment it happens, and changes nothing. */
export type EngineWatcher = {
  /** Something is about to happen at an instant, at or after that of everything before it. */
  instant(nowNs: number): void;
  /** A worker serves from now on. */
  opened(worker: EngineWorker, nowNs: number): void;
  /** A worker is gone: it has broken off what it did, and whoever was there has been told to. */
  gone(worker: EngineWorker, nowNs: number): void;
  arrived(live: Live, nowNs: number): void;
  /** A request is about to change its state. */
  moves(live: Live, to: State): void;
  /** A worker has been chosen among those of a mask; the directory is as it was looked at. */
  routed(live: Live, worker: EngineWorker, group: ServingGroup, mask: Uint8Array): void;
  /** A request is no load of a worker any more. */
  unloaded(live: Live, worker: EngineWorker): void;
  /** The router has decided, by a directory that hears late. */
  decided(decision: LateDecision): void;
  /** A pool says that so many leading blocks can be read. */
  hits(live: Live, worker: EngineWorker, hits: number): void;
  /** A copy is about to be read at its source. */
  reading(move: Move): void;
  /** Blocks are about to become readable at a worker for a request. */
  filling(worker: EngineWorker, live: Live): void;
  prefilled(live: Live, worker: EngineWorker, nowNs: number): void;
  /** Steps of a worker have ended; nobody has joined or left for it yet. */
  decoded(worker: EngineWorker, stretch: DecodedSteps): void;
  /** A request that is to be given more tokens is in no batch of its worker any more, or waits to be decoded elsewhere. */
  paused(live: Live): void;
  /** A request joins a batch with KV that its worker has not computed. */
  resumed(live: Live, worker: EngineWorker): void;
  /** What was on its way has arrived. */
  moved(move: Move, nowNs: number): void;
  ended(live: Live, outcome: Outcome, reason: string, nowNs: number): void;
  /** A worker has been scheduled, and has begun a step or rests. */
  scheduled(worker: EngineWorker, nowNs: number): void;
  /** An event has happened to a request, at a worker if there is one. */
  happened(worker: EngineWorker | undefined, nowNs: number, event: EngineEvent, live: Live): void;
};
