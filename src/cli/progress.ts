import type { CommonArgs } from "./command.ts";
import type { World } from "./world.ts";

/** Shows how far a long piece of work is. */
export type Progress = {
  /** May be called as often as one likes. */
  update(done: number, total: number): void;
  /** Clears the bar, so that what is printed next stands where it stood. */
  stop(): void;
};

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** How long nothing is shown: work that is done by then needs no bar. */
const PATIENCE_MS = 1000;

/**
 * A bar on stderr, for a terminal only, after one second, and never with `--quiet` or `--no-progress`. `what` is said beside it.
 */
export const progressBar = async (
  world: World,
  args: Pick<CommonArgs, "quiet" | "noProgress">,
  what: string,
): Promise<Progress> => {
  if (world.screen === undefined || args.quiet || args.noProgress) return SILENT;
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    stream: world.screen,
    format: "{what} [{bar}] {percentage} %, {eta_formatted} left",
    clearOnComplete: true,
    linewrap: false,
  });
  const startMs = world.clock();
  let started = false;
  return {
    update(done, total) {
      if (started) bar.update(done);
      else if (done < total && world.clock() - startMs >= PATIENCE_MS) {
        bar.start(total, done, { what });
        started = true;
      }
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
};
