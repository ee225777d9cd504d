import { createBlockDirectory, type DirectoryEvent, directorySubject } from "#rack";
import { asIs, finding, property } from "#verify";
import { directoryHistory, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isApplied } from "./replies.ts";

/** Whether each event has an id above all those of its worker since it was last dropped. */
const news = (history: readonly DirectoryEvent[]): readonly boolean[] =>
  history.map((event, index) => {
    if (event.kind === "drop") return true;
    const own = history.slice(0, index).filter(({ worker }) => worker === event.worker);
    const life = own.slice(own.findLastIndex(({ kind }) => kind === "drop") + 1);
    return life.every((past) => past.kind === "drop" || past.id < event.id);
  });

export default property({
  id: "DIR-4",
  part: "directory",
  statement:
    "an event is refused as stale exactly when its worker has told one with the same or a higher id since it was last dropped",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: asIs,
  holds(history, [replies = []]) {
    const at = news(history).findIndex((isNew, index) => isNew !== isApplied(replies[index]));
    if (at === -1) return undefined;
    return finding(at, news(history)[at] ? "applied" : "refused", (replies[at] ?? null) as never);
  },
  witnesses: {
    "an event told twice": (history) =>
      history.some((event, index) => {
        const before = history[index - 1];
        return (
          event.kind !== "drop" &&
          before !== undefined &&
          before.kind !== "drop" &&
          event.worker === before.worker &&
          event.id === before.id
        );
      }),
    "a worker that comes back": (history) =>
      history.some(
        (event, index) =>
          event.kind === "drop" &&
          history
            .slice(index)
            .some(({ worker, kind }) => worker === event.worker && kind !== "drop"),
      ),
    "a stale event after a clear": (history) =>
      news(history).some(
        (isNew, index) =>
          !isNew &&
          history
            .slice(0, index)
            .some(({ worker, kind }) => kind === "cleared" && worker === history[index]?.worker),
      ),
  },
  mutants: mutants(
    "keeps a dropped worker's last id",
    "replays past the last clear: a clear begins the ids again",
    "takes the same id twice",
    "recovers under ids from 0, which move the last id back",
    "cuts event ids to 32 bits",
    "moves the last id back on a stale event",
    "keeps one last id for all workers",
  ),
});
