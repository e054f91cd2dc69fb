// What one battery sample costs through each client, in one run against one adb server and one phone:
//   npm run build && node benchmarks/sample.mjs --serial SERIAL [--port 5037] [--count 200] [--no-adb]
// Clients take turns round by round, so that a slower minute of the machine is shared by all. Milliseconds, host time.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

const COMMAND = 'dumpsys battery'
const WARM_UP = 10

async function ours(port, serial) {
  const [{ createAdbServer }, { dialTcp }, { runShell }] = await Promise.all([
    import('../dist/devices/android/adb-server.js'),
    import('../dist/core/stream.js'),
    import('../dist/devices/android/shell.js'),
  ])
  const call = { signal: new AbortController().signal, timeoutMs: 10_000 }
  const transport = await createAdbServer({ kind: 'tcp', host: '127.0.0.1', port }, dialTcp).transport(serial, call)
  return async () => (await runShell(transport, COMMAND, call)).stdout
}

async function tango(port, serial) {
  const [{ AdbServerClient }, { AdbServerNodeTcpConnector }] = await Promise.all([
    import('@yume-chan/adb'),
    import('@yume-chan/adb-server-node-tcp'),
  ])
  const client = new AdbServerClient(new AdbServerNodeTcpConnector({ host: '127.0.0.1', port }))
  return client.createAdb({ serial })
}

async function tangoShell(port, serial) {
  const { subprocess } = await tango(port, serial)
  if (subprocess.shellProtocol === undefined) throw new Error('the phone has no shell_v2')
  return async () => (await subprocess.shellProtocol.spawnWaitText(COMMAND)).stdout
}

async function tangoNone(port, serial) {
  const { subprocess } = await tango(port, serial)
  return () => subprocess.noneProtocol.spawnWaitText(COMMAND)
}

async function adbProcess(port, serial) {
  return () =>
    new Promise((resolve, reject) => {
      const child = spawn('adb', ['-P', String(port), '-s', serial, 'shell', COMMAND], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      child.once('error', reject)
      child.once('close', () => resolve(text))
    })
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

const { values } = parseArgs({
  options: {
    serial: { type: 'string' },
    port: { type: 'string', default: process.env.ANDROID_ADB_SERVER_PORT ?? '5037' },
    count: { type: 'string', default: '200' },
    // A fake server can be too little of one for the real adb.
    'no-adb': { type: 'boolean', default: false },
  },
})
if (values.serial === undefined)
  throw new Error('Cannot measure without a phone: add --serial SERIAL (adb devices lists them)')

const clients = {
  'dala, shell v2': ours,
  'Tango server client, shell v2': tangoShell,
  'Tango server client, none': tangoNone,
  ...(values['no-adb'] ? {} : { 'spawn adb': adbProcess }),
}
const rows = []
for (const [name, open] of Object.entries(clients)) {
  const before = performance.now()
  const read = await open(Number(values.port), values.serial)
  rows.push({ name, read, readyMs: performance.now() - before, times: [] })
}
for (let round = -WARM_UP; round < Number(values.count); round += 1) {
  for (const { name, read, times } of rows) {
    const before = performance.now()
    const text = await read()
    const ms = performance.now() - before
    if (!text.includes('level:'))
      throw new Error(`Cannot count a sample of ${name} as it has no level: ${text.slice(0, 200)}`)
    if (round >= 0) times.push(ms)
  }
}
console.log('client\tn\tp50_ms\tp95_ms\timport_and_connect_ms')
for (const { name, times, readyMs } of rows) {
  const sorted = times.toSorted((a, b) => a - b)
  const cells = [quantile(sorted, 0.5), quantile(sorted, 0.95), readyMs].map((ms) => ms.toFixed(2))
  console.log([name, sorted.length, ...cells].join('\t'))
}
process.exit(0)
