import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { canonicalJson, InputError, type IssueCode, type Json, sha256 } from "#base";
import type { Store } from "#store";
import { type RunCase, readRunCase, runCaseJson, type SavedCase } from "#verify";
import { makeFolder } from "./make-folder.ts";
import { unwritable, whyUnwritable } from "./unwritable.ts";

/** Keeps a case in the database, and as a file beside the cases of properties; returns the file's path as it can be typed. */
export const keepRunCase = (
  store: Pick<Store, "saveCase">,
  cwd: string,
  folder: string,
  given: RunCase,
): { readonly caseId: number; readonly file: string } => {
  const { invariant, found } = given;
  const json = runCaseJson(given);
  const finding = found as unknown as Json;
  const saved: SavedCase = { property: invariant, case: json, because: canonicalJson(finding) };
  const name = `${invariant.toLowerCase()}-${sha256(canonicalJson(json)).slice(0, 8)}.json`;
  const path = join(resolve(cwd, folder), name);
  try {
    makeFolder(resolve(cwd, folder));
    writeFileSync(path, `${JSON.stringify(saved, null, 2)}\n`);
  } catch (thrown) {
    const { code } = thrown as { readonly code?: string };
    throw whyUnwritable(code) === undefined ? thrown : unwritable(code, path);
  }
  const { caseId } = store.saveCase({ property: invariant, part: "replay", case: json, finding });
  const typed = relative(cwd, path);
  return { caseId, file: typed.startsWith("..") ? path : typed };
};

const refuse = (code: IssueCode, message: string, file: string): InputError =>
  new InputError([{ code, message, file }]);

const textOf = (cwd: string, file: string): string => {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch (thrown) {
    const isFolder = (thrown as { readonly code?: string }).code === "EISDIR";
    const must = "RUN must be the number of a stored run or a file that is there to be read";
    throw refuse("CLI-6", `${must}, found ${isFolder ? "a folder" : "neither"}`, file);
  }
};

const jsonOf = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw refuse(
      "VERIFY-1",
      `a case must be JSON, found: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      file,
    );
  }
};

/** Reads a case that was kept as a file. Throws an `InputError`: CLI-6 when it is not there, VERIFY-1 and REPLAY codes for what is wrong with it. */
export const readRunCaseFile = (cwd: string, file: string): RunCase => {
  const saved = jsonOf(textOf(cwd, file), file) as Partial<SavedCase> | null;
  return readRunCase(saved?.case, file);
};
