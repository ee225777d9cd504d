import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  DirectoryModel,
  directorySubject,
} from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { asking, directoryHistory, EVERYTHING, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";

const scripts = (history: readonly DirectoryEvent[]): readonly Script<DirectoryCall>[] => [
  [...asking(history), ...EVERYTHING],
];
const model = directorySubject(() => new DirectoryModel(SHAPE));

export default property({
  id: "DIR-1",
  part: "directory",
  statement: "a directory answers every history as the model does",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts,
  holds: agreesWith(model, scripts),
  witnesses: {
    "a worker in the third word of a row": (history) =>
      history.some((event) => event.worker === 71),
    "two blocks with the same low 16 bits": (history) =>
      [1, 65_537].every((block) =>
        history.some((event) => event.kind === "stored" && event.block === block),
      ),
    "a clear, and something stored after it": (history) =>
      history.findIndex(({ kind }) => kind === "cleared") <
      history.findLastIndex(({ kind }) => kind === "stored"),
  },
  mutants: mutants(
    "cuts block ids to 16 bits",
    "reads a block's top bit as a sign",
    "takes one off its size for each removal, repeated ones too",
    "does not reset its size on a clear",
    "leaks the entry when a removal cannot find what comes before it",
  ),
});
