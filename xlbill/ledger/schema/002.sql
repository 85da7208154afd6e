-- Version 2: the kinds of holdings are rows, so that a new kind is an INSERT of a later version. Credit joins them (the
-- money that bills gave back and that later bills use), and what a year came to so far, for ladders over a year and
-- yearly commitments. A column's CHECK cannot be changed in place: the two tables are made anew.

CREATE TABLE holdings_before AS SELECT * FROM holdings;
CREATE TABLE movements_before AS SELECT * FROM movements;
DROP TABLE movements;
DROP TABLE holdings;

CREATE TABLE kinds (kind TEXT PRIMARY KEY);
INSERT INTO kinds VALUES ('pack'), ('trial'), ('commitment'), ('credit'), ('wallet'), ('prepaid'), ('year');

-- What somebody has: a pack, a trial's quota, a commitment, credit of bills, money in a wallet, prepaid money of a
-- voided month; and what a year came to so far, which grows.
CREATE TABLE holdings (
    holding INTEGER PRIMARY KEY,
    customer TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL REFERENCES kinds,
    app TEXT NOT NULL,
    "of" TEXT NOT NULL,                 -- the pack's code, the trial's or price's item; of money the currency
    since TEXT NOT NULL,
    expires TEXT NOT NULL,              -- blank for money
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

INSERT INTO holdings SELECT * FROM holdings_before;
INSERT INTO movements SELECT * FROM movements_before;
DROP TABLE holdings_before;
DROP TABLE movements_before;
