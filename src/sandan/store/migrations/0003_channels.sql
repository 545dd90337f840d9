-- Channels: who else is sent a message or its receipts (BaseSubscribe), and delivery in envelopes and by broker.
-- Subscribers begin with the distribution key of their document; forwards are an outbox and stay local, like receipts.

CREATE TABLE subscribers (
    owner         text NOT NULL,
    kind          text NOT NULL,
    key           text NOT NULL,
    version       integer NOT NULL,
    recipient     text NOT NULL,
    sender        text NOT NULL,
    PRIMARY KEY (owner, kind, key, version, recipient)
);
COMMENT ON TABLE subscribers IS 'Who is sent the receipts of a document beside its sender, as the sender asked (BaseSubscribe RET, ALL)';

CREATE TABLE forwards (
    recipient     text NOT NULL,
    id            bigint GENERATED ALWAYS AS IDENTITY,
    xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
    sender        text NOT NULL,
    inbox_id      bigint,
    facts         json,
    at            timestamptz NOT NULL,
    PRIMARY KEY (recipient, xid, id),
    CHECK ((inbox_id IS NULL) <> (facts IS NULL))
);
COMMENT ON TABLE forwards IS 'Outbox of what others let somebody have: a message (inbox_id) or a receipt (facts); read by cursor like receipts';

ALTER TABLE subscriptions DROP CONSTRAINT subscriptions_channel_check;
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_channel_check CHECK (channel IN ('webhook', 'folder', 'broker'));
ALTER TABLE subscriptions ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN forward_xid xid8 NOT NULL DEFAULT '0';
ALTER TABLE subscriptions ADD COLUMN forward_id bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN subscriptions.address IS 'DXP id on the envelopes of what is delivered; empty delivers bare messages';

-- Clients of ports ask for receipts by time; a summary of ranges costs a writer next to nothing.
CREATE INDEX receipts_at ON receipts USING brin (at);
