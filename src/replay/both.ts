import type { RackObserver } from "#rack";
import type { EngineWatcher } from "./engine/watcher.ts";

/** Tells two who hear pools, the first first. */
export const bothRacks = (first: RackObserver, second: RackObserver): RackObserver => ({
  stored(worker, names, count, listings) {
    first.stored(worker, names, count, listings);
    second.stored(worker, names, count, listings);
  },
  removed(worker, names, count, listings) {
    first.removed(worker, names, count, listings);
    second.removed(worker, names, count, listings);
  },
});

/** Tells two who watch an engine, the first first. Written out: it is called for every event, and a loop over names would cost more than what is told. */
export const bothEngines = (first: EngineWatcher, second: EngineWatcher): EngineWatcher => ({
  instant(nowNs) {
    first.instant(nowNs);
    second.instant(nowNs);
  },
  opened(worker, nowNs) {
    first.opened(worker, nowNs);
    second.opened(worker, nowNs);
  },
  gone(worker, nowNs) {
    first.gone(worker, nowNs);
    second.gone(worker, nowNs);
  },
  arrived(live, nowNs) {
    first.arrived(live, nowNs);
    second.arrived(live, nowNs);
  },
  unloaded(live, worker) {
    first.unloaded(live, worker);
    second.unloaded(live, worker);
  },
  moves(live, to) {
    first.moves(live, to);
    second.moves(live, to);
  },
  routed(live, worker, group, mask) {
    first.routed(live, worker, group, mask);
    second.routed(live, worker, group, mask);
  },
  decided(decision) {
    first.decided(decision);
    second.decided(decision);
  },
  hits(live, worker, hits) {
    first.hits(live, worker, hits);
    second.hits(live, worker, hits);
  },
  reading(move) {
    first.reading(move);
    second.reading(move);
  },
  filling(worker, live) {
    first.filling(worker, live);
    second.filling(worker, live);
  },
  prefilled(live, worker, nowNs) {
    first.prefilled(live, worker, nowNs);
    second.prefilled(live, worker, nowNs);
  },
  decoded(worker, stretch) {
    first.decoded(worker, stretch);
    second.decoded(worker, stretch);
  },
  paused(live) {
    first.paused(live);
    second.paused(live);
  },
  resumed(live, worker) {
    first.resumed(live, worker);
    second.resumed(live, worker);
  },
  moved(move, nowNs) {
    first.moved(move, nowNs);
    second.moved(move, nowNs);
  },
  ended(live, outcome, reason, nowNs) {
    first.ended(live, outcome, reason, nowNs);
    second.ended(live, outcome, reason, nowNs);
  },
  scheduled(worker, nowNs) {
    first.scheduled(worker, nowNs);
    second.scheduled(worker, nowNs);
  },
  happened(worker, nowNs, event, live) {
    first.happened(worker, nowNs, event, live);
    second.happened(worker, nowNs, event, live);
  },
});
