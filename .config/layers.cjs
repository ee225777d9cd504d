// The floor plan is data (src/rooms.json, ground floor first). This file only turns it into rules.
const floors = require("../src/rooms.json");
const inside = (rooms) => `^src/(${rooms.join("|")})/`;
const rooms = floors.flat();

/** What a room may use beyond the language. A room that is not listed uses nothing: it is pure. `cli` uses what it likes. */
const PACKAGES = {
  base: ["crypto", "pure-rand", "fastest-levenshtein"], // pure functions: hashes, streams of numbers, distances of words
  trace: ["buffer", "fs", "zlib", "crypto", "path", "stream", "csv-parse", "lossless-json"],
  store: ["fs", "path", "better-sqlite3"],
  replay: ["valibot", "@valibot/to-json-schema", "@datadog/sketches-js"],
  verify: ["fast-check", "fs", "path", "url"],
  claims: ["csv-parse", "mathjs", "module"],
  report: ["csv-stringify", "markdown-table"],
};

const looksDown = floors.flatMap((floor, level) =>
  floor.map((room) => ({
    name: `${room}-looks-down`,
    comment: `src/${room} is on floor ${level}: it sees only the floors below, not its neighbours.`,
    severity: "error",
    from: { path: inside([room]) },
    to: { path: "^src/", pathNot: inside([room, ...floors.slice(0, level).flat()]) },
  })),
);

const usesOnly = rooms
  .filter((room) => room !== "cli")
  .map((room) => ({
    name: `${room}-packages`,
    comment: `src/${room} uses only: ${(PACKAGES[room] ?? ["nothing"]).join(", ")}.`,
    severity: "error",
    from: { path: inside([room]), pathNot: "[.]test[.]ts$|/testing/" },
    to: {
      dependencyTypes: ["core", "npm", "npm-dev"],
      pathNot: PACKAGES[room]?.map((name) => `^${name}$|node_modules/(@types/)?${name}/`) ?? [],
    },
  }));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...looksDown,
    ...usesOnly,
    {
      name: "on-the-plan",
      comment: "Every room is in src/rooms.json.",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: inside(rooms) },
      to: {},
    },
    {
      name: "by-the-door",
      comment: "A room is entered through its index.ts.",
      severity: "error",
      from: { path: "^(src|properties)/([^/]+)/" },
      to: { path: "^src/[^/]+/.", pathNot: ["^src/$2/", "^src/[^/]+/index[.]ts$"] },
    },
    {
      name: "parts-are-strangers",
      comment:
        "A part of rack/ knows no other part: only the files beside them, the serving rack, the fleet and the machine, wire them together.",
      severity: "error",
      from: { path: "^src/rack/([^/]+)/" },
      to: { path: "^src/rack/[^/]+/", pathNot: "^src/rack/$1/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "properties-are-leaves",
      comment: "Properties import the specification, never the other way round.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^properties/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};
