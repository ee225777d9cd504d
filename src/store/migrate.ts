import type { Database } from "better-sqlite3";
import { fault } from "./faults.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** What a database says about itself before anything in it is believed. */
type Identity = {
  readonly application: number;
  readonly version: number;
  readonly objects: number;
};

const identityOf = (db: Database): Identity => ({
  application: db.pragma("application_id", { simple: true }) as number,
  version: db.pragma("user_version", { simple: true }) as number,
  objects: db.prepare<[], number>("SELECT count(*) FROM sqlite_schema").pluck().get() ?? 0,
});

/** Throws an `InputError` unless the database is ours, or empty, and no newer than `latest`. */
const check = ({ application, version, objects }: Identity, latest: number, path: string): void => {
  const isEmpty = application === 0 && version === 0 && objects === 0;
  if (application !== APPLICATION_ID && !isEmpty) {
    const must = "a database must be one that Rackproof made";
    throw fault("STORE-1", `${must}, found an SQLite database of another program`, path);
  }
  if (version > latest) {
    const must = `a database must be of schema version ${latest} or older`;
    const todo = "use the Rackproof that made it, or a newer one";
    throw fault("STORE-2", `${must}, found version ${version}: ${todo}`, path);
  }
};

/** In one read transaction: while another process makes the database, three separate looks would see three different ones. */
const checked = (db: Database, latest: number, path: string): Identity => {
  const identity = db.transaction(identityOf)(db);
  check(identity, latest, path);
  return identity;
};

/** Throws an `InputError` unless a database is one that this version made. Changes nothing. */
export const requireLatest = (db: Database, path: string): void => {
  const latest = MIGRATIONS.length;
  const { version } = checked(db, latest, path);
  if (version === latest) return;
  const must = `a database that is only to be read must be of schema version ${latest}`;
  throw fault("STORE-5", `${must}, found version ${version}: write to it once`, path);
};

/**
 * Makes sure that a database is one that this version can read, and brings an older or an empty one up to date, each step in a
 * transaction of its own. Throws an `InputError` otherwise, and has then changed nothing. Several processes may do it at once.
 */
export const migrate = (db: Database, path: string, migrations = MIGRATIONS): void => {
  const latest = migrations.length;
  if (checked(db, latest, path).version === latest) return;
  // The version is read again inside each transaction: another process may have been quicker.
  const step = db.transaction((): boolean => {
    const now = identityOf(db);
    check(now, latest, path);
    if (now.version === latest) return false;
    db.exec(migrations[now.version] as string);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${now.version + 1}`);
    return true;
  });
  while (step.immediate());
};
