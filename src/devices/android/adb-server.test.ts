import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { fakeAdbServer, withPhones, type FakeScript } from '../../../test/fakes/adb-server.js'
import { needs } from '../../../test/needs.js'
import { freePort } from '../../../test/support/free-port.js'
import type { Call } from '../../core/deadline.js'
import { dialTcp } from '../../core/stream.js'
import { adbServerAddress } from './adb-server-address.js'
import { createAdbServer, type AdbServer } from './adb-server.js'
import { runShell } from './shell.js'

const call = (timeoutMs = 10_000): Call => ({ signal: new AbortController().signal, timeoutMs })
const serverOn = (port: number): AdbServer => createAdbServer({ kind: 'tcp', host: '127.0.0.1', port }, dialTcp)

async function onServer<T>(script: FakeScript, use: (server: AdbServer) => Promise<T>): Promise<T> {
  await using fake = await fakeAdbServer(script)
  return await use(serverOn(fake.port))
}

describe('the address of the adb server', () => {
  test.each([
    [{}, { kind: 'tcp', host: '127.0.0.1', port: 5037 }],
    [{ ANDROID_ADB_SERVER_PORT: '6000' }, { kind: 'tcp', host: '127.0.0.1', port: 6000 }],
    [
      { ANDROID_ADB_SERVER_ADDRESS: '10.0.0.2', ANDROID_ADB_SERVER_PORT: '' },
      { kind: 'tcp', host: '10.0.0.2', port: 5037 },
    ],
    [
      { ADB_SERVER_SOCKET: 'tcp:6001', ANDROID_ADB_SERVER_PORT: '6000' },
      { kind: 'tcp', host: '127.0.0.1', port: 6001 },
    ],
    [{ ADB_SERVER_SOCKET: 'tcp:box.local:6001' }, { kind: 'tcp', host: 'box.local', port: 6001 }],
    [{ ADB_SERVER_SOCKET: 'tcp:[::1]:6001' }, { kind: 'tcp', host: '::1', port: 6001 }],
    [{ ADB_SERVER_SOCKET: 'localfilesystem:/x/adb.sock' }, { kind: 'local', path: '/x/adb.sock' }],
  ])('%j', (env, address) => {
    expect(adbServerAddress(env)).toEqual(address)
  })

  test.each([
    { ADB_SERVER_SOCKET: 'tcp:' },
    { ADB_SERVER_SOCKET: 'tcp:host' },
    { ADB_SERVER_SOCKET: 'nonsense' },
    { ADB_SERVER_SOCKET: 'tcp:99999' },
    { ANDROID_ADB_SERVER_PORT: '0' },
    { ANDROID_ADB_SERVER_PORT: '5037x' },
  ])('%j is refused', (env) => {
    expect(() => adbServerAddress(env)).toThrowError(expect.objectContaining({ code: 'DALA_USAGE' }))
  })
})

