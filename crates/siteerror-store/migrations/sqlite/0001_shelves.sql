-- A kind keeps sums, so that bounds are asked without counting, and the highest sequence number of the shelves that are gone,
-- so that no number is given out twice.
CREATE TABLE kind (
    kind TEXT NOT NULL PRIMARY KEY,
    shelves INTEGER NOT NULL DEFAULT 0 CHECK (shelves >= 0),
    bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    highest_sequence INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- `bytes` is the shelf with everything on it, as bounds count it.
CREATE TABLE shelf (
    shelf INTEGER PRIMARY KEY,
    kind TEXT NOT NULL REFERENCES kind (kind),
    id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    items INTEGER NOT NULL DEFAULT 0 CHECK (items >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    last_sequence INTEGER NOT NULL,
    UNIQUE (kind, id)
) STRICT;

CREATE INDEX shelf_by_expiry ON shelf (expires_at);

-- Apart from its shelf: every added item changes the row of the shelf, and a row is written as a whole.
CREATE TABLE shelf_content (
    shelf INTEGER PRIMARY KEY REFERENCES shelf (shelf) ON DELETE CASCADE,
    content BLOB NOT NULL
) STRICT;

CREATE TABLE item (
    item INTEGER PRIMARY KEY,
    shelf INTEGER NOT NULL REFERENCES shelf (shelf) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (shelf, sequence)
) STRICT;
