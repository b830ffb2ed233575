import expected from '../../.edge-health/expected.json' with { type: 'json' }
import { createHandler } from '../lambda.ts'

/** This repository's own deployment; an application writes the same lines with its own expected schema. */
export const handler = createHandler({ expected })
