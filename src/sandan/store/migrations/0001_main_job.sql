-- Tables of the main job. The first key column of every business table is its distribution key;
-- inbox, match_index, queue, deadlines, receipts and journal stay local to the coordinator.
-- Facts are json, not jsonb: kept byte for byte, so that the journal's hashes can be checked against them.

CREATE TABLE inbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    channel       text NOT NULL,
    sender_id     text NOT NULL DEFAULT '',
    cop_msg_id    text NOT NULL DEFAULT '',
    sha256        bytea NOT NULL,
    body          bytea NOT NULL,
    size          integer NOT NULL,
    message_type  text NOT NULL DEFAULT '',
    message_guid  text NOT NULL DEFAULT '',
    cop_code      text NOT NULL DEFAULT '',
    signer        text NOT NULL DEFAULT '',
    fingerprint   text NOT NULL DEFAULT '',
    outcome       text NOT NULL CHECK (outcome IN ('registered', 'refused', 'unreadable')),
    diagnosis     json NOT NULL DEFAULT '[]',
    answer        json NOT NULL
);
COMMENT ON TABLE inbox IS 'Every message as received (zstd), with the acknowledgement given; rows are never changed';
CREATE UNIQUE INDEX inbox_sha256 ON inbox (sha256);
CREATE INDEX inbox_cop_msg_id ON inbox (sender_id, cop_msg_id) WHERE cop_msg_id <> '';
CREATE INDEX inbox_message_guid ON inbox (message_guid) WHERE message_guid <> '';

CREATE TABLE documents (
    owner         text NOT NULL,
    kind          text NOT NULL,
    key           text NOT NULL,
    version       integer NOT NULL,
    inbox_id      bigint NOT NULL,
    seq           smallint NOT NULL,
    sender        text NOT NULL,
    signer        text NOT NULL,
    guid          text NOT NULL,
    app_type      text NOT NULL,
    app_status    text NOT NULL,
    app_time      text NOT NULL,
    order_no      text NOT NULL,
    content_hash  bytea NOT NULL,
    facts         json NOT NULL,
    state         text NOT NULL DEFAULT 'received'
                  CHECK (state IN ('received', 'draft', 'accepted', 'refused', 'deleted', 'replaced')),
    findings      json NOT NULL DEFAULT '[]',
    received_at   timestamptz NOT NULL,
    PRIMARY KEY (owner, kind, key, version)
);
COMMENT ON TABLE documents IS 'Decoded documents, one row a version; owner is platform, logistics or declaring enterprise';
CREATE INDEX documents_order ON documents (order_no, owner, kind);
CREATE INDEX documents_key ON documents (key);
CREATE INDEX documents_guid ON documents (guid);
CREATE INDEX documents_payment_no ON documents (substr(key, strpos(key, '/') + 1)) WHERE kind = 'payment';

CREATE TABLE match_index (
    scope         text NOT NULL CHECK (scope IN ('order', 'waybill')),
    owner         text NOT NULL,
    number        text NOT NULL,
    declarant     text NOT NULL DEFAULT '',
    list_key      text NOT NULL DEFAULT '',
    PRIMARY KEY (scope, owner, number)
);
COMMENT ON TABLE match_index IS 'Joins orders and waybills to the live case that uses them; an upsert here serialises partners that arrive at once';

CREATE TABLE queue (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner         text NOT NULL,
    kind          text NOT NULL,
    key           text NOT NULL,
    version       integer NOT NULL,
    slot          smallint NOT NULL DEFAULT 0,
    reason        text NOT NULL CHECK (reason IN ('arrived', 'repeat', 'partner', 'deadline', 'act')),
    enqueued_at   timestamptz NOT NULL
);
COMMENT ON TABLE queue IS 'What a worker has to look at next; documents of one order share a slot, so that one worker gets them together';

CREATE TABLE set_aside (
    queue_id      bigint PRIMARY KEY,
    owner         text NOT NULL,
    kind          text NOT NULL,
    key           text NOT NULL,
    version       integer NOT NULL,
    reason        text NOT NULL,
    enqueued_at   timestamptz NOT NULL,
    error         text NOT NULL,
    set_aside_at  timestamptz NOT NULL
);
COMMENT ON TABLE set_aside IS 'Queue rows whose decision failed by a fault of ours, kept for a person to look at';

