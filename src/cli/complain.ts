import { formatIssue, InputError, type Issue } from "#base";
import { EXIT, type ExitStatus } from "./exit.ts";
import { paintOn } from "./paint.ts";
import { Interrupted, OutputClosed, type World } from "./world.ts";

/** One issue on one line, its code coloured where somebody watches. What came from outside is shown, not obeyed. */
export const complain = (world: World, issue: Issue): void => {
  const code = paintOn(world, "err").yellow(`[${issue.code}]`);
  const line = formatIssue(issue).replace(/\p{Cc}/gu, (control) =>
    JSON.stringify(control).slice(1, -1),
  );
  world.err(`${line.replace(`[${issue.code}]`, () => code)}\n`);
};

/** Says what was thrown to whom it concerns, and turns it into an exit status. `asJson` says the issues on stdout too. */
export const explain = (thrown: unknown, world: World, asJson: boolean): ExitStatus => {
  if (thrown instanceof OutputClosed) return EXIT.unread;
  if (thrown instanceof Interrupted) {
    world.err(`${thrown.message}\n`);
    return EXIT.interrupted;
  }
  if (thrown instanceof InputError) {
    for (const issue of thrown.issues) complain(world, issue);
    if (asJson) world.out(`${JSON.stringify({ issues: thrown.issues }, null, 2)}\n`);
    return EXIT.input;
  }
  const paint = paintOn(world, "err");
  const stack = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown);
  world.err(
    `${stack}\n${paint.red("This is a defect of Rackproof.")} Please report it with the lines above.\n`,
  );
  return EXIT.ours;
};
