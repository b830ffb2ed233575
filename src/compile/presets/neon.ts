/**
 * What Neon provides in every database: the roles of its Data API, the functions of its extension pg_session_jwt
 * (https://neon.com/docs/extensions/pg_session_jwt), and the tables that Neon Auth keeps in the schema neon_auth
 * (https://neon.com/docs/neon-auth/how-it-works). Only names and types matter: nothing here is ever called. Of Better Auth's
 * own tables (https://www.better-auth.com/docs/concepts/database#core-schema, its plugins organization and jwt) only the key
 * is here, to which a migration may refer.
 */
export const neonPrelude = `
create role neon_superuser;
create role authenticated;
create role anonymous;
create role authenticator;

create schema auth;
create function auth.user_id() returns text language sql stable as 'select null::text';
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create function auth.org_id() returns text language sql stable as 'select null::text';
create function auth.session() returns jsonb language sql stable as 'select null::jsonb';
create function auth.jwt() returns jsonb language sql stable as 'select null::jsonb';
create function auth.init() returns void language sql as 'select';
create function auth.jwt_session_init(jwt text) returns void language sql as 'select';

create schema neon_auth;
create table neon_auth.users_sync (
  raw_json jsonb not null,
  id text primary key generated always as (raw_json ->> 'id') stored,
  name text generated always as (raw_json ->> 'display_name') stored,
  email text generated always as (raw_json ->> 'primary_email') stored,
  created_at timestamptz,
  updated_at timestamptz,
  deleted_at timestamptz
);
create table neon_auth."user" (
  id uuid primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null,
  "updatedAt" timestamptz not null
);
create table neon_auth.session (id uuid primary key);
create table neon_auth.account (id uuid primary key);
create table neon_auth.verification (id uuid primary key);
create table neon_auth.organization (id uuid primary key);
create table neon_auth.member (id uuid primary key);
create table neon_auth.invitation (id uuid primary key);
create table neon_auth.jwks (id uuid primary key);
`
