// What one `dumpsys battery` costs through each client, in one run against one virtual phone: the client's side of a
// sample. A real phone's dumpsys takes tens of milliseconds more.
import { inTurns, median, quantile, table, timeProgram, withPhone } from './support.mjs'

const COMMAND = 'dumpsys battery'
const ROUNDS = 10
const BLOCK = 25

export async function benchSample() {
  return withPhone(async ({ env, home: cwd, port, phone }) => {
    const serial = phone.address
    const readers = {
      'dala, direct to adbd': await direct(phone.address, cwd),
      'dala, through the adb server': await throughServer(port, serial),
      'Tango, through the adb server, shell v2': await tango(port, serial, 'shellProtocol'),
      'Tango, through the adb server, no exit code': await tango(port, serial, 'noneProtocol'),
    }
    const tasks = Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, timed(read)]))
    const spawned = () => timeProgram(['adb', '-s', serial, 'shell', COMMAND], { env, cwd })
    const times = await inTurns({ ...tasks, 'spawn `adb shell`': spawned }, { rounds: ROUNDS, warmUp: 2, block: BLOCK })
    const rows = Object.entries(times).map(([name, list]) => [
      name,
      list.length,
      median(list).toFixed(2),
      quantile(list, 0.95).toFixed(2),
    ])
    return [
      '## One sample (`npm run bench -- sample`)',
      'The same command through each client, in blocks of 25 in turns, ms. Target: a median of at most 1.5 ms through our own client.',
      table(['client', 'n', 'median', '95th percentile'], rows),
    ].join('\n\n')
  })
}

function timed(read) {
  return async () => {
    const before = performance.now()
    const text = await read()
    const ms = performance.now() - before
    if (!text.includes('level:')) throw new Error(`Cannot count a sample that has no level: ${text.slice(0, 200)}`)
    return ms
  }
}

const call = () => ({ signal: new AbortController().signal, timeoutMs: 10_000 })

async function throughServer(port, serial) {
  const { createAdbServer } = await import('../dist/devices/android/adb-server.js')
  const { dialTcp } = await import('../dist/core/stream.js')
  const server = createAdbServer({ kind: 'tcp', host: '127.0.0.1', port }, dialTcp)
  return shellOver(await server.transport(serial, call()))
}

async function direct(address, home) {
  const { connectAdbd } = await import('../dist/devices/android/adbd-client.js')
  const { loadAdbKeys } = await import('../dist/devices/android/adb-keys.js')
  const { dialTcp } = await import('../dist/core/stream.js')
  const [host, port] = address.split(':')
  const { keys } = await loadAdbKeys({ home, vendorKeys: null, ownDir: home })
  return shellOver(await connectAdbd({ host, port: Number(port) }, { dial: dialTcp, keys }, call()))
}

async function shellOver(transport) {
  const { runShell } = await import('../dist/devices/android/shell.js')
  return async () => (await runShell(transport, COMMAND, call())).stdout
}

async function tango(port, serial, protocol) {
  const { AdbServerClient } = await import('@yume-chan/adb')
  const { AdbServerNodeTcpConnector } = await import('@yume-chan/adb-server-node-tcp')
  const client = new AdbServerClient(new AdbServerNodeTcpConnector({ host: '127.0.0.1', port }))
  const { subprocess } = await client.createAdb({ serial })
  return async () => {
    const result = await subprocess[protocol].spawnWaitText(COMMAND)
    return typeof result === 'string' ? result : result.stdout
  }
}
