/** What is audited: the document's claims that come with Rackproof, or files of somebody's own, against a reference; and its code on trial. */
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { InputError, type Issue } from "#base";
import {
  auditClaims,
  type Claim,
  type ClaimTable,
  changesOf,
  prepare,
  readClaims,
  readNotes,
} from "#claims";
import type { AuditResult } from "#report";
import { findProfile, PROFILES, type Reference, readReference, referenceOf } from "#spec";
import { DOCUMENT_SUBJECTS, type DocumentTrial, loadProperties, tryDocument } from "#verify";
import { PLACES } from "./places.ts";

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "a folder",
  EACCES: "one that may not be read",
};

const textOf = (path: string, shown: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    const code = String((thrown as { code?: string }).code);
    const message = `a file must be one that can be read, found ${WHY[code] ?? code}`;
    throw new InputError([{ code: "CLI-6", message, file: shown }]);
  }
};

/** A table of contents: the chapters and tables in the document's order. */
type Contents = { readonly chapters: readonly string[]; readonly tables: readonly ClaimTable[] };

const contents = (): Contents =>
  JSON.parse(readFileSync(join(PLACES.claims, "contents.json"), "utf8")) as Contents;

/** The reference of a name, or of a file. Throws an `InputError`. */
export const referenceNamed = (name: string, cwd: string): Reference => {
  if (PROFILES.some((profile) => profile.name === name)) return referenceOf(findProfile(name));
  const isFile = /[./\\]/.test(name);
  return isFile
    ? readReference(textOf(resolve(cwd, name), name), name)
    : referenceOf(findProfile(name));
};

/** What was handed to an audit: claims, whose document they are, and the tables that are known of it. */
export type Audited = { readonly claims: readonly Claim[]; readonly tables: readonly ClaimTable[] };

const readAll = (files: readonly { path: string; shown: string }[]): readonly Claim[] => {
  const issues: Issue[] = [];
  const claims = files.flatMap(({ path, shown }) => {
    const read = readClaims(textOf(path, shown), shown);
    issues.push(...read.issues);
    return read.claims;
  });
  if (issues.length > 0) throw new InputError(issues);
  return claims;
};

/** The claims of files of somebody's own, in the order given. Throws an `InputError` with every fault. */
export const claimsOf = (files: readonly string[], cwd: string): Audited => ({
  claims: readAll(files.map((shown) => ({ path: resolve(cwd, shown), shown }))),
  tables: [],
});

/** The claims of the document, which come with Rackproof. */
export const documentClaims = (): Audited => {
  const { chapters, tables } = contents();
  const files = chapters.map((name) => ({
    path: join(PLACES.claims, `${name}.csv`),
    shown: `${name}.csv`,
  }));
  return { claims: readAll(files), tables };
};

/**
 * What the document's report shows beside its verdicts: what is public about its figures, and which verdicts that would turn. Takes the document's
 * claims, prepared, and the reference that they are recorded for.
 */
export const besideTheDocument = (
  prepared: ReturnType<typeof prepare>,
  document: Reference,
): Pick<AuditResult, "notes" | "onPublicFigures"> => {
  const datasheet = referenceNamed("datasheet", ".");
  const notes = join(PLACES.claims, "notes.csv");
  return {
    notes: readNotes(textOf(notes, basename(notes)), basename(notes), document, datasheet),
    onPublicFigures: changesOf(auditClaims(prepared, datasheet, document)),
  };
};

/** The document's audit, as its report has it. */
export const documentAudit = (): AuditResult => {
  const { claims, tables } = documentClaims();
  const document = referenceNamed("document", ".");
  const prepared = prepare(claims);
  const judged = auditClaims(prepared, document);
  return { judged, tables, profile: document.name, ...besideTheDocument(prepared, document) };
};

const tryTheCode = async (): Promise<readonly DocumentTrial[]> =>
  tryDocument(DOCUMENT_SUBJECTS, await loadProperties(PLACES.properties));

let tried: Promise<readonly DocumentTrial[]> | undefined;

/**
 * What came of trying the document's own code on the properties that come with Rackproof. Takes about two seconds the first time; it depends on
 * nothing but the code, so a process works it out once.
 */
export const documentTrials = (): Promise<readonly DocumentTrial[]> => {
  tried ??= tryTheCode();
  return tried;
};
