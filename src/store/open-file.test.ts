import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStore } from "./index.ts";
import { requireLatest } from "./migrate.ts";
import { type OpenFile, openToRead } from "./open-file.ts";
import { aRequest, importAs, refusal, scratchFolder } from "./testing/samples.ts";

/** A database with the traces `names`, in a folder of its own. */
const stored = (...names: readonly string[]): string => {
  const path = join(scratchFolder(), "a b%41?#.db");
  const store = openStore(path);
  for (const name of names) importAs(store, name);
  store.close();
  return path;
};

const namesIn = ({ db }: OpenFile): unknown =>
  db.prepare("SELECT name FROM traces ORDER BY name").pluck().all();

const filesBeside = (path: string): readonly string[] => readdirSync(join(path, "..")).toSorted();

const PLACES = [
  { where: "where files may be made", mayWrite: true },
  { where: "where nothing may be written", mayWrite: false },
];

describe.each(PLACES)("a database that is only read, $where", ({ mayWrite }) => {
  it("is left as it is, with no file beside it", () => {
    const path = stored("t");
    const before = readFileSync(path);
    const file = openToRead(path, 0, mayWrite);
    expect(namesIn(file)).toEqual(["t"]);
    expect(() => file.db.exec("DELETE FROM traces")).toThrow("readonly database");
    expect(() => file.db.exec("CREATE TABLE mine (x)")).toThrow("readonly database");
    file.close();
    file.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(filesBeside(path)).toEqual(["a b%41?#.db"]);
  });

  it("is read together with what another has written and not closed yet", () => {
    const path = stored("old");
    const writer = openStore(path);
    importAs(writer, "new");
    const file = openToRead(path, 0, mayWrite);
    expect(namesIn(file)).toEqual(["new", "old"]);
    importAs(writer, "newest");
    expect(namesIn(file)).toEqual(["new", "newest", "old"]);
    file.close();
    writer.close();
    expect(filesBeside(path)).toHaveLength(1);
  });

  it("is not made when it is absent", () => {
    const path = join(scratchFolder(), "absent.db");
    expect(() => openToRead(path, 0, mayWrite)).toThrow();
    expect(existsSync(path)).toBe(false);
  });
});

describe("a database whose folder may not be written", () => {
  it("keeps no file beside it even while it is read", () => {
    const path = stored("t");
    const file = openToRead(path, 0, false);
    namesIn(file);
    expect(filesBeside(path)).toHaveLength(1);
    file.close();
  });

  it("is read as it was when it was opened, whatever others do to it", () => {
    const path = stored("t");
    const file = openToRead(path, 0, false);
    const writer = openStore(path);
    writer.removeTrace("t");
    writer.close();
    expect(namesIn(file)).toEqual(["t"]);
    file.close();
    expect(namesIn(openToRead(path, 0, false))).toEqual([]);
  });

  it("is read next to an empty log, which has nothing to add", () => {
    const path = stored("t");
    writeFileSync(`${path}-wal`, "");
    const file = openToRead(path, 0, false);
    expect(namesIn(file)).toEqual(["t"]);
    file.close();
    expect(filesBeside(path)).toEqual(["a b%41?#.db", "a b%41?#.db-wal"]);
  });

  it("is refused when it is too large to be copied", () => {
    const path = join(scratchFolder(), "large.db");
    writeFileSync(path, "");
    // A hole: it takes no room on the disk.
    truncateSync(path, 2 ** 31);
    expect(refusal(() => openToRead(path, 0, false))).toMatchInlineSnapshot(
      `"a database must be one that can be read, found one of over 2 GiB where nothing may be written: copy it to a folder of your own [STORE-5]"`,
    );
  });

  it("is still refused when it is not a database of ours", () => {
    const folder = scratchFolder();
    const [text, empty] = [join(folder, "text"), join(folder, "empty")];
    writeFileSync(text, "TIMESTAMP,ContextTokens,GeneratedTokens\n".repeat(100));
    writeFileSync(empty, "");
    const look = (path: string) => () => requireLatest(openToRead(path, 0, false).db, path);
    expect(look(text)).toThrow("file is not a database");
    expect(refusal(look(empty))).toContain("found version 0");
  });

  it("is not read without the log that a killed process left", () => {
    const path = stored("old");
    const writer = openStore(path);
    importAs(writer, "new");
    const copy = join(scratchFolder(), "copy.db");
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    writer.close();
    const file = openToRead(copy, 0, false);
    onTestFinished(() => file.close());
    expect(namesIn(file)).toEqual(["new", "old"]);
  });

  // File modes do not bind root; the tests above say what they lead to.
  it.skipIf(process.getuid?.() === 0)("is recognised by its mode, except by root", () => {
    const path = stored("t");
    const folder = join(path, "..");
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    const reader = openStore(path, { readonly: true });
    expect([...reader.requests("t")]).toEqual([aRequest()]);
    reader.close();
    expect(refusal(() => openStore(path))).toContain("[STORE-5]");
  });
});
