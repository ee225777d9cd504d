/** What may stand in a column, as the end of a CHECK. */

/** A count of TRACE-1, and a dense number. */
export const COUNT = "BETWEEN 0 AND 4294967295";

/** A time or a sum that a JavaScript number holds exactly. */
export const EXACT = "BETWEEN 0 AND 9007199254740991";
