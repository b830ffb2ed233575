import type { FaultCode } from '../core/check.ts'

/** What an error of Postgres or of the proxy in front of it means. */
export interface PostgresRule {
  readonly code: FaultCode
  /** It passes by itself, so the query is sent once more: a compute wakes up, or a pooled connection was stale. */
  readonly transient?: true
  /** What the words do not say, for a caller with the token. */
  readonly hint?: string
}

/** Neon finds no secret for the role of an endpoint that is gone (proxy/src/control_plane/client/cplane_proxy_v1.rs). */
const deletedBranch =
  'Check user and password of the connection string. Neon gives the same answer when its branch or endpoint was deleted.'

/**
 * SQLSTATEs by their longest matching prefix (https://www.postgresql.org/docs/current/errcodes-appendix.html); any other
 * is `error`. In neondatabase/neon: 08P01 is `SqlOverHttpError::Cancelled` of proxy/src/serverless/sql_over_http.rs, 58030
 * is how pgxn/neon/communicator.c reports that the pageserver could not be read. 57P01 ends the connections of a compute
 * that is suspended, 57P05 those that were idle: both leave stale connections in the proxy's pool.
 */
export const sqlstateRules: Readonly<Record<string, PostgresRule>> = {
  '08': { code: 'unreachable' },
  '08001': { code: 'unreachable', transient: true },
  '08006': { code: 'unreachable', transient: true },
  '08P01': { code: 'unreachable', transient: true },
  '25P03': { code: 'timeout' },
  '25P04': { code: 'timeout' },
  '28': { code: 'unauthorized', hint: deletedBranch },
  '3D000': {
    code: 'error',
    hint: 'The connection string names a database that does not exist on this server, or on this branch of Neon.',
  },
  '42501': { code: 'unauthorized' },
  '53100': { code: 'quota_exceeded' },
  '53300': { code: 'quota_exceeded' },
  '53400': { code: 'quota_exceeded' },
  '57014': { code: 'timeout' },
  '57P01': { code: 'unreachable', transient: true },
  '57P02': { code: 'unreachable' },
  '57P03': { code: 'unreachable', transient: true },
  '57P05': { code: 'timeout', transient: true },
  '58030': {
    code: 'unreachable',
    hint: 'Postgres could not read its storage. On Neon that is the pageserver.',
  },
}

type PostgresMessageRule = PostgresRule & { readonly matches: RegExp }

/** Where one SQLSTATE has several meanings, the words decide; without a match the SQLSTATE's own rule holds. */
export const sqlstateMessageRules: Readonly<Record<string, PostgresMessageRule>> = {
  // PgBouncer, behind the hosts with -pooler (proxy/src/proxy/retry.rs).
  '08P01': { matches: /no more connections allowed/i, code: 'quota_exceeded' },
  // A read replica (https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT).
  '40001': {
    matches: /conflict with recovery/i,
    code: 'error',
    transient: true,
    hint: 'A read replica cancelled the query to apply a change of the primary.',
  },
}

/**
 * What Neon's proxy says before Postgres is reached: it sends these with an empty code, so the words are all there is.
 * Sources, in neondatabase/neon: proxy/src/auth/mod.rs, control_plane/errors.rs, control_plane/messages.rs,
 * serverless/backend.rs, serverless/sql_over_http.rs; for lost connections libs/proxy/tokio-postgres2/src/error/mod.rs.
 * The quota texts come from Neon's control plane (content/docs/connect/connection-errors.md in neondatabase/website).
 */
export const messageRules: readonly PostgresMessageRule[] = [
  { matches: /^connection closed\b/i, code: 'unreachable', transient: true },
  { matches: /^error communicating with the server\b/i, code: 'unreachable', transient: true },
  { matches: /^unexpected message from server\b/i, code: 'unreachable', transient: true },
  { matches: /^timeout waiting for server\b/i, code: 'timeout', transient: true },
  { matches: /password authentication failed/i, code: 'unauthorized', hint: deletedBranch },
  { matches: /not allowed to connect/i, code: 'unauthorized' },
  { matches: /from a blocked network/i, code: 'unauthorized' },
  { matches: /VPC endpoint ID is not specified/i, code: 'unauthorized' },
  { matches: /exceeded the .*quota/i, code: 'quota_exceeded' },
  { matches: /limit of concurrently active endpoints/i, code: 'quota_exceeded' },
  { matches: /active endpoints limit exceeded/i, code: 'quota_exceeded' },
  { matches: /no more connections allowed/i, code: 'quota_exceeded' },
  { matches: /rate limit/i, code: 'quota_exceeded' },
  { matches: /too many (database )?connection/i, code: 'quota_exceeded' },
  { matches: /failed to acquire permit/i, code: 'quota_exceeded' },
  { matches: /authentication timed out/i, code: 'timeout' },
  {
    // Status 423 of the control plane: maintenance, a bad state, or a quota that has no text of its own.
    matches: /endpoint is temporarily unavailable/i,
    code: 'unreachable',
    transient: true,
    hint: "Neon says this during maintenance and when a quota is used up: see Neon's status page and the project's quotas.",
  },
  { matches: /endpoint is disabled/i, code: 'unreachable' },
  { matches: /endpoint cannot be found/i, code: 'unreachable' },
  { matches: /endpoint could not be found/i, code: 'unreachable' },
  { matches: /could not connect to/i, code: 'unreachable', transient: true },
  { matches: /couldn't connect to compute/i, code: 'unreachable', transient: true },
  { matches: /control plane request failed/i, code: 'unreachable', transient: true },
]
