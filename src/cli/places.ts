import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "#base";

const HERE = dirname(fileURLToPath(import.meta.url));

/** The folder that the package lies in: the nearest one upward that has a `package.json`. */
const root = (): string => {
  for (let folder = HERE; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    assert(folder !== dirname(folder), "the program lies inside its package", HERE);
  }
};

/** What ships with the program, wherever it was installed and whether or not it was built. */
export const PLACES = Object.freeze({
  /** Where paths such as `traces/code-1k.csv` start. */
  root: root(),
  /** What the document states, a file a chapter. */
  claims: join(root(), "src", "claims", "document"),
  /** The property files: built ones beside the built program, else the sources. */
  properties: HERE.startsWith(join(root(), "src"))
    ? join(root(), "properties")
    : join(HERE, "properties"),
});

/** Where failing cases are kept as files: with the properties' source in a clone, else in the working folder. */
export const casesFolder = (cwd: string): string =>
  existsSync(join(PLACES.root, "properties"))
    ? join(PLACES.root, "properties", "cases")
    : join(cwd, "rackproof-cases");