CREATE TABLE cases (
    declarant     text NOT NULL,
    list_key      text NOT NULL,
    version       integer NOT NULL,
    status        text NOT NULL,
    list_version  integer NOT NULL,
    ebp_code      text NOT NULL,
    ebc_code      text NOT NULL,
    order_no      text NOT NULL,
    logistics_code text NOT NULL,
    logistics_no  text NOT NULL,
    pay_transaction_id text NOT NULL DEFAULT '',
    cop_no        text NOT NULL,
    pre_no        text NOT NULL,
    invt_no       text NOT NULL,
    customs_code  text NOT NULL,
    trade_mode    text NOT NULL,
    declared_at   timestamptz NOT NULL,
    accepted_on   date,
    released_at   timestamptz,
    wait_until    timestamptz,
    value_fen     bigint,
    tax_fen       bigint,
    reasons       text[] NOT NULL DEFAULT '{}',
    waits         text[] NOT NULL DEFAULT '{}',
    state         json NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (declarant, list_key)
);
COMMENT ON TABLE cases IS 'One declaration list on its way; state is the whole fact, the other columns are for search';
CREATE INDEX cases_order_no ON cases (order_no);
CREATE INDEX cases_logistics_no ON cases (logistics_no);
CREATE INDEX cases_pay_transaction_id ON cases (pay_transaction_id) WHERE pay_transaction_id <> '';
CREATE INDEX cases_pre_no ON cases (pre_no);
CREATE INDEX cases_invt_no ON cases (invt_no) WHERE invt_no <> '';
CREATE INDEX cases_cop_no ON cases (cop_no);
CREATE INDEX cases_status ON cases (status, updated_at);

CREATE TABLE decisions (
    declarant     text NOT NULL,
    list_key      text NOT NULL,
    version       integer NOT NULL,
    status        text NOT NULL,
    law_day       date NOT NULL,
    findings      json NOT NULL,
    assessment    json,
    compared      json NOT NULL,
    events        json NOT NULL,
    effective_at  timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (declarant, list_key, version)
);
COMMENT ON TABLE decisions IS 'Each decision with all it says; rows are never changed';

CREATE TABLE deadlines (
    declarant     text NOT NULL,
    list_key      text NOT NULL,
    kind          text NOT NULL,
    due_at        timestamptz NOT NULL,
    PRIMARY KEY (declarant, list_key, kind)
);
CREATE INDEX deadlines_due ON deadlines (due_at);

CREATE TABLE accounts (
    owner         text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('quota', 'guarantee', 'stock')),
    item          text NOT NULL,
    granted       bigint NOT NULL DEFAULT 0 CHECK (granted >= 0),
    reserved      bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    settled       bigint NOT NULL DEFAULT 0 CHECK (settled >= 0),
    PRIMARY KEY (owner, kind, item),
    CONSTRAINT never_overdrawn CHECK (granted - reserved - settled >= 0)
);
COMMENT ON TABLE accounts IS 'Balances of quota (fen), guarantee (fen) and stock (10^-5 units)';

CREATE TABLE postings (
    owner         text NOT NULL,
    kind          text NOT NULL,
    item          text NOT NULL,
    id            uuid NOT NULL DEFAULT uuidv7(),
    movement      text NOT NULL CHECK (movement IN ('credit', 'debit', 'reserve', 'settle', 'void', 'restore')),
    amount        bigint NOT NULL CHECK (amount > 0),
    declarant     text NOT NULL DEFAULT '',
    list_key      text NOT NULL DEFAULT '',
    cause_kind    text NOT NULL,
    cause_owner   text NOT NULL,
    cause_key     text NOT NULL,
    rule          text NOT NULL,
    effective_at  timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (owner, kind, item, id)
);
COMMENT ON TABLE postings IS 'Every movement of every account; rows are never changed';
CREATE INDEX postings_case ON postings (declarant, list_key) WHERE list_key <> '';

CREATE TABLE receipts (
    recipient     text NOT NULL,
    id            bigint GENERATED ALWAYS AS IDENTITY,
    xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
    subject_kind  text NOT NULL,
    subject_owner text NOT NULL,
    subject_key   text NOT NULL,
    subject_version integer NOT NULL,
    status        integer NOT NULL,
    info          text NOT NULL,
    rules         text[] NOT NULL DEFAULT '{}',
    at            timestamptz NOT NULL,
    facts         json NOT NULL,
    PRIMARY KEY (recipient, xid, id)
);
COMMENT ON TABLE receipts IS 'Outbox: every answer, read by cursor (xid, id) below the oldest running transaction';
CREATE INDEX receipts_subject ON receipts (subject_owner, subject_kind, subject_key);

