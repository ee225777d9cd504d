import { describe, expect, it } from "vitest";
import { InputError, SpecViolation } from "#base";
import { command, flag, many, nothing, one, option, optionOr } from "./command.ts";
import { EXIT } from "./exit.ts";
import { oneOf, text, wholeNumber } from "./kinds.ts";
import { runCli } from "./run.ts";
import { fakeWorld, type Surroundings } from "./testing/fake-world.ts";
import { Interrupted } from "./world.ts";

/** Says what it was given. */
const echo = command({
  description: "Says what it was given.",
  operand: many("WORD", "anything"),
  options: {
    seed: optionOr(wholeNumber("N"), 7, "a number"),
    colour: option(oneOf("COLOUR", ["red", "green"]), "a colour"),
    asIs: flag("leave it alone"),
  },
  examples: [{ line: "rackproof echo a b", does: "say a and b" }],
  async run({ operand, seed, colour, asIs, db, json, quiet, noProgress }, world) {
    world.out(`${JSON.stringify({ operand, seed, colour, asIs, db, json, quiet, noProgress })}\n`);
    return EXIT.ok;
  },
});

const failing = (thrown: unknown) =>
  command({
    description: "Throws.",
    operand: nothing,
    options: {},
    examples: [],
    async run() {
      throw thrown;
    },
  });

const chatty = command({
  description: "Says much.",
  operand: one("NAME", "whose"),
  options: { output: option(text("FILE"), "where") },
  examples: [],
  async run(_, world) {
    for (let line = 0; line < 1e9; line += 1) world.out(`${line}\n`);
    return EXIT.ok;
  },
});

const issue = { code: "TRACE-1", message: "x must be y", file: "t.csv", line: 2 } as const;

const ENTRIES = [
  { name: "echo", summary: "Say what was given.", load: async () => echo },
  { name: "chatty", summary: "Say much.", load: async () => chatty },
  {
    name: "faulty",
    summary: "Fail on the input.",
    load: async () => failing(new InputError([issue, { ...issue, line: 3 }])),
  },
  {
    name: "hostile",
    summary: "Fail on a nasty file.",
    load: async () =>
      failing(
        new InputError([{ ...issue, message: "x\u001b[2J must be\ny", file: "t\u0007.csv" }]),
      ),
  },
  {
    name: "contradiction",
    summary: "Fail by itself.",
    load: async () => failing(new SpecViolation("1 must be 2")),
  },
  { name: "oddity", summary: "Throw no error.", load: async () => failing("just text") },
  {
    name: "slow",
    summary: "Be stopped.",
    load: async () => failing(new Interrupted("Stopped: nothing was stored.")),
  },
];

const typed = async (line: string, around?: Surroundings) => {
  const world = fakeWorld(
    line.split(" ").filter((word) => word !== ""),
    around,
  );
  const status = await runCli(world, ENTRIES);
  return { status, out: world.said(), err: world.complained() };
};

