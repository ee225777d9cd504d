import { InputError, shown } from "#base";
import { wholeNumber } from "./kinds.ts";

const NUMBER = wholeNumber("RUN", 1);

/** The number of a run that a word means. Throws an `InputError` CLI-4 when it is none. */
export const runNumber = (word: string): number => {
  const found = NUMBER.read(word);
  if (found !== undefined) return found;
  const message = `RUN must be the number of a run, as in \`rackproof runs\`, found ${shown(word)}`;
  throw new InputError([{ code: "CLI-4", message }]);
};
