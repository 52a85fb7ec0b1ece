/**
 * Everything the service keeps. Times are the database's own clock (`now()`), never a host's, so that leases survive a
 * host whose clock jumps. Field elements and amounts are numeric(78,0).
 *
 * Secret columns, dropped or kept as `retention` says: snapshot_part.body, plan.header, plan_part.body, place.*, task.witness.
 */
export const SERVICE_TABLES = `
-- The program and the keys that every worker of this store must have. One row.
create table pin (
  one boolean primary key default true check (one),
  program text not null,
  manifest_sha256 text not null,
  pinned_at timestamptz not null default now()
);

create table venue (
  id integer generated always as identity primary key,
  chain_id numeric(78,0) not null,
  registry text not null,
  venue_id numeric(78,0) not null,
  unique (chain_id, registry, venue_id)
);

create table market_table (
  venue integer not null references venue,
  commitment numeric(78,0) not null,
  level text not null,
  snapshot_time bigint not null,
  body text not null,
  added_at timestamptz not null default now(),
  primary key (venue, commitment)
);

-- 'receiving' while parts come in; parts of an upload that broke off are swept by touched_at.
create table snapshot (
  id uuid primary key default gen_random_uuid(),
  venue integer not null references venue,
  market numeric(78,0) not null,
  state text not null default 'receiving' check (state in ('receiving', 'ready')),
  -- Of the canonical NDJSON of all accounts; null while receiving.
  sha256 text,
  accounts integer not null default 0,
  report jsonb,
  touched_at timestamptz not null default now(),
  foreign key (venue, market) references market_table
);
create unique index snapshot_content on snapshot (venue, market, sha256) where state = 'ready';

-- Canonical NDJSON, gzip, in file order.
create table snapshot_part (
  snapshot uuid not null references snapshot on delete cascade,
  part integer not null,
  sha256 text not null,
  body bytea not null,
  primary key (snapshot, part)
);

create table epoch (
  id bigint generated always as identity primary key,
  venue integer not null references venue,
  number bigint not null check (number > 0),
  snapshot uuid not null references snapshot,
  market numeric(78,0) not null,
  -- Batch circuits and what closes over them, as asked for.
  circuits text[] not null,
  manifest_sha256 text not null,
  state text not null default 'planning' check (state in ('planning', 'proving', 'publishing', 'published', 'final', 'failed')),
  -- Known once planned; never changes after.
  accounts_root numeric(78,0),
  accounts integer,
  requested_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (venue, number)
);

-- One row a piece of work; its key makes submitting it again harmless. 'lease' counts takings: who finishes must hold the last one.
create table step (
  epoch bigint not null references epoch,
  name text not null,
  kind text not null check (kind in ('plan', 'prove', 'attest', 'publish', 'receipts', 'retire')),
  state text not null default 'ready' check (state in ('ready', 'active', 'done', 'dead')),
  job uuid,
  attempts integer not null default 0,
  lease bigint not null default 0,
  worker uuid,
  lease_until timestamptz,
  -- Estimated constraints, for progress; 0 where nothing is proven.
  cost bigint not null default 0,
  error jsonb,
  started_at timestamptz,
  done_at timestamptz,
  primary key (epoch, name)
);
create index step_active on step (lease_until) where state = 'active';
-- Whether a proof was an epoch's last one is asked after each.
create index step_unproven on step (epoch) where kind = 'prove' and state <> 'done';
create index step_ready on step (epoch) where state = 'ready';

-- Everything random or chosen about an epoch, sealed by its hash: stored once, before anything is made from it. All that
-- follows it (place, figures, task) can be made again from it.
create table plan (
  epoch bigint primary key references epoch,
  header text not null,
  -- Of the header.
  sha256 text not null,
  parts integer not null
);

-- Lines of the plan's places, gzip, in tree order; the header holds the digest of all lines.
create table plan_part (
  epoch bigint not null references plan on delete cascade,
  part integer not null,
  sha256 text not null,
  body bytea not null,
  primary key (epoch, part)
);

-- What the epoch will state in public, but for the proofs; canonical JSON.
create table figures (
  epoch bigint primary key references epoch,
  body text not null,
  sha256 text not null,
  -- Of all place rows with their leaves.
  places_sha256 text not null
);

-- One row a place of the accounts tree; user_id is null in padding.
create table place (
  epoch bigint not null references epoch,
  position integer not null,
  user_id text,
  sub_account bigint,
  owner numeric(78,0),
  -- Of padding only.
  key numeric(78,0),
  salt numeric(78,0) not null,
  -- [[row, quantity as text], …]
  holdings text not null,
  leaf bytea,
  -- SHA-256 of the receipt's token.
  token_sha256 bytea,
  primary key (epoch, position)
);
create unique index place_token on place (token_sha256);
create index place_user on place (epoch, user_id) where user_id is not null;

-- A proof to be made. The witness input is gone once the epoch is final.
create table task (
  epoch bigint not null references epoch,
  name text not null,
  circuit text not null,
  signals text[] not null,
  -- JSON, gzip.
  witness bytea,
  -- Of circuit, signals and witness.
  witness_sha256 text not null,
  cost bigint not null,
  primary key (epoch, name)
);

create table proof (
  epoch bigint not null,
  name text not null,
  body text not null,
  sha256 text not null,
  worker uuid,
  seconds double precision not null,
  made_at timestamptz not null default now(),
  primary key (epoch, name),
  foreign key (epoch, name) references task
);

create table attestation (
  epoch bigint primary key references epoch,
  body text not null,
  sha256 text not null,
  made_at timestamptz not null default now()
);

-- What is to happen on chain, once. 'mined' is in a block, 'final' has as many blocks on top as configured.
create table outbox (
  id bigint generated always as identity primary key,
  venue integer not null references venue,
  epoch_number bigint not null,
  kind text not null check (kind in ('open-snapshot', 'submit-epoch')),
  target text not null,
  calldata bytea not null,
  state text not null default 'pending' check (state in ('pending', 'sent', 'mined', 'final', 'dead')),
  -- Whose nonces are used; null until somebody with a key leased it.
  signer text,
  -- The nonce that the latest attempts share; null until the first is signed.
  nonce bigint,
  block_number bigint,
  block_hash text,
  transaction_hash text,
  gas_used numeric(78,0),
  -- Refusals in a row, for backing off and giving up.
  attempts integer not null default 0,
  error jsonb,
  next_try_at timestamptz not null default now(),
  lease bigint not null default 0,
  worker uuid,
  lease_until timestamptz,
  added_at timestamptz not null default now(),
  unique (venue, epoch_number, kind)
);

-- Signed transactions, each stored before it is sent, so that sending it again sends the same one. A filler moves nothing: it takes
-- a nonce that another transaction left unused, for those behind it to be mined.
create table outbox_attempt (
  outbox bigint not null references outbox,
  number integer not null,
  sender text not null,
  nonce bigint not null,
  raw text not null,
  hash text not null unique,
  max_fee numeric(78,0) not null,
  priority_fee numeric(78,0) not null,
  gas_limit numeric(78,0) not null,
  filler boolean not null default false,
  signed_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (outbox, number)
);
create index outbox_attempt_nonce on outbox_attempt (sender, nonce);

create table access_token (
  id uuid primary key default gen_random_uuid(),
  sha256 bytea not null unique,
  role text not null check (role in ('operator', 'publisher', 'auditor', 'user')),
  -- Whose receipts a 'user' may read; null for the others.
  user_id text,
  label text not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  check ((role = 'user') = (user_id is not null))
);

create table worker (
  id uuid primary key,
  host text not null,
  process integer not null,
  program text not null,
  manifest_sha256 text not null,
  kinds text[] not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  stopped_at timestamptz
);

-- Proofs about one row or account that need no secret of an owner.
create table account_proof (
  id uuid primary key default gen_random_uuid(),
  venue integer not null references venue,
  request_sha256 text not null,
  request jsonb not null,
  state text not null default 'ready' check (state in ('ready', 'active', 'done', 'dead')),
  attempts integer not null default 0,
  lease bigint not null default 0,
  worker uuid,
  lease_until timestamptz,
  result jsonb,
  error jsonb,
  requested_at timestamptz not null default now(),
  unique (venue, request_sha256)
);

-- What happened, append-only: progress streams and the audit trail read it. Public values only.
create table event (
  id bigint generated always as identity primary key,
  -- Given once committed, without gaps: the order in which readers see them.
  sequence bigint unique,
  at timestamptz not null default now(),
  epoch bigint references epoch,
  kind text not null,
  detail jsonb not null
);
create index event_epoch on event (epoch, sequence);
create index event_unnumbered on event (id) where sequence is null;
`;
