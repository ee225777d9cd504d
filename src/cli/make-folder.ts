import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and whichever above it are missing, one by one. Node's own recursive way never returns where a system answers
 * that a folder is missing below one that is there, as `/proc` does. Throws what the system says.
 */
export const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
};