describe('a server that dies', () => {
  const deaths: readonly (readonly [string, string, FakeScript])[] = [
    ['says nothing', 'timeout', () => undefined],
    ['closes without a word', 'closed', (_, peer) => peer.end()],
    ['cuts the connection', 'closed', (_, peer) => peer.cut()],
    ['closes in the middle of a status', 'closed', (_, peer) => (peer.raw('OK'), peer.end())],
    ['closes in the middle of a length', 'closed', (_, peer) => (peer.raw('OKAY00'), peer.end())],
    ['closes in the middle of a text', 'closed', (_, peer) => (peer.raw('OKAY0010ab'), peer.end())],
    ['stops in the middle of a text', 'timeout', (_, peer) => peer.raw('OKAY0010ab')],
    ['speaks HTTP', 'protocol', (_, peer) => peer.raw('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['sends a length that is none', 'protocol', (_, peer) => peer.raw('OKAY-001abcdef')],
    ['sends garbage for ever', 'protocol', (_, peer) => peer.raw(Buffer.alloc(1_000_000, 0xa5))],
    ['sends FAIL with a torn text', 'closed', (_, peer) => (peer.raw('FAIL0100no'), peer.end())],
  ]
  test.each(deaths)('that %s is %s', async (_what, code, script) => {
    await onServer(script, async (server) => {
      const bounds = call(code === 'timeout' ? 50 : 10_000)
      await expect(server.version(bounds)).rejects.toMatchObject({ name: 'AdbError', code })
      await expect(server.devices(bounds)).rejects.toMatchObject({ name: 'AdbError', code })
      await expect(server.transport('x', bounds)).rejects.toMatchObject({ name: 'AdbError', code })
    })
  })

  it('that is not there is refused', async () => {
    await expect(serverOn(await freePort()).devices(call())).rejects.toMatchObject({ code: 'refused' })
  })

  it('passes the caller’s own reason on when it gives up', async () => {
    const reason = new Error('the user pressed Ctrl-C')
    const control = new AbortController()
    await onServer(
      () => control.abort(reason),
      async (server) => {
        await expect(server.devices({ signal: control.signal, timeoutMs: 10_000 })).rejects.toBe(reason)
      },
    )
  })

  it('has no connection left open after a timeout', async () => {
    await using fake = await fakeAdbServer(() => undefined)
    await expect(serverOn(fake.port).devices(call(50))).rejects.toMatchObject({ code: 'timeout' })
    await expect.poll(() => fake.connections()).toBe(0)
  })
})

describe('a server that answers', () => {
  test.each([26, 31, 32, 39, 40, 41, 99])('of version %d is talked to', async (version) => {
    await onServer(withPhones([{ serial: 'R58' }], version), async (server) => {
      expect(await server.version(call())).toBe(version)
      expect(await server.devices(call())).toMatchObject([{ serial: 'R58', usable: true }])
    })
  })

  it('is never told to kill itself', async () => {
    await using fake = await fakeAdbServer(withPhones([{ serial: 'R58' }], 26))
    await serverOn(fake.port).version(call())
    await serverOn(fake.port).devices(call())
    expect(fake.requests).toEqual(['host:version', 'host:devices-l'])
  })

  it('is asked for the short list when it does not know the long one', async () => {
    const old: FakeScript = (request, peer) =>
      request === 'host:devices' ? peer.text('R58\tdevice\n') : peer.fail('unknown host service')
    expect(await onServer(old, (server) => server.devices(call()))).toMatchObject([{ serial: 'R58' }])
  })

  test.each([
    ["device 'x' not found", 'no_device'],
    ['device offline', 'no_device'],
    ['device unauthorized.\nThis adb server’s $ADB_VENDOR_KEYS is not set', 'unauthorized'],
    ['device still authorizing', 'unauthorized'],
    ['insufficient permissions for device', 'no_device'],
    ['something else: 42', 'fail'],
  ])('FAIL “%s” is %s and keeps the words', async (text, code) => {
    await onServer(
      (_, peer) => peer.fail(text),
      async (server) => {
        const words = text.split('\n')[0]
        await expect(server.transport('x', call())).rejects.toMatchObject({
          code,
          message: expect.stringContaining(words ?? '') as string,
        })
      },
    )
  })

  it('takes FAIL’s bytes, not characters, and keeps them from the terminal', async () => {
    await onServer(
      (_, peer) => peer.fail('größe\u001b[2J zu groß'),
      async (server) => {
        await expect(server.version(call())).rejects.toThrow('größe [2J zu groß')
      },
    )
  })

  it('sends the serial of an mDNS phone as it stands, spaces and all', async () => {
    const serial = 'adb-A1-b (2)._adb-tls-connect._tcp'
    await using fake = await fakeAdbServer(withPhones([{ serial, shell: () => 'hello' }]))
    const transport = await serverOn(fake.port).transport(serial, call())
    expect((await runShell(transport, 'x', call())).stdout).toBe('hello')
    expect(fake.requests).toEqual([`host-serial:${serial}:features`, `host:transport:${serial}`, 'shell,v2,raw:x'])
  })

  it('waits for the transport’s OKAY before it sends the service', async () => {
    let early = ''
    const script: FakeScript = async (request, peer) => {
      if (request.endsWith(':features')) return peer.text('shell_v2')
      const service = peer.next()
      // What is there already when a macrotask has passed came without waiting.
      early = await Promise.race([service, new Promise<string>((resolve) => setImmediate(resolve, 'waited'))])
      peer.okay()
      await service
      peer.fail('closed')
    }
    await onServer(script, async (server) => {
      const transport = await server.transport('x', call())
      await expect(transport.open('shell:x', call())).rejects.toMatchObject({ code: 'fail' })
    })
    expect(early).toBe('waited')
  })

  it('closes the streams of a transport with it', async () => {
    await using fake = await fakeAdbServer(withPhones([{ serial: 'R58', shell: () => null }]))
    const transport = await serverOn(fake.port).transport('R58', call())
    await transport.open('shell,v2,raw:sleep', call())
    transport.close()
    await expect.poll(() => fake.connections()).toBe(0)
  })
})

const adb = needs('adb')

describe.skipIf(!adb.met)(`Debian’s adb${adb.reason}`, () => {
  it('answers for its version and its phones: none', async () => {
    const port = await freePort()
    const home = mkdtempSync(join(tmpdir(), 'dala-adb-'))
    const env = { ...process.env, HOME: home, ANDROID_SDK_HOME: home, ANDROID_ADB_SERVER_PORT: String(port) }
    const child = spawn('adb', ['-P', String(port), 'nodaemon', 'server'], { env, stdio: 'ignore' })
    try {
      const server = serverOn(port)
      await expect.poll(() => server.version(call()).catch(() => null), { timeout: 10_000 }).toBeGreaterThan(30)
      expect(await server.devices(call())).toEqual([])
      await expect(server.transport('R58', call())).rejects.toMatchObject({ code: 'no_device' })
      const told = spawnSync('adb', ['version'], { env, encoding: 'utf8' }).stdout
      const version = await server.version(call())
      expect(told).toContain(`1.0.${version}`)
    } finally {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await gone
      rmSync(home, { recursive: true, force: true })
    }
  })
})
