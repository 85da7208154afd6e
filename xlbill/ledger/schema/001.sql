-- The ledger, version 1. `entries` is what happened, in order, each entry chained to the one before it; it only grows.
-- Every other table but `staged` and `folders` says the same in columns: it is written with its entry and can be made
-- anew from the entries alone. Money and quantities are decimal text, dates are ISO text: nothing is ever a float.

CREATE TABLE entries (
    entry INTEGER PRIMARY KEY CHECK (entry > 0),
    kind TEXT NOT NULL,
    date TEXT NOT NULL,
    text TEXT NOT NULL,               -- canonical JSON of the whole entry
    previous TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE
);
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entries_go_nowhere BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

CREATE TABLE runs (
    run INTEGER PRIMARY KEY REFERENCES entries,
    doing TEXT NOT NULL,              -- issue, void, import
    at TEXT NOT NULL
);

CREATE TABLE inputs (
    run INTEGER NOT NULL REFERENCES runs,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (run, name)
);

CREATE TABLE bills (
    number TEXT PRIMARY KEY,
    entry INTEGER NOT NULL UNIQUE REFERENCES entries,
    run INTEGER NOT NULL REFERENCES runs,
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit')),
    series TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    customer TEXT NOT NULL COLLATE NOCASE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    month TEXT NOT NULL,
    region TEXT NOT NULL,
    issued TEXT NOT NULL,
    due_on TEXT,                      -- a credit note has none
    currency TEXT NOT NULL,
    decimals INTEGER NOT NULL,
    prepaid TEXT NOT NULL CHECK (typeof(prepaid) = 'text'),
    received TEXT NOT NULL CHECK (typeof(received) = 'text'),  -- of prepaid, what came in with this bill
    due TEXT NOT NULL CHECK (typeof(due) = 'text'),
    total TEXT NOT NULL CHECK (typeof(total) = 'text'),
    "of" TEXT UNIQUE REFERENCES bills,  -- a credit note's original
    reason TEXT,
    standing INTEGER NOT NULL CHECK (standing IN (0, 1)),      -- an invoice that no credit note has voided
    UNIQUE (series, seq)
);
CREATE UNIQUE INDEX a_month_once ON bills (customer, month) WHERE standing = 1;
CREATE INDEX bills_by_date ON bills (issued);
CREATE INDEX bills_of_customers ON bills (customer, month);

CREATE TABLE taxes (
    number TEXT NOT NULL REFERENCES bills,
    position INTEGER NOT NULL,
    rate TEXT NOT NULL CHECK (typeof(rate) = 'text'),
    net TEXT NOT NULL CHECK (typeof(net) = 'text'),
    tax TEXT NOT NULL CHECK (typeof(tax) = 'text'),
    gross TEXT NOT NULL CHECK (typeof(gross) = 'text'),
    PRIMARY KEY (number, position)
);

CREATE TABLE lines (
    number TEXT NOT NULL REFERENCES bills,
    position INTEGER NOT NULL CHECK (position > 0),
    kind TEXT NOT NULL,
    app TEXT NOT NULL,
    product TEXT NOT NULL,
    group_zh TEXT NOT NULL,
    group_en TEXT NOT NULL,
    item TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    pay TEXT NOT NULL CHECK (pay IN ('prepaid', 'postpaid')),
    first TEXT,                       -- the days that it pays for, both included
    last TEXT,
    edition TEXT NOT NULL,
    contract TEXT NOT NULL,
    amount TEXT NOT NULL CHECK (typeof(amount) = 'text'),
    PRIMARY KEY (number, position)
);

CREATE TABLE figures (
    number TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL CHECK (typeof(value) = 'text'),
    PRIMARY KEY (number, position, name),
    FOREIGN KEY (number, position) REFERENCES lines (number, position)
);

CREATE TABLE adjustments (
    number TEXT NOT NULL REFERENCES bills,
    reference TEXT NOT NULL,
    amount TEXT NOT NULL CHECK (typeof(amount) = 'text'),
    PRIMARY KEY (number, reference)
);
CREATE INDEX adjustments_taken ON adjustments (reference);

CREATE TABLE files (
    number TEXT NOT NULL REFERENCES bills,
    name TEXT NOT NULL UNIQUE,        -- from the ledger's folder on
    sha256 TEXT NOT NULL,
    PRIMARY KEY (number, name)
);

-- What somebody has: a pack, a trial's quota, a commitment, money in a wallet, prepaid money of a voided month.
CREATE TABLE holdings (
    holding INTEGER PRIMARY KEY,
    customer TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL CHECK (kind IN ('pack', 'trial', 'commitment', 'wallet', 'prepaid')),
    app TEXT NOT NULL,
    "of" TEXT NOT NULL,                 -- the pack's code, the trial's item; of money the currency
    since TEXT NOT NULL,
    expires TEXT NOT NULL,
    UNIQUE (customer, kind, app, "of", since)
);

CREATE TABLE movements (
    entry INTEGER NOT NULL REFERENCES entries,
    position INTEGER NOT NULL,
    holding INTEGER NOT NULL REFERENCES holdings,
    date TEXT NOT NULL,
    word TEXT NOT NULL,
    quantity TEXT NOT NULL CHECK (typeof(quantity) = 'text'),
    number TEXT REFERENCES bills,     -- the bill that it was moved by or for
    PRIMARY KEY (entry, position)
);
CREATE INDEX movements_of_holdings ON movements (holding);
CREATE INDEX movements_of_bills ON movements (number);

CREATE TABLE payments (
    entry INTEGER PRIMARY KEY REFERENCES entries,
    run INTEGER NOT NULL REFERENCES runs,
    customer TEXT NOT NULL COLLATE NOCASE,
    date TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT NOT NULL CHECK (typeof(amount) = 'text'),
    payer TEXT NOT NULL,
    reference TEXT NOT NULL,
    file TEXT NOT NULL,
    row INTEGER NOT NULL,
    identity TEXT NOT NULL UNIQUE     -- of the bank's row: it is taken once
);
CREATE INDEX payments_of_customers ON payments (customer, date);

-- Work under way, outside of the chain: files that a committed batch still has to move into their places, and the
-- folders in which a batch that was killed before may have left files behind.
CREATE TABLE staged (
    staged TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL
);
CREATE TABLE folders (folder TEXT PRIMARY KEY);
