import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csvTable } from "./csv-table.ts";
import { markdownTable } from "./markdown-table.ts";
import { showCount } from "./show.ts";
import { table } from "./table.ts";
import { textTable } from "./text-table.ts";

const plain = table({
  columns: [
    { name: "name", title: "Name" },
    { name: "rows", title: "Rows", align: "right", show: showCount },
    { name: "whole", title: "Whole" },
  ],
  rows: [
    { name: "conversation", rows: 12_031, whole: true },
    { name: "cafés 日本", rows: 7, whole: false },
    { name: "", rows: null, whole: null },
  ],
  empty: "No trace.",
});

/** Each of these has broken some table somewhere. */
const HOSTILE = [
  "a|b",
  "a\\|b",
  "`code` ``|``",
  "two\nlines\r\nand\rthree",
  "<script>alert(1)</script> &amp;",
  "*bold* _it_ ~~no~~ [link](x) ![img](y) $x$",
  "=SUM(A1)",
  "+1",
  "-1",
  "@x",
  "\t=1",
  "\r=1",
  '"quoted", with comma',
  "\u001b[31mred\u0007\u0000\u009b1m",
  "right\u202eleft",
  "half \ud800 pair",
  "  spaced  ",
  "trailing \\",
  "ttft_ns",
];

const hostile = table({
  columns: [
    { name: "text", title: "Text | hostile" },
    { name: "n", title: "n" },
  ],
  rows: HOSTILE.map((text, n) => ({ text, n })),
  empty: "None.",
});

const empty = table({ columns: [{ name: "a", title: "A" }], rows: [], empty: "No rows at all." });

/** The cells of one line of GitHub-flavoured Markdown: a pipe divides unless a backslash stands in front of it. */
const cells = (line: string): readonly string[] => line.split(/(?<!\\)\|/).slice(1, -1);

describe("a table for a terminal", () => {
  it("is aligned", () => {
    expect(textTable(plain)).toMatchInlineSnapshot(`
      "Name            Rows  Whole
      ────────────  ──────  ─────
      conversation  12,031  yes
      cafés 日本         7  no
                         –  –
      "
    `);
  });

  it("sends nothing to the terminal that it would obey", () => {
    const rest = textTable(hostile).replaceAll("\n", "");
    expect(rest).not.toMatch(/[\p{Cc}\u202e]|\p{Surrogate}/u);
    expect(rest).toContain("\\u001b[31mred\\u0007\\u0000\\u009b1m");
    expect(textTable(hostile).split("\n")).toHaveLength(HOSTILE.length + 3);
  });

  it("says in a sentence that it is empty", () => {
    expect(textTable(empty)).toBe("No rows at all.\n");
  });
});

