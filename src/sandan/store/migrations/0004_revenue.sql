-- Tax after release: bills, payment documents, payments, and who follows the journal.
-- The first key column is the distribution key: the collector. Followers stay local, like the journal they follow.

CREATE TABLE followers (
    name          text NOT NULL,
    chain         text NOT NULL,
    seq           bigint NOT NULL,
    PRIMARY KEY (name, chain)
);
COMMENT ON TABLE followers IS 'How far a room has followed each chain of the journal; moved in the transaction that does the work';
INSERT INTO followers (name, chain, seq) SELECT 'revenue', 'work/' || n, 0 FROM generate_series(0, 15) AS n;

CREATE TABLE tax_bills (
    collector     text NOT NULL,
    tax_no        text NOT NULL,
    invt_no       text NOT NULL,
    declarant     text NOT NULL,
    list_key      text NOT NULL,
    district      text NOT NULL,
    ebc_code      text NOT NULL,
    logistics_code text NOT NULL,
    released_at   timestamptz NOT NULL,
    released_on   date NOT NULL,
    return_until  date,
    payable_from  date,
    payable_to    date,
    tax_fen       bigint NOT NULL CHECK (tax_fen >= 0),
    held_fen      bigint NOT NULL CHECK (held_fen >= 0),
    lines         json NOT NULL,
    status        text NOT NULL CHECK (status IN ('created', 'aggregated', 'void', 'paid', 'zero')),
    document_no   text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL,
    settled_at    timestamptz,
    void_reason   text NOT NULL DEFAULT '',
    PRIMARY KEY (collector, tax_no),
    CHECK ((status = 'zero') = (tax_fen = 0))
);
COMMENT ON TABLE tax_bills IS 'Electronic tax bill of each released list (CEB816); amounts in fen, lines as assessed';
CREATE INDEX tax_bills_case ON tax_bills (declarant, list_key);
CREATE INDEX tax_bills_window ON tax_bills (collector, district, payable_from, payable_to) WHERE status IN ('created', 'aggregated');
CREATE INDEX tax_bills_document ON tax_bills (collector, document_no) WHERE document_no <> '';

CREATE TABLE tax_documents (
    collector     text NOT NULL,
    document_no   text NOT NULL,
    district      text NOT NULL,
    amount_fen    bigint NOT NULL CHECK (amount_fen > 0),
    paid_fen      bigint NOT NULL DEFAULT 0 CHECK (paid_fen BETWEEN 0 AND amount_fen),
    bills         integer NOT NULL,
    due_on        date NOT NULL,
    status        text NOT NULL CHECK (status IN ('open', 'paid', 'void')),
    created_at    timestamptz NOT NULL,
    settled_at    timestamptz,
    PRIMARY KEY (collector, document_no)
);
COMMENT ON TABLE tax_documents IS 'Aggregated payment documents of one collector in one district; amounts in fen';

CREATE TABLE tax_payments (
    collector     text NOT NULL,
    reference     text NOT NULL,
    document_no   text NOT NULL,
    amount_fen    bigint NOT NULL,
    currency      text NOT NULL,
    paid_at       timestamptz NOT NULL,
    outcome       text NOT NULL,
    kept_fen      bigint NOT NULL CHECK (kept_fen >= 0),
    returned_fen  bigint NOT NULL CHECK (returned_fen >= 0),
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (collector, reference)
);
COMMENT ON TABLE tax_payments IS 'What banks said was paid, and what became of it; amounts in fen; rows are never changed';
CREATE INDEX tax_payments_document ON tax_payments (collector, document_no);

CREATE SEQUENCE tax_document_serials;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tax_payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
