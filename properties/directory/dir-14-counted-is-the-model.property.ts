import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  DirectoryModel,
  directorySubject,
} from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { asking, COUNTED, EVERYTHING, pilingHistory } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { samePlace, someEvent } from "./replies.ts";

const scripts = (history: readonly DirectoryEvent[]): readonly Script<DirectoryCall>[] => [
  [...asking(history), ...EVERYTHING],
];
const model = directorySubject(() => new DirectoryModel(COUNTED));

export default property({
  id: "DIR-14",
  part: "directory",
  statement: "a directory with counted removal answers every history as the model does",
  given: pilingHistory,
  subject: directorySubject(() => createBlockDirectory(COUNTED)),
  scripts,
  holds: agreesWith(model, scripts),
  witnesses: {
    "a block stored twice in one place, and removed": (history) =>
      someEvent(
        history,
        (event, before) =>
          event.kind === "removed" &&
          before.filter((past) => past.kind === "stored" && samePlace(past, event)).length > 1,
      ),
    "a clear of a block stored twice": (history) =>
      someEvent(
        history,
        (event, before) =>
          event.kind === "cleared" &&
          before.some(
            (past, at) =>
              past.kind === "stored" &&
              past.worker === event.worker &&
              before.slice(0, at).some((one) => one.kind === "stored" && samePlace(one, past)),
          ),
      ),
  },
  mutants: mutants(
    "ends a listing at the first removal",
    "counts no further than two",
    "keeps the count over a clear",
  ),
});
