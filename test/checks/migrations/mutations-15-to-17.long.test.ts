import { mutationsOnServers } from './mutations-on-servers.ts'

mutationsOnServers([
  [15, 'HTTP'],
  [16, 'HTTP'],
  [17, 'HTTP'],
])