describe("a table in Markdown", () => {
  it("is a table in its source too", () => {
    expect(markdownTable(plain)).toMatchInlineSnapshot(`
      "| Name         |   Rows | Whole |
      | :----------- | -----: | :---- |
      | conversation | 12,031 | yes   |
      | cafés 日本   |      7 | no    |
      |              |      – | –     |
      "
    `);
  });

  it("shows hostile text as it is", () => {
    expect(markdownTable(hostile)).toMatchInlineSnapshot(`
      "| Text \\| hostile                                           | n  |
      | :-------------------------------------------------------- | :- |
      | a\\|b                                                      | 0  |
      | a\\\\\\|b                                                    | 1  |
      | \\\`code\\\` \\\`\\\`\\|\\\`\\\`                                       | 2  |
      | two<br>lines<br>and<br>three                              | 3  |
      | \\<script\\>alert(1)\\</script\\> \\&amp;                      | 4  |
      | \\*bold\\* \\_it\\_ \\~\\~no\\~\\~ \\[link\\](x) \\!\\[img\\](y) \\$x\\$ | 5  |
      | =SUM(A1)                                                  | 6  |
      | +1                                                        | 7  |
      | -1                                                        | 8  |
      | @x                                                        | 9  |
      | =1                                                        | 10 |
      | =1                                                        | 11 |
      | "quoted", with comma                                      | 12 |
      | \\\\u001b\\[31mred\\\\u0007\\\\u0000\\\\u009b1m                    | 13 |
      | right\\\\u202eleft                                          | 14 |
      | half \\\\ud800 pair                                         | 15 |
      | spaced                                                    | 16 |
      | trailing \\\\                                               | 17 |
      | ttft_ns                                                   | 18 |
      "
    `);
  });

  it("has the same number of cells in every line, whatever they hold", () => {
    const lines = markdownTable(hostile).trimEnd().split("\n");
    expect(lines).toHaveLength(HOSTILE.length + 2);
    expect(lines.map((line) => cells(line).length)).toEqual(lines.map(() => 2));
    // An even run of backslashes before a pipe would leave the pipe free.
    expect(lines.filter((line) => /(?<!\\)(\\\\)+\|/.test(line))).toEqual([]);
  });

  it("gives back every text when its escapes are undone", () => {
    const lines = markdownTable(hostile).trimEnd().split("\n").slice(2);
    const shown = lines.map((line) =>
      (cells(line)[0] ?? "").trim().replace(/\\([!-/:-@[-`{-~])/g, "$1"),
    );
    const tame = HOSTILE.map((text, at) => [text, shown[at]] as const).filter(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is written otherwise.
      ([text]) => !/[\u0000-\u001f\u007f-\u009f\u202e\ud800]/.test(text),
    );
    expect(tame.length).toBeGreaterThan(10);
    for (const [text, back] of tame) expect(back).toBe(text.trim());
  });

  it("says in a sentence that it is empty", () => {
    expect(markdownTable(empty)).toBe("No rows at all.\n");
  });
});

describe("a table as CSV", () => {
  it("has the bare numbers, and CRLF after every line", () => {
    expect(csvTable(plain)).toBe(
      "name,rows,whole\r\nconversation,12031,true\r\ncafés 日本,7,false\r\n,,\r\n",
    );
  });

  it("is read back as it was, but for the apostrophe that defuses a formula", () => {
    const back: Record<string, string>[] = parse(csvTable(hostile), { columns: true });
    expect(back.map(({ n }) => n)).toEqual(HOSTILE.map((_, n) => String(n)));
    for (const [at, half] of HOSTILE.entries()) {
      const text = Buffer.from(half).toString(); // UTF-8 cannot write half a pair
      expect(back[at]?.["text"]).toBe(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
    }
  });

  it("keeps a negative number a number", () => {
    const negative = table({
      columns: [{ name: "x", title: "x" }],
      rows: [{ x: -3 }, { x: -0 }, { x: 1e-7 }, { x: 2 ** 53 }],
      empty: "None.",
    });
    expect(csvTable(negative)).toBe("x\r\n-3\r\n0\r\n1e-7\r\n9007199254740992\r\n");
  });

  it("refuses numbers that CSV cannot say", () => {
    const infinite = table({
      columns: [{ name: "x", title: "x" }],
      rows: [{ x: Number.NaN }],
      empty: "None.",
    });
    expect(() => csvTable(infinite)).toThrow("a number in a table is finite, found NaN");
  });

  it("is its header when it is empty, so that a program can still read it", () => {
    expect(csvTable(empty)).toBe("a\r\n");
  });

  it("does not lose a row whose only field is empty", () => {
    const lone = table({
      columns: [{ name: "a", title: "A" }],
      rows: [{ a: "" }, { a: null }, { a: "x" }],
      empty: "None.",
    });
    expect(parse(csvTable(lone), { columns: true })).toEqual([{ a: "" }, { a: "" }, { a: "x" }]);
  });
});

describe("table", () => {
  it("does not compile without all its columns", () => {
    table({
      columns: [
        { name: "a", title: "A" },
        { name: "b", title: "B" },
      ],
      // @ts-expect-error: `b` is missing.
      rows: [{ a: 1 }],
      empty: "None.",
    });
  });
});
