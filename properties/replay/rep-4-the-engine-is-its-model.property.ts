import type { ModelEvent } from "#replay";
import { property } from "#verify";
import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import { difference, modelRun, type Run } from "./engines.ts";
import type { Scene } from "./scene.ts";
import { engine, type RunCall, runSetup } from "./scene-runs.ts";
import { BLOCK_TOKENS, traceOf } from "./scene-trace.ts";
import { scenes } from "./scenes.ts";

type Replies = readonly (readonly Run[])[];
type IsIt = (event: ModelEvent, events: readonly ModelEvent[], scene: Scene) => boolean;

const only = (replies: Replies): Run => replies[0]?.[0] as Run;

/** The witness that a run has an event like this. */
const someEvent =
  (isIt: IsIt) =>
  (scene: Scene, replies: Replies): boolean =>
    only(replies).events.some((event, _, events) => isIt(event, events, scene));

const is =
  (...names: readonly ModelEvent["event"][]): IsIt =>
  ({ event }) =>
    names.includes(event);

/** Whether a worker's step ends at the instant of an event there. */
const endsAStep = ({ atNs, worker }: ModelEvent, events: readonly ModelEvent[]): boolean =>
  events.some(
    (other) =>
      other.atNs === atNs &&
      other.worker === worker &&
      (other.event === "prefilled" || other.event === "completed"),
  );

/** Whether somebody decodes at the worker of an event when it happens. */
const inADecode = ({ atNs, worker }: ModelEvent, events: readonly ModelEvent[]): boolean => {
  const begun = events.filter(
    (other) => other.event === "prefilled" && other.worker === worker && other.atNs < atNs,
  );
  return events.some(
    (other) =>
      other.event === "completed" &&
      other.worker === worker &&
      other.atNs > atNs &&
      begun.some(({ request }) => request === other.request),
  );
};

export default property<Scene, RunCall, Run>({
  id: "REP-4",
  part: "replay",
  statement:
    "the engine that leaps lives through the same run as one in which every step of every worker is an event, event for event and to the nanosecond",
  given: scenes(),
  subject: engine(),
  scripts: (scene) => [[{ kind: "run", scene }]],

  holds(scene, replies) {
    const found = difference(modelRun(runSetup(scene)), only(replies));
    return found && { at: 0, ...found };
  },

  witnesses: {
    "a preemption": someEvent(is("preempted")),
    "a prompt computed in chunks": someEvent(
      ({ event, request, hits }, _, { budget, requests }) =>
        event === "prefilled" &&
        (requests[request]?.path.length ?? 0) - hits > budget / BLOCK_TOKENS + 1,
    ),
    "a request that waits for a seat": someEvent(
      ({ event, request, atNs }, events, { seats }) =>
        seats <= 2 &&
        event === "started" &&
        events.some(
          (other) => other.request === request && other.event === "arrived" && other.atNs < atNs,
        ),
    ),
    "an arrival in the middle of a decode": someEvent(
      (event, events) =>
        event.event === "arrived" && inADecode(event, events) && !endsAStep(event, events),
    ),
    "an arrival at the very end of a step": someEvent(
      (event, events) => event.event === "arrived" && endsAStep(event, events),
    ),
    "an urgent request that overtakes": someEvent(
      ({ event, request, worker }, events, { requests }) =>
        event === "started" &&
        (requests[request]?.priority ?? 0) > 0 &&
        events.some(
          (other) =>
            other.event === "started" &&
            other.worker === worker &&
            other.request < request &&
            events.indexOf(other) >
              events.findIndex((one) => one.event === "started" && one.request === request),
        ),
    ),
    "a request that leaves while it is decoded": someEvent(
      ({ event, tokens }) => event === "cancelled" && tokens > 1,
    ),
    "a request that leaves before its first token": someEvent(
      ({ event, tokens }) => event === "cancelled" && tokens === 0,
    ),
    "a turn that waits for the one before": (scene, replies) => {
      const rows = traceOf(scene);
      return only(replies).events.some(
        ({ event, request, atNs }) =>
          event === "arrived" && scene.concurrency < 0 && atNs > (rows[request]?.arrivalNs ?? atNs),
      );
    },
    "a fetch from another worker": someEvent(
      ({ event, fetched }) => event === "moved" && fetched > 0,
    ),
    "KV that moves to who decodes it": someEvent(is("moving")),
    "a request that finds nobody": (_, replies) => "no live worker" in only(replies).ends,
    "a request too large for its worker": someEvent(is("failed")),
    "five workers at work, or more": (_, replies) =>
      new Set(only(replies).events.map(({ worker }) => worker)).size >= 5,
    "requests that come as others end": ({ concurrency, requests }) =>
      concurrency > 0 && requests.length > concurrency,
  },

  mutants: ENGINE_MUTANTS,
});
