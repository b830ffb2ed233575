/**
 * Draws the pictures of the status page anew, from a scripted history: docs/status-page.png for the documents, and those that
 * test/http/status-page compares. `node test/support/draw-status-page.ts`; look at each afterwards.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documented, scenes } from '../http/status-page/scenes.ts'
import { provideTestPackages } from '../servers/npm-packages.ts'

provideTestPackages()
const { startStatusPages } = await import('../http/status-page/browser.ts')
const { picturePath, scenePicture } = await import('../http/status-page/pictures.ts')
const pages = await startStatusPages({ ...scenes, documented })
try {
  for (const scene of Object.keys(scenes)) {
    const path = picturePath(scene)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, await scenePicture(pages, scene))
  }
  const path = fileURLToPath(new URL('../../docs/status-page.png', import.meta.url))
  await pages.open('documented', { viewport: { width: 800, height: 960 } }, (page) =>
    page.screenshot({ path }),
  )
} finally {
  await pages.close()
}
