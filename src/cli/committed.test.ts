import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { auditReport, auditSentence } from "#report";
import { loadProperties } from "#verify";
import { documentAudit } from "./document.ts";
import { PLACES } from "./places.ts";

const committed = (path: string): string => readFileSync(path, "utf8");

/** Reports go by id as text, sources by part. */
const inOrder = (names: readonly (readonly unknown[])[]): readonly string[] =>
  names.map((name) => JSON.stringify(name)).toSorted();

const rows = (path: string): readonly Readonly<Record<string, string>>[] =>
  parse(committed(path), { columns: true });

/**
 * What can be told without proving anything. That README and reports are what `start` prints and writes, to the byte, is held by the tests of
 * the whole (`npm run test:whole`).
 */
describe("what is committed", () => {
  it("audits the document as the sources do", () => {
    for (const { path, text } of auditReport(documentAudit()))
      expect(committed(`reports/${path}`)).toBe(text);
  });

  it("names the properties that there are, with their witnesses and mutants, each of them as holding", async () => {
    const properties = await loadProperties(PLACES.properties);
    const proved = rows("reports/properties.csv").map((row) => [
      row["id"],
      row["statement"],
      row["verdict"],
    ]);
    expect(inOrder(proved)).toEqual(
      inOrder(properties.map(({ id, statement }) => [id, statement, "holds"])),
    );
    const met = rows("reports/property-witnesses.csv").map((row) => [row["id"], row["witness"]]);
    expect(inOrder(met)).toEqual(
      inOrder(
        properties.flatMap(({ id, witnesses }) => Object.keys(witnesses).map((name) => [id, name])),
      ),
    );
    const caught = rows("reports/property-mutants.csv").map((row) => [
      row["id"],
      row["mutant"],
      row["caught"],
    ]);
    expect(inOrder(caught)).toEqual(
      inOrder(
        properties.flatMap(({ id, mutants }) =>
          Object.keys(mutants).map((name) => [id, name, "true"]),
        ),
      ),
    );
  });

  it("shows in the README how many properties, mutants and claims there are", async () => {
    const properties = await loadProperties(PLACES.properties);
    const mutants = properties.flatMap((property) => Object.keys(property.mutants)).length;
    const readme = committed("README.md");
    expect(readme).toContain(
      `properties  ${properties.length} of ${properties.length} hold, and they catch ${mutants.toLocaleString("en")} of ${mutants.toLocaleString("en")} broken implementations\n`,
    );
    expect(readme).toContain(`audit       ${auditSentence(documentAudit().judged)}\n`);
  });
});
