import { isRecord } from '../../core/is-record.ts'
import { answerParent, importFile } from './child.ts'
import type { ConfigContent } from './drizzle-config.ts'

/** Reads a drizzle.config in a process of its own; credentials stay there. */
await answerParent(async (file: string): Promise<ConfigContent> => {
  const exported = (await importFile(file))['default']
  if (!isRecord(exported)) throw new Error('it has no default export')
  const { dialect, driver, out, schema, casing, schemaFilter, tablesFilter, extensionsFilters, migrations } =
    exported
  return { dialect, driver, out, schema, casing, schemaFilter, tablesFilter, extensionsFilters, migrations }
})
