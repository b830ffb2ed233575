import { removeStrangeVariables } from './strange-variables.ts'

removeStrangeVariables(process.env)
