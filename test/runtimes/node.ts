import { serve } from '../../src/node.ts'

await serve()
