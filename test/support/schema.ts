import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

/** What says whether a document is as `docs/<name>.schema.json` describes it; its `errors` say why not. */
export const schemaOf = (name: string) =>
  new Ajv().compile(JSON.parse(readFileSync(`docs/${name}.schema.json`, 'utf8')))
