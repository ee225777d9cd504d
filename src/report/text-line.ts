/** How wide the names of lines are. */
const NAME_WIDTH = 12;

/** A named line of a text for a terminal; several texts go below one another, under the name. None when there is nothing to say. */
export const line = (name: string, ...texts: readonly string[]): string =>
  texts.map((text, at) => `${(at === 0 ? name : "").padEnd(NAME_WIDTH)}${text}\n`).join("");