CREATE TABLE subscriptions (
    recipient     text NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('webhook', 'folder')),
    target        text NOT NULL,
    secret        text NOT NULL DEFAULT '',
    cursor_xid    xid8 NOT NULL DEFAULT '0',
    cursor_id     bigint NOT NULL DEFAULT 0,
    attempts      integer NOT NULL DEFAULT 0,
    next_at       timestamptz,
    last_error    text NOT NULL DEFAULT '',
    PRIMARY KEY (recipient, channel, target)
);
COMMENT ON TABLE subscriptions IS 'Where receipts are pushed, and how far each has got';

CREATE TABLE journal (
    chain         text NOT NULL,
    seq           bigint NOT NULL,
    prev          bytea NOT NULL,
    hash          bytea NOT NULL,
    kind          text NOT NULL,
    effective_at  timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    body          bytea NOT NULL,
    PRIMARY KEY (chain, seq)
);
COMMENT ON TABLE journal IS 'One link a batch and worker, each chained by hash to the one before; rows are never changed';

CREATE TABLE enterprises (code text PRIMARY KEY, facts jsonb NOT NULL);
CREATE TABLE mandates (
    kind text NOT NULL, principal text NOT NULL, agent text NOT NULL, since date NOT NULL, facts jsonb NOT NULL,
    PRIMARY KEY (principal, kind, agent, since)
);
CREATE TABLE certificates (fingerprint text PRIMARY KEY, enterprise text NOT NULL, facts jsonb NOT NULL);
CREATE TABLE books (book_no text PRIMARY KEY, owner text NOT NULL, facts jsonb NOT NULL);
CREATE TABLE law_files (
    kind text NOT NULL, name text NOT NULL, evidence text NOT NULL, source text NOT NULL,
    body bytea NOT NULL, loaded_by text NOT NULL, loaded_at timestamptz NOT NULL,
    PRIMARY KEY (kind, name)
);
CREATE TABLE criteria (name text PRIMARY KEY, facts jsonb NOT NULL);
CREATE TABLE users (
    account text PRIMARY KEY, name text NOT NULL, role text NOT NULL, enterprise text NOT NULL DEFAULT '',
    password_hash text NOT NULL, active boolean NOT NULL DEFAULT true
);
CREATE TABLE api_tokens (token_hash bytea PRIMARY KEY, enterprise text NOT NULL, label text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE settings (key text PRIMARY KEY, value jsonb NOT NULL);
INSERT INTO settings (key, value) VALUES ('registry_version', '0'), ('law_version', '0');

CREATE SEQUENCE serials;

-- Rows stay in one piece and uncompressed up to a page: messages come compressed, and facts are read more often than kept.
-- Documents leave room on their page, because each is updated once, when it is answered, and then no index is touched.
ALTER TABLE inbox ALTER body SET STORAGE EXTERNAL;
ALTER TABLE inbox SET (toast_tuple_target = 8160);
ALTER TABLE documents SET (toast_tuple_target = 8160, fillfactor = 45);
ALTER TABLE cases SET (toast_tuple_target = 8160);
ALTER TABLE decisions SET (toast_tuple_target = 8160);
ALTER TABLE receipts SET (toast_tuple_target = 8160);

-- The queue lives by deletes: it is swept by count, not by share.
ALTER TABLE queue SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                       autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000);

-- What the columns will hold, told before the first row, so that plans are right from the start; ANALYZE replaces it.
SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', relation, 'attname', name, 'inherited', false,
                                  'null_frac', 0::real, 'avg_width', width, 'n_distinct', distinct_values::real)
  FROM (VALUES ('documents', 'owner', 10, 50.0), ('documents', 'kind', 8, 5.0), ('documents', 'key', 20, -0.95),
               ('documents', 'order_no', 20, -0.25), ('documents', 'version', 4, 3.0),
               ('match_index', 'scope', 8, 2.0), ('match_index', 'owner', 10, 50.0), ('match_index', 'number', 20, -0.5),
               ('cases', 'declarant', 10, 50.0), ('cases', 'list_key', 20, -0.95),
               ('receipts', 'recipient', 10, 50.0), ('receipts', 'subject_owner', 10, 50.0),
               ('receipts', 'subject_kind', 8, 5.0), ('receipts', 'subject_key', 20, -0.2),
               ('accounts', 'owner', 18, -0.9), ('accounts', 'kind', 8, 3.0), ('accounts', 'item', 8, 1000.0)
       ) AS told (relation, name, width, distinct_values);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inbox FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
