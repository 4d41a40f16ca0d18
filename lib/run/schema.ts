/**
 * The ledger's tables.
 *
 * @module
 */

/** Raised when the tables change; another version's ledger is refused. */
export const LEDGER_VERSION = 2;

/** What has become of a sample. */
export const STATE = {
  pending: 0,
  done: 1,
  quarantined: 2,
  filtered: 3,
} as const;

/** The two splits, by their number in the ledger. */
export const SPLITS = ["train", "validation"] as const;
/** The name of a split. */
export type Split = typeof SPLITS[number];

/** The tables of the ledger. */
export const TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sample (
  idx      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL,
  place    TEXT NOT NULL,
  audio    TEXT,
  part     TEXT,              -- where in that file, as JSON; null if it is the sample's alone
  origin   INTEGER NOT NULL,  -- which of the run's datasets
  text     TEXT,
  speaker  TEXT,
  language TEXT,
  start    REAL,
  end      REAL,
  duration REAL,              -- seconds, declared or probed; null if unknown
  size     INTEGER,           -- of the audio file, in bytes, when it was planned
  mtime    REAL,              -- of the audio file, in milliseconds since 1970
  split    INTEGER NOT NULL,
  position INTEGER NOT NULL,  -- within the split
  shard    INTEGER NOT NULL,
  length   INTEGER NOT NULL,  -- padded length in padding units; 0 if unknown
  state    INTEGER NOT NULL
);

CREATE TABLE origin (n INTEGER PRIMARY KEY, min_seconds REAL, max_seconds REAL);

-- Files that are brought here when their samples are due, in the order of the first of these.
CREATE TABLE block (
  n      INTEGER PRIMARY KEY,
  path   TEXT NOT NULL UNIQUE,
  origin INTEGER NOT NULL,
  first  INTEGER NOT NULL,    -- lowest and highest index planned in it
  last   INTEGER NOT NULL,
  here   INTEGER NOT NULL DEFAULT 0  -- whether it may be on the disk
);

CREATE TABLE result  (idx INTEGER PRIMARY KEY, seconds REAL NOT NULL, output TEXT NOT NULL);
CREATE TABLE failure (idx INTEGER PRIMARY KEY, stage TEXT NOT NULL, reason TEXT NOT NULL,
                      detail TEXT NOT NULL, attempts INTEGER NOT NULL);
CREATE TABLE attempt (seq INTEGER PRIMARY KEY, idx INTEGER NOT NULL, at REAL NOT NULL,
                      worker TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX attempt_of ON attempt (idx);
CREATE TABLE filtered (idx INTEGER PRIMARY KEY, reason TEXT NOT NULL);
CREATE TABLE reject  (seq INTEGER PRIMARY KEY, id TEXT, place TEXT NOT NULL, detail TEXT NOT NULL);

CREATE TABLE shard (
  shard   INTEGER PRIMARY KEY,
  split   INTEGER NOT NULL,
  number  INTEGER NOT NULL,   -- within its split
  planned INTEGER NOT NULL,   -- samples planned into it
  first   INTEGER NOT NULL,   -- lowest and highest index planned into it
  last    INTEGER NOT NULL,
  sealed  INTEGER NOT NULL DEFAULT 0,
  path    TEXT,               -- relative to the run directory; null until sealed, or without a row
  rows    INTEGER, bytes INTEGER, sha256 TEXT, tokens INTEGER, seconds REAL
);
`;

/** Built once the plan is complete: sorting once is faster than inserting in random order. */
export const INDICES = `
CREATE UNIQUE INDEX sample_id ON sample (id);
CREATE INDEX pending ON sample (shard, length, idx) WHERE state = 0;
`;
