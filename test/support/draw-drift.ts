/** Draws docs/drift.svg anew: `npm run --silent compile` with the example's DRIZZLE_CONFIG, then `node test/support/draw-drift.ts`. */
import { writeFileSync } from 'node:fs'
import { drawTerminal, findDrift, pictureFile } from './drift-picture.ts'

writeFileSync(pictureFile, drawTerminal(await findDrift()))
