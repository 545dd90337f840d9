-- Real-time payment data (announcement 179): what customs asked, what came back, and who may answer.
-- The first key column is the distribution key: the platform asked.

CREATE TABLE realtime_endpoints (
    ebp_code      text PRIMARY KEY,
    url           text NOT NULL,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL
);
COMMENT ON TABLE realtime_endpoints IS 'Where a platform is asked (platDataOpen)';

CREATE TABLE realtime_certificates (
    ebp_code      text NOT NULL,
    cert_no       text NOT NULL,
    certificate   bytea NOT NULL,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (ebp_code, cert_no)
);
COMMENT ON TABLE realtime_certificates IS 'Certificates a platform may sign payment data with, by serial in lower-case hex';

CREATE TABLE realtime_demands (
    session_id    text PRIMARY KEY,
    ebp_code      text NOT NULL,
    order_no      text NOT NULL,
    officer       text NOT NULL,
    issued_at     timestamptz NOT NULL,
    due_at        timestamptz NOT NULL
);
COMMENT ON TABLE realtime_demands IS 'What customs asked for; rows are never changed';
CREATE INDEX realtime_demands_order ON realtime_demands (ebp_code, order_no);

CREATE TABLE realtime_calls (
    session_id    text PRIMARY KEY,
    url           text NOT NULL,
    called_at     timestamptz NOT NULL,
    took_ms       integer NOT NULL,
    answer        text NOT NULL,
    findings      json NOT NULL
);
COMMENT ON TABLE realtime_calls IS 'What the platform answered at once to a demand; rows are never changed';

CREATE TABLE realtime_answers (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id    text NOT NULL,
    received_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    sha256        bytea NOT NULL,
    body          bytea NOT NULL,
    code          text NOT NULL,
    message       text NOT NULL,
    findings      json NOT NULL,
    compared      json NOT NULL
);
COMMENT ON TABLE realtime_answers IS 'Every upload as received (zstd) with customs'' answer; an unknown session is empty; rows are never changed';
CREATE INDEX realtime_answers_session ON realtime_answers (session_id);
CREATE UNIQUE INDEX realtime_answers_stored_once ON realtime_answers (session_id) WHERE code = '10000';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON realtime_demands FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON realtime_calls FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON realtime_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
