import { createBlockDirectory, directorySubject } from "#rack";
import { firstDifference, property } from "#verify";
import { asking, directoryHistory, EVERYTHING, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { listings, runs } from "./replies.ts";

export default property({
  id: "DIR-12",
  part: "directory",
  statement: "asking changes nothing: a directory asked after every event ends as one that was not",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (history) => [
    [...history, ...EVERYTHING, ...EVERYTHING],
    [...asking(history), ...EVERYTHING],
  ],
  holds(_, [quiet = [], asked = []]) {
    const questions = EVERYTHING.length;
    return (
      firstDifference(quiet.slice(-2 * questions, -questions), quiet.slice(-questions)) ??
      firstDifference(quiet.slice(-2 * questions, -questions), asked.slice(-questions))
    );
  },
  witnesses: {
    "a lookup of a removed block in front of one that is held": (history, [replies = []]) => {
      const contents = listings(replies[history.length]);
      return (
        contents.some(({ block }) => block === 1) && !contents.some(({ block }) => block === 0)
      );
    },
    "a run to find": (history, [replies = []]) => runs(replies[history.length + 2]).length > 0,
  },
  mutants: mutants("restores a removed entry when a lookup repairs the run"),
});
