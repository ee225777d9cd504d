import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { progressBar } from "./progress.ts";
import { fakeWorld } from "./testing/fake-world.ts";

const LOUD = { quiet: false, noProgress: false };

/** A stream that says it is a terminal, as cli-progress asks. */
const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80 });

const drawn = async (args: typeof LOUD, tickMs: number): Promise<string> => {
  const screen = terminal();
  let nowMs = 0;
  const world = fakeWorld([], { screen, clock: () => nowMs });
  const bar = await progressBar(world, args, "importing");
  for (let done = 0; done < 4; done += 1) {
    bar.update(done, 4);
    nowMs += tickMs;
  }
  bar.stop();
  bar.stop();
  return String(screen.read() ?? "");
};

describe("the progress bar", () => {
  it("is drawn after a second", async () => {
    expect(await drawn(LOUD, 500)).toContain("importing [");
  });

  it("is not drawn for work that is done by then", async () => {
    expect(await drawn(LOUD, 300)).toBe("");
  });

  it("is not drawn when it is not wanted", async () => {
    expect(await drawn({ quiet: true, noProgress: false }, 500)).toBe("");
    expect(await drawn({ quiet: false, noProgress: true }, 500)).toBe("");
  });

  it("is not drawn without a terminal", async () => {
    const world = fakeWorld([], { clock: () => 1e9 });
    const bar = await progressBar(world, LOUD, "importing");
    bar.update(1, 2);
    bar.stop();
    expect([world.said(), world.complained()]).toEqual(["", ""]);
  });
});
