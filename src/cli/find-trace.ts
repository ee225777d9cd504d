import { statSync } from "node:fs";
import { resolve } from "node:path";
import { InputError, shown } from "#base";
import type { Store } from "#store";
import { hashFile } from "#trace";
import type { World } from "./world.ts";

const refuse = (message: string, file: string): never => {
  throw new InputError([{ code: "STORE-3", message, file }]);
};

/**
 * The name of the trace that a word means: a stored trace's name, or else the path of a file whose bytes were imported once. Throws an
 * `InputError` STORE-3 when it is neither, or when the file was imported under several names.
 */
export const findTrace = async (
  store: Store,
  world: Pick<World, "cwd">,
  word: string,
): Promise<string> => {
  const traces = store.traces();
  if (traces.some(({ name }) => name === word)) return word;
  const path = resolve(world.cwd, word);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  // Not a file: the store knows how to say which names are near.
  if (!isFile) return store.trace(word).name;
  const { sha256 } = await hashFile(path);
  const [first, ...others] = traces.filter((trace) => trace.sha256 === sha256);
  const must = "a file named instead of a trace must have been imported";
  if (first === undefined) return refuse(`${must}, found that it was not`, word);
  if (others.length === 0) return first.name;
  const names = [first, ...others].map(({ name }) => shown(name)).join(", ");
  return refuse(`${must} under one name, found ${names}`, word);
};
