// Bluesky's PDS and a PLC directory in memory, on loopback, until the standard input ends.
// node start.mjs NODE_MODULES DATA_FOLDER      prints one line of JSON: {"url": …}
import net from 'node:net'
import path from 'node:path'
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'

// Both servers listen on every interface: pin them to this machine.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  if (typeof where === 'object') where = { ...where, host: '127.0.0.1' }
  else where = { port: Number(where), host: '127.0.0.1' }
  return listen.call(this, where, ...rest)
}

const free = () =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.listen(0, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const [modules, folder] = process.argv.slice(2)
const require = createRequire(path.join(modules, 'start.js'))
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
const plc = require('@did-plc/server')

const plcPort = await free()
const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort })
await directory.start()

const port = await free()
const settings = {
  devMode: true,
  port,
  hostname: 'localhost',
  dataDirectory: folder,
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  didPlcUrl: `http://127.0.0.1:${plcPort}`,
  inviteRequired: false,
  adminPassword: randomBytes(8).toString('hex'),
  jwtSecret: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  disableSsrfProtection: true,
  rateLimitsEnabled: process.env.RATE_LIMITS === 'true',
  crawlers: [],
  serviceHandleDomains: ['.test'],
  trustedOAuthClients: [],
  handleBackupNameservers: [],
  rateLimitBypassIps: [],
}
const pds = await PDS.create(envToCfg(settings), envToSecrets(settings))
await pds.start()
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))

process.stdin.resume()
process.stdin.on('end', () => process.exit(0)) // so no server outlives its tests