describe("help", () => {
  it("lists the commands", async () => {
    const { status, out, err } = await typed("--help");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatchInlineSnapshot(`
      "Usage: rackproof <command> [options]

      Options:
        --db <FILE>    the database (default: RACKPROOF_DB, or rackproof.db here)
        --json         print the result as one JSON value on stdout
        -q, --quiet    no remarks and no progress on stderr, only complaints
        --no-progress  no progress bar
        --no-color     no colours; NO_COLOR and FORCE_COLOR are heeded too
        -h, --help     what a command does, with examples
        -V, --version  the version

      Commands:
        echo           Say what was given.
        chatty         Say much.
        faulty         Fail on the input.
        hostile        Fail on a nasty file.
        contradiction  Fail by itself.
        oddity         Throw no error.
        slow           Be stopped.

      rackproof help COMMAND says what a command does, with examples.
      "
    `);
  });

  it("says what a command takes, with examples", async () => {
    const { status, out } = await typed("echo --help");
    expect(status).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Usage: rackproof echo [options] <WORD...>

      Says what it was given.

      Arguments:
        WORD               anything

      Options:
        --seed <N>         a number (default: 7)
        --colour <COLOUR>  a colour
        --as-is            leave it alone

      Global Options:
        --db <FILE>        the database (default: RACKPROOF_DB, or rackproof.db here)
        --json             print the result as one JSON value on stdout
        -q, --quiet        no remarks and no progress on stderr, only complaints
        --no-progress      no progress bar
        --no-color         no colours; NO_COLOR and FORCE_COLOR are heeded too
        -h, --help         what a command does, with examples
        -V, --version      the version

      Examples:
        # say a and b
        rackproof echo a b
      "
    `);
  });

  it("is the same asked as a command", async () => {
    expect(await typed("help echo")).toEqual(await typed("echo -h"));
    expect(await typed("help")).toEqual(await typed("-h"));
  });

  it("goes to stderr with status 2 when nothing was typed, because it is no result", async () => {
    const { status, out, err } = await typed("");
    expect([status, out]).toEqual([2, ""]);
    expect(err).toBe((await typed("--help")).out);
  });

  it("leaves stdout to JSON when that was asked for", async () => {
    const { status, out } = await typed("--json");
    expect([status, JSON.parse(out).issues[0].code]).toEqual([2, "CLI-4"]);
  });

  it("does not ask for the arguments that a command needs", async () => {
    expect((await typed("echo --seed nonsense --help")).status).toBe(0);
  });
});

describe("arguments", () => {
  const given = async (line: string, around?: Surroundings) =>
    JSON.parse((await typed(line, around)).out);

  it("have defaults", async () => {
    expect(await given("echo a")).toEqual({
      operand: ["a"],
      seed: 7,
      asIs: false,
      db: "/nowhere/rackproof.db",
      json: false,
      quiet: false,
      noProgress: false,
    });
  });

  it("are read wherever they stand", async () => {
    const all = {
      operand: ["a", "b"],
      seed: 12_000,
      colour: "red",
      asIs: true,
      db: "/nowhere/x.db",
      json: true,
      quiet: true,
      noProgress: true,
    };
    const lines = [
      "echo a b --seed 12_000 --colour red --as-is --db x.db --json -q --no-progress",
      "--db x.db --json --no-progress -q echo --seed=12000 a --colour=red b --as-is",
      "--json echo --as-is --db=x.db a --seed 12000 -q --colour red --no-progress b",
    ];
    for (const line of lines) expect(await given(line)).toEqual(all);
  });

  it("take words that look like options after two dashes", async () => {
    expect((await given("echo a -- --seed -x")).operand).toEqual(["a", "--seed", "-x"]);
    expect((await given("echo --as-is -- --seed")).operand).toEqual(["--seed"]);
  });

  it("take the database from the option, else from the environment", async () => {
    const env = { RACKPROOF_DB: "/tmp/e.db" };
    expect((await given("echo a", { env })).db).toBe("/tmp/e.db");
    expect((await given("echo a --db o.db", { env })).db).toBe("/nowhere/o.db");
  });

  it("are all checked before anything is done, and every fault is named", async () => {
    const { status, out, err } = await typed("echo --seed -1 --colour blue --as-si --db");
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatchInlineSnapshot(`
      "--db must have a value, found nothing [CLI-2]
      "
    `);
    expect(
      (await typed("echo a --seed -1 --colour blue --as-si --jsom")).err,
    ).toMatchInlineSnapshot(`
      "an option must be a known one, found "--as-si"; did you mean --as-is? [CLI-1]
      an option must be a known one, found "--jsom"; did you mean --json? [CLI-1]
      --seed must be a whole number of 0 or more, found "-1" [CLI-2]
      --colour must be one of red, green, found "blue" [CLI-2]
      "
    `);
  });

  it("must be as many as the command takes", async () => {
    expect((await typed("echo")).err).toBe(
      "the command must be given one or more WORD, found nothing [CLI-4]\n",
    );
    expect((await typed("chatty a b")).err).toBe(
      'the command must be given one NAME, found "a", "b" [CLI-4]\n',
    );
    expect((await typed("faulty a")).err).toBe(
      'the command must be given no name, found "a" [CLI-4]\n',
    );
  });

  it("propose the nearest command", async () => {
    expect((await typed("ech")).err).toBe(
      'a command must be a known one, found "ech"; did you mean echo? [CLI-1]\n',
    );
    expect((await typed("zzz")).err).toBe('a command must be a known one, found "zzz" [CLI-1]\n');
  });

  it("never stand for something in the objects they are read into", async () => {
    for (const name of ["__proto__", "constructor", "toString", "--__proto__", "--constructor=1"]) {
      expect((await typed(name)).status).toBe(2);
      expect((await typed(`echo a --${name}`)).status).toBe(2);
    }
  });
});

describe("the exit status", () => {
  it("is 2 for the input, with every issue on its line", async () => {
    expect(await typed("faulty")).toEqual({
      status: EXIT.input,
      out: "",
      err: "x must be y [TRACE-1] at t.csv:2\nx must be y [TRACE-1] at t.csv:3\n",
    });
  });

  it("comes with the issues as JSON when that was asked for", async () => {
    const { status, out, err } = await typed("faulty --json");
    expect(status).toBe(EXIT.input);
    expect(JSON.parse(out)).toEqual({ issues: [issue, { ...issue, line: 3 }] });
    expect(err.split("\n")).toHaveLength(3);
  });

  it("shows a control character in an issue, and does not obey it", async () => {
    expect((await typed("hostile")).err).toBe(
      "x\\u001b[2J must be\\ny [TRACE-1] at t\\u0007.csv:2\n",
    );
  });

  it("is 3 with a stack for a contradiction, which is ours", async () => {
    const { status, err, out } = await typed("contradiction --json");
    expect([status, out]).toEqual([EXIT.ours, ""]);
    expect(err).toContain("SpecViolation: 1 must be 2\n    at ");
    expect(err).toContain("This is a defect of Rackproof.");
  });

  it("is 3 for anything else that is thrown", async () => {
    expect(await typed("oddity")).toMatchObject({ status: EXIT.ours });
  });

  it("is 130 when it was interrupted, with what became of the work", async () => {
    expect(await typed("slow")).toEqual({
      status: EXIT.interrupted,
      out: "",
      err: "Stopped: nothing was stored.\n",
    });
  });

  it("is 141, without a word, when nobody reads on", async () => {
    const { status, out, err } = await typed("chatty me", { readsUntil: 2 });
    expect([status, out, err]).toEqual([EXIT.unread, "0\n1\n", ""]);
    expect((await typed("faulty --json", { readsUntil: 0 })).status).toBe(EXIT.unread);
  });
});

describe("colour", () => {
  const watched = { isTty: { out: true, err: true } };
  const isColoured = async (line: string, around: Surroundings) =>
    (await typed(line, around)).err.includes("\u001b[");

  it("is for terminals", async () => {
    expect(await isColoured("faulty", watched)).toBe(true);
    expect(await isColoured("faulty", {})).toBe(false);
    expect(await isColoured("faulty", { isTty: { out: true, err: false } })).toBe(false);
  });

  it("is off with NO_COLOR and --no-color, and on terminals that have none", async () => {
    expect(await isColoured("faulty", { ...watched, env: { NO_COLOR: "1" } })).toBe(false);
    expect(await isColoured("faulty --no-color", watched)).toBe(false);
    expect(await isColoured("faulty", { ...watched, env: { TERM: "dumb" } })).toBe(false);
  });

  it("is on where FORCE_COLOR asks for it, unless NO_COLOR forbids it", async () => {
    expect(await isColoured("faulty", { env: { FORCE_COLOR: "1" } })).toBe(true);
    expect(await isColoured("faulty", { ...watched, env: { FORCE_COLOR: "0" } })).toBe(false);
    expect(await isColoured("faulty", { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).toBe(false);
    expect(await isColoured("faulty", { ...watched, env: { NO_COLOR: "" } })).toBe(true);
  });
});
