import { startWorkerd } from '../servers/workerd.ts'
import { describeAnswers } from './cases.ts'

describeAnswers('the Worker in workerd', async (bindings) => {
  const { url, close } = await startWorkerd({ entry: 'src/release/worker.ts', bindings })
  return { send: (path, init = {}) => fetch(url + path, init), close }
})
