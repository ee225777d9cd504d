import { createColors } from "picocolors";
import type { World } from "./world.ts";

/** Ways to colour text; each gives its text back when there is no colour. */
export type Paint = ReturnType<typeof createColors>;

/**
 * Whether a stream is coloured: never with `--no-color` or NO_COLOR; else when FORCE_COLOR asks for it, or when a terminal
 * shows it that is not `dumb`.
 */
const isColoured = (
  { argv, env, isTty }: Pick<World, "argv" | "env" | "isTty">,
  stream: "out" | "err",
): boolean => {
  if (argv.includes("--no-color") || env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTty[stream] && env["TERM"] !== "dumb";
};

/** The colours of a stream. */
export const paintOn = (world: World, stream: "out" | "err"): Paint =>
  createColors(isColoured(world, stream));
