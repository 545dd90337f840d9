-- Receipts of customs taken in where customs is elsewhere (authority remote): kept as they came, shown beside ours.

CREATE TABLE mirrored_receipts (
    owner         text NOT NULL,
    kind          text NOT NULL,
    key           text NOT NULL,
    inbox_id      bigint NOT NULL,
    seq           smallint NOT NULL,
    status        integer NOT NULL,
    return_time   text NOT NULL,
    facts         json NOT NULL,
    received_at   timestamptz NOT NULL,
    PRIMARY KEY (owner, kind, key, inbox_id, seq)
);
COMMENT ON TABLE mirrored_receipts IS 'Receipts that came from customs or another port, under the paper they answer; an empty owner means no paper was found; rows are never changed';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mirrored_receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
