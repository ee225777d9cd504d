/** The properties and saved cases that lie in a folder. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { byText, InputError, type IssueCode, type Json, shown } from "#base";
import { isCase } from "./given.ts";
import type { Property } from "./property.ts";

const PROPERTY_FILE = /[.]property[.](ts|js)$/;

/** DIR-2 before DIR-10, and both before RTR-1. */
const idKey = (id: string): string => id.replace(/\d+$/, (digits) => digits.padStart(6, "0"));

const fault = (code: IssueCode, message: string, file: string): InputError =>
  new InputError([{ code, message, file }]);

const asFault = (thrown: unknown): string =>
  String(thrown instanceof Error ? thrown.message : thrown);

/** The paths of the property files below a folder, in order. A folder without any is a fault: proving nothing must not pass. */
const propertyFiles = (folder: string): readonly string[] => {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault("VERIFY-3", "a folder of properties must be a folder, found none", folder);
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => PROPERTY_FILE.test(path))
    .toSorted(byText((path) => path));
  if (files.length > 0) return files;
  const must = "a folder of properties must have a file that ends in .property.js or .property.ts";
  throw fault("VERIFY-3", `${must}, found none`, folder);
};

const loadProperty = async (path: string): Promise<Property> => {
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (thrown) {
    const message = `a property file must be one that can be loaded, found: ${asFault(thrown)}`;
    throw fault("VERIFY-3", message, path);
  }
  const id = (exported as { id?: unknown } | null | undefined)?.id;
  if (typeof id === "string" && basename(path).startsWith(`${id.toLowerCase()}-`)) {
    return exported as Property;
  }
  const must = "a property file must export by default the property that its name begins with";
  throw fault("VERIFY-3", `${must}, found ${shown(typeof id === "string" ? id : undefined)}`, path);
};

/**
 * Every property below a folder, in order of id: each `*.property.ts` (or `.js`, once built) is one, as its default export.
 * Discovered, not listed, so that a new file is a new property and nothing else. Throws an `InputError` (VERIFY-3) when there is
 * none, when a file is not one, and when two claim one id.
 */
export const loadProperties = async (folder: string): Promise<readonly Property[]> => {
  const found: Property[] = [];
  for (const file of propertyFiles(folder)) found.push(await loadProperty(join(folder, file)));
  const twice = found.find(({ id }, at) => found.findIndex((other) => other.id === id) < at);
  if (twice !== undefined) {
    throw fault("VERIFY-3", `an id must be that of one property, found ${twice.id} twice`, folder);
  }
  return found.toSorted(byText(({ id }) => idKey(id)));
};

/** A failing case as it is kept: which property, and the events. What went wrong is there for people. */
export type SavedCase = {
  readonly property: string;
  readonly case: Json;
  readonly because: string;
};

const readCase = (path: string): SavedCase => {
  let read: Partial<SavedCase> | null;
  try {
    read = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    throw fault("VERIFY-1", `a saved case must be JSON, found: ${asFault(thrown)}`, path);
  }
  if (typeof read?.property === "string" && read.case !== undefined) return read as SavedCase;
  throw fault(
    "VERIFY-1",
    "a saved case must name its property and hold a case, found neither or one",
    path,
  );
};

/**
 * The cases kept in a folder, one a JSON file, in order of file name. None when there is no such folder. Throws an `InputError`
 * (VERIFY-1) for a file that is no case.
 */
export const readCases = (folder: string): readonly SavedCase[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .toSorted(byText((name) => name))
        .map((name) => readCase(join(folder, name)))
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
