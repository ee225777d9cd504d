import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** A program whose world is the process: `body` sees `world`, `runCli` and `command`. */
const program = (body: string): string => `
  import { nodeWorld } from "./src/cli/node-world.ts";
  import { runCli } from "./src/cli/run.ts";
  import { command, nothing } from "./src/cli/command.ts";
  import { Interrupted } from "./src/cli/world.ts";
  const world = { ...nodeWorld(), argv: ["it"] };
  const it = command({ description: "", operand: nothing, options: {}, examples: [], async run() { ${body} } });
  process.exitCode = await runCli(world, [{ name: "it", summary: "", load: async () => it }]);
`;

const node = (body: string): readonly string[] => [
  "--import",
  "tsx",
  "--input-type=module",
  "--eval",
  program(body),
];

/** Runs it under a shell, which sends its output on. */
const sent = (body: string, on: string) =>
  spawnSync("bash", ["-c", `set -o pipefail; "$0" "$@" ${on}`, process.execPath, ...node(body)], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });

// Each starts a process, which takes its time on a busy machine.
describe("the world of a process", { timeout: 30_000 }, () => {
  it("ends quietly when its reader has gone", () => {
    const endless = `for (let line = 0; ; line += 1) world.out("line " + line + "\\n");`;
    const { status, stdout, stderr } = sent(endless, "| head -2");
    expect([status, stdout, stderr]).toEqual([141, "line 0\nline 1\n", ""]);
  });

  it("loses nothing of what a slow reader has not read when the process ends", () => {
    const much = `world.out("0123456789abcde\\n".repeat(65536)); return 0;`;
    const { status, stdout } = sent(much, "| (sleep 0.3; wc -c)");
    expect([status, stdout.trim()]).toEqual([0, String(2 ** 20)]);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "blames a full disk on the disk (only where there is a /dev/full to write to)",
    () => {
      const { status, stderr } = sent(`world.out("x\\n"); return 0;`, "> /dev/full");
      expect([status, stderr]).toEqual([
        2,
        "the output must be a file that can be written, found a full disk [CLI-3] at stdout\n",
      ]);
    },
  );

  it("tells work that can be interrupted of SIGINT, and lets it say what became of it", async () => {
    const waiting = `return world.interruptible(async (signal) => {
      world.out("ready\\n");
      while (!signal.aborted) await new Promise((done) => setTimeout(done, 5));
      throw new Interrupted("Stopped half way.");
    });`;
    const child = spawn(process.execPath, node(waiting), { env: { ...process.env } });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += chunk;
    });
    child.stdout.once("data", () => child.kill("SIGINT"));
    const status = await new Promise((done) => child.once("close", done));
    expect([status, complaint]).toEqual([130, "Stopped half way.\n"]);
  });

  it("leaves SIGINT to end all other work", async () => {
    const busy = `world.out("ready\\n"); for (;;);`;
    const child = spawn(process.execPath, node(busy));
    child.stdout.once("data", () => child.kill("SIGINT"));
    const signal = await new Promise((done) => child.once("close", (_, name) => done(name)));
    expect(signal).toBe("SIGINT");
  });
});
