-- Version 3: what months leave of allowances that roll over.

INSERT INTO kinds VALUES ('rollover');
