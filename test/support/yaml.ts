import { createRequire } from 'node:module'

/** js-yaml brings no types. */
const { load } = createRequire(import.meta.url)('js-yaml') as { load: (text: string) => unknown }

/** Reads one YAML document. @throws on anything that is not YAML */
export const parseYaml = (text: string): unknown => load(text)
