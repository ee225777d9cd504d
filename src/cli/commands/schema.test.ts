import { describe, expect, it } from "vitest";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";
import { schema } from "./schema.ts";

const typed = async (line: string) => {
  const world = fakeWorld(line.split(" "));
  const entries = [{ name: "schema", summary: "Print a schema.", load: async () => schema }];
  const status = await runCli(world, entries);
  return { status, out: world.said(), err: world.complained() };
};

describe("rackproof schema", () => {
  it.each([
    ["schema", "Options of a Rackproof run"],
    ["schema options --json", "Options of a Rackproof run"],
    ["schema deploy", "What a Rackproof run deploys"],
    ["schema faults", "What goes wrong during a Rackproof run"],
    ["schema profile", "A Rackproof profile"],
  ])("prints JSON for `%s`: %s", async (line, title) => {
    const { status, out, err } = await typed(line);
    expect([status, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      title,
    });
  });

  it("names the schemas there are when it is none of them", async () => {
    expect(await typed("schema fault")).toEqual({
      status: 2,
      out: "",
      err: 'WHAT must be one of options, deploy, faults, profile, found "fault"; did you mean faults? [CLI-2]\n',
    });
  });
});
