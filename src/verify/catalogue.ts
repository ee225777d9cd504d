/** The properties and saved cases that lie in a folder. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { byText, InputError, type Json } from "#base";
import { isCase } from "./given.ts";
import type { Property } from "./property.ts";

const PROPERTY_FILE = /[.]property[.](ts|js)$/;

/** DIR-2 before DIR-10, and both before RTR-1. */
const idKey = (id: string): string => id.replace(/\d+$/, (digits) => digits.padStart(6, "0"));

/**
 * Every property below a folder, in order of id: each `*.property.ts` (or `.js`, once built) is one, as its default export.
 * Discovered, not listed, so that a new file is a new property and nothing else. Throws when two claim one id.
 */
export const loadProperties = async (folder: string): Promise<readonly Property[]> => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => PROPERTY_FILE.test(path))
    .toSorted(byText((path) => path));
  const found: Property[] = [];
  for (const file of files) {
    const module: { default?: Property } = await import(pathToFileURL(join(folder, file)).href);
    const property = module.default;
    if (property === undefined || !basename(file).startsWith(`${property.id.toLowerCase()}-`)) {
      throw new TypeError(`${file} must export by default the property that its name begins with`);
    }
    found.push(property);
  }
  const ids = new Set(found.map(({ id }) => id));
  if (ids.size < found.length) throw new TypeError(`two properties below ${folder} share an id`);
  return found.toSorted(byText(({ id }) => idKey(id)));
};

/** A failing case as it is kept: which property, and the events. What went wrong is there for people. */
export type SavedCase = {
  readonly property: string;
  readonly case: Json;
  readonly because: string;
};

/** The cases kept in a folder, one a JSON file, in order of file name. None when there is no such folder. */
export const readCases = (folder: string): readonly SavedCase[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .toSorted(byText((name) => name))
        .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as SavedCase)
    : [];

/**
 * The saved cases of one property. One that its inputs no longer include would be skipped in silence, so it is an error: the
 * generator changed, and the case must be rewritten or withdrawn by a person.
 */
export const casesOf = (property: Property, saved: readonly SavedCase[]): readonly Json[] => {
  const own = saved.filter((entry) => entry.property === property.id).map((entry) => entry.case);
  const strange = own.filter((entry) => !isCase(property.given, entry));
  if (strange.length > 0) {
    throw new InputError(
      strange.map((entry) => ({
        code: "VERIFY-1",
        message: `a saved case of ${property.id} must be one of its inputs, found ${JSON.stringify(entry)}`,
      })),
    );
  }
  return own;
};
