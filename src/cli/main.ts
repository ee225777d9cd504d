#!/usr/bin/env node
import { explain } from "./complain.ts";
import { nodeWorld } from "./node-world.ts";
import { COMMANDS } from "./registry.ts";
import { runCli } from "./run.ts";

const world = nodeWorld();
// What nobody awaited is ours too; Node alone would end it with 1, which means a finding.
process.on("uncaughtException", (thrown) => process.exit(explain(thrown, world, false)));
process.exitCode = await runCli(world, COMMANDS);
