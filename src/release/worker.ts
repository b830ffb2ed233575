import expected from '../../.edge-health/expected.json'
import { createWorker } from '../worker.ts'

/** This repository's own deployment; an application writes the same lines with its own expected schema. */
export default createWorker({ expected })
