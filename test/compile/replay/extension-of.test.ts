import { expect, it } from 'vitest'
import { extensionOf } from '../../../src/compile/replay/extension-of.ts'

it.each([
  ['type "vector" does not exist', 'vector', 'vector'],
  ['type "public.halfvec[]" does not exist', 'vector', 'halfvec'],
  [
    'operator class "vector_cosine_ops" does not exist for access method "hnsw"',
    'vector',
    'vector_cosine_ops',
  ],
  ['operator class "gin_trgm_ops" does not exist for access method "gin"', 'pg_trgm', 'gin_trgm_ops'],
  ['function uuid_generate_v4() does not exist', 'uuid-ossp', 'uuid_generate_v4'],
  ['function public.crypt(text, text) does not exist', 'pgcrypto', 'crypt'],
  ['type "citext" does not exist', 'citext', 'citext'],
  ['type "geometry" does not exist', 'postgis', 'geometry'],
  ['function st_x(geometry) does not exist', 'postgis', 'st_x'],
  ['function create_hypertable(unknown, unknown) does not exist', 'timescaledb', 'create_hypertable'],
  ['function uuid_generate_v7() does not exist', 'pg_uuidv7', 'uuid_generate_v7'],
  [
    'data type integer has no default operator class for access method "gist"',
    'btree_gist',
    'an index of this type with gist',
  ],
])('%s', (message, extension, name) => {
  expect(extensionOf(message)).toEqual({ extension, name })
})

it.each([
  'type "mood" does not exist',
  'function my_crypt(text) does not exist',
  'relation "vector" does not exist',
])('%s: of no extension that is known', (message) => {
  expect(extensionOf(message)).toBeUndefined()
})
