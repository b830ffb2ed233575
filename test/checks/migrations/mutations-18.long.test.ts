import { mutationsOnServers } from './mutations-on-servers.ts'

mutationsOnServers([
  [18, 'HTTP'],
  [18, 'TCP'],
  [18, 'HTTP', '1.0'],
])
