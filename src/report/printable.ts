/**
 * Control characters, which a terminal obeys; marks that turn the direction of the text; separators of lines and paragraphs; and halves
 * of surrogate pairs, which no encoding can write.
 */
const HOSTILE =
  /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * Text on one line that shows what it holds and does nothing: whatever a terminal would obey is written as JSON would, `\u001b`.
 * For everything that came from outside and goes to a screen or a page.
 */
export const printable = (text: string): string => text.replace(HOSTILE, escaped);

/** Two columns in a terminal: the scripts and signs that Unicode calls wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How many columns of a terminal a printable text takes. Signs joined from several (flags, families) may come out too wide. */
export const textWidth = (text: string): number => {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
};
