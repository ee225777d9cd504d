import { InputError } from "#base";

/** What the system's codes mean to a user: the end of "…, found". */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such folder",
  EEXIST: "a file where a folder belongs",
  ENOTDIR: "a path through something that is not a folder",
  EISDIR: "a folder",
  EACCES: "one that may not be written",
  EPERM: "one that may not be written",
  EROFS: "a disk that may only be read",
  ENOSPC: "a full disk",
  EDQUOT: "no room left for this user",
  EFBIG: "that it would be larger than it may",
  EIO: "that the disk failed",
  ENAMETOOLONG: "a name that is too long",
};

/** What a system's code means for what is written; nothing for a code that is not the surroundings' fault. */
export const whyUnwritable = (code: string | undefined): string | undefined => REASONS[code ?? ""];

/** Refuses an output (CLI-3) for a code that `whyUnwritable` knows. */
export const unwritable = (code: string | undefined, file: string): InputError => {
  const found = whyUnwritable(code) ?? code;
  const message = `the output must be a file that can be written, found ${found}`;
  return new InputError([{ code: "CLI-3", message, file }]);
};
