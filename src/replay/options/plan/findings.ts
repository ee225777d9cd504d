import { InputError, type Issue, type IssueCode } from "#base";

/** The faults of a plan: all of them are looked for before any is told. */
export class Findings {
  readonly #issues: Issue[] = [];

  /** Names a fault. */
  add(code: IssueCode, message: string): void {
    this.#issues.push({ code, message });
  }

  /** Names a fault unless all is well. */
  require(isWell: boolean, code: IssueCode, message: string): void {
    if (!isWell) this.add(code, message);
  }

  /** What `find` gives; nothing when it throws an `InputError`, whose issues are kept, with the place in front of them. */
  gather<Found>(find: () => Found, place = ""): Found | undefined {
    try {
      return find();
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      const front = place === "" ? "" : `${place}: `;
      for (const issue of thrown.issues) {
        this.#issues.push({ ...issue, message: `${front}${issue.message}` });
      }
      return undefined;
    }
  }

  /** Throws one `InputError` with all of them, if there are any. */
  done(): void {
    if (this.#issues.length > 0) throw new InputError(this.#issues);
  }
}
