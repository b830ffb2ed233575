/**
 * What extensions bring that migrations often use without making the extension themselves, because somebody made it in
 * a console: types, operator classes and functions by their names in the extensions' own SQL (postgres/contrib, pgvector).
 */
const brings: Readonly<Record<string, RegExp>> = {
  vector: /^(?:vector|halfvec|sparsevec)(?:_\w+_ops)?$/,
  pg_trgm: /^(?:gin_trgm_ops|gist_trgm_ops|similarity|(?:strict_)?word_similarity|show_trgm)$/,
  'uuid-ossp': /^uuid_(?:generate_v(?:1|1mc|3|4|5)|nil)$/,
  pgcrypto: /^(?:crypt|gen_salt|digest|hmac|gen_random_bytes|pgp_(?:sym|pub)_(?:en|de)crypt)$/,
  citext: /^citext$/,
  hstore: /^hstore$/,
  ltree: /^(?:ltree|lquery|ltxtquery)$/,
  unaccent: /^unaccent$/,
  cube: /^cube$/,
  earthdistance: /^(?:earth|earth_distance|ll_to_earth|earth_box)$/,
  fuzzystrmatch: /^(?:levenshtein|soundex|metaphone|dmetaphone|difference)$/,
  tablefunc: /^(?:crosstab\w*|connectby)$/,
  // The embedded Postgres lacks these; what stands for them needs to know that it is an extension.
  postgis: /^(?:geometry|geography|box[23]d|st_[a-z]\w*|addgeometrycolumn|gist_geometry_ops_(?:2d|nd))$/,
  timescaledb:
    /^(?:create_hypertable|time_bucket(?:_gapfill)?|add_(?:retention|compression|continuous_aggregate)_policy)$/,
  pg_uuidv7: /^uuid_generate_v7$/,
  pg_jsonschema: /^jsonb?_matches_schema$/,
  pg_bigm: /^gin_bigm_ops$/,
  intarray: /^(?:gin|gist)__int\w*_ops$/,
}

const named = [
  /^type "(?:[\w$]+\.)?([\w$]+)(?:\[\])*" does not exist/,
  /^operator class "(?:[\w$]+\.)?([\w$]+)" does not exist/,
  /^function (?:[\w$]+\.)?([\w$]+)\(.*\) does not exist/s,
]

/** A scalar type under an access method that only takes it with an extension. */
const withoutOperators = /^data type .+ has no default operator class for access method "(gist|gin)"/

/**
 * The extension that brings what Postgres says is missing.
 *
 * @example
 * extensionOf('function uuid_generate_v4() does not exist') // { extension: 'uuid-ossp', name: 'uuid_generate_v4' }
 */
export function extensionOf(message: string): { extension: string; name: string } | undefined {
  const method = withoutOperators.exec(message)?.[1]
  if (method !== undefined)
    return { extension: `btree_${method}`, name: `an index of this type with ${method}` }
  const name = named.map((shape) => shape.exec(message)?.[1]).find((found) => found !== undefined)
  const extension = Object.keys(brings).find((each) => name !== undefined && brings[each]?.test(name))
  return extension === undefined || name === undefined ? undefined : { extension, name }
}
