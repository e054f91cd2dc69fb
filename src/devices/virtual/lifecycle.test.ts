import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, readAll } from '../../../test/fakes/streams.js'
import { realClock } from '../../core/clock.js'
import { dialTcp } from '../../core/stream.js'
import { connectAdbd } from '../android/adbd-client.js'
import { loadAdbKeys } from '../android/adb-keys.js'
import { listVirtualPhones, startVirtualPhones, stopVirtualPhones, type StartOptions } from './lifecycle.js'
import { identityOf } from './process-identity.js'
import { registerPhone, targetOf, type VirtualPhone } from './registry.js'

let built: string
let mainFile: string
let dir: string

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'dala-main-'))
  mainFile = join(built, 'main.mjs')
  const entry = fileURLToPath(new URL('main.ts', import.meta.url))
  await build({
    entryPoints: [entry],
    outfile: mainFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
})

afterAll(() => rm(built, { recursive: true }))

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dala-life-'))
})

afterEach(async () => {
  await stop('all')
  await rm(dir, { recursive: true })
})

const options = (more: Partial<StartOptions> = {}): StartOptions => ({
  dir,
  count: 1,
  profile: 'moto-g-64',
  androidVersion: null,
  seed: 1,
  timeScale: 60,
  serial: null,
  detach: true,
  clock: realClock,
  log: () => undefined,
  mainFile,
  ...more,
})

const stop = (which: readonly string[] | 'all'): Promise<readonly VirtualPhone[]> =>
  stopVirtualPhones(which, { dir, clock: realClock }, new AbortController().signal)

async function ask(phone: VirtualPhone, command: string): Promise<string> {
  const { keys } = await loadAdbKeys({ home: dir, vendorKeys: null, ownDir: built })
  const transport = await connectAdbd(targetOf(phone), { dial: dialTcp, keys }, call())
  const answer = await readAll(await transport.open(`exec:${command}`, call()))
  transport.close()
  return answer.toString().trim()
}

describe('virtual phones as processes of their own', () => {
  it('start, answer, are listed, and leave nothing when stopped', async () => {
    const { phones, ended } = await startVirtualPhones(options({ count: 2 }), call())
    await ended
    expect(phones.map(({ id }) => id)).toEqual(['virtual-1', 'virtual-2'])
    expect(await listVirtualPhones(dir)).toEqual(phones)
    for (const phone of phones) expect(await ask(phone, 'getprop ro.serialno')).toBe(phone.serial)
    expect(await stop(['virtual-1'])).toEqual(phones.slice(0, 1))
    expect(await listVirtualPhones(dir)).toEqual(phones.slice(1))
    await stop('all')
    expect(await readdir(dir)).toEqual([])
  })

  it('remove what they kept when they are asked to end', async () => {
    const { phones } = await startVirtualPhones(options({ serial: 'MINE' }), call())
    const [phone] = phones
    expect(phone?.serial).toBe('MINE')
    await stop(['virtual-1'])
    expect(await readdir(dir)).toEqual([])
  })

  it('are cleaned up after when they were killed', async () => {
    const { phones } = await startVirtualPhones(options(), call())
    for (const { pid } of phones) process.kill(pid, 'SIGKILL')
    await expect.poll(() => listVirtualPhones(dir)).toEqual([])
    expect(await readdir(dir)).toEqual([])
  })

  it('survive the process that started them', async () => {
    const starter = join(built, 'starter.mjs')
    const contents = `import { startVirtualPhones } from './lifecycle.js'
      const call = { signal: new AbortController().signal, timeoutMs: 20000 }
      await startVirtualPhones({ ...JSON.parse(process.argv[2]), clock: {}, log() {} }, call)`
    await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      outfile: starter,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // What execa brings along asks for Node's modules by require().
      banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)` },
      logLevel: 'error',
    })
    const child = spawn(process.execPath, [starter, JSON.stringify(options())], { stdio: 'inherit' })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
    const [phone] = await listVirtualPhones(dir)
    expect(phone === undefined ? null : await ask(phone, 'getprop ro.serialno')).toBe(phone?.serial)
  })

  it('say what went wrong when they end before they are ready', async () => {
    const broken = join(built, 'broken.mjs')
    await writeFile(broken, `console.error('no room on this phone'); process.exit(9)`)
    await expect(startVirtualPhones(options({ mainFile: broken }), call())).rejects.toMatchObject({
      code: 'DALA_VIRTUAL_START',
      message: expect.stringMatching(/its process ended with 9\. It said on stderr:\nno room on this phone/) as string,
    })
    expect(await readdir(dir)).toEqual([])
  })

  it('pass on an error that the user can meet', async () => {
    const picky = join(built, 'picky.mjs')
    const error = { code: 'DALA_PROFILE_UNKNOWN', message: 'Cannot use it', fix: ['Use another'] }
    await writeFile(picky, `console.log(JSON.stringify({ error: ${JSON.stringify(error)} }))`)
    await expect(startVirtualPhones(options({ mainFile: picky }), call())).rejects.toMatchObject(error)
  })

  it('are given up when they are never ready', async () => {
    const silent = join(built, 'silent.mjs')
    await writeFile(silent, 'setInterval(() => {}, 1000)')
    await expect(startVirtualPhones(options({ mainFile: silent }), call(300))).rejects.toMatchObject({
      code: 'DALA_VIRTUAL_START',
      message: expect.stringContaining('not ready within 300 ms') as string,
    })
    expect(await readdir(dir)).toEqual([])
  })
})

describe('virtual phones of this process', () => {
  it('serve until the signal aborts and leave nothing', async () => {
    const end = new AbortController()
    const started = await startVirtualPhones(options({ count: 2, detach: false }), { ...call(), signal: end.signal })
    expect(await listVirtualPhones(dir)).toEqual(started.phones)
    const [phone] = started.phones
    expect(phone === undefined ? null : await ask(phone, 'getprop ro.product.model')).toBe(phone?.model)
    end.abort()
    await started.ended
    expect(await readdir(dir)).toEqual([])
  })

  it('do not share a serial', async () => {
    await expect(startVirtualPhones(options({ count: 2, serial: 'S' }), call())).rejects.toMatchObject({
      code: 'DALA_USAGE',
    })
  })
})

describe('stopping virtual phones', () => {
  it('says which ones run when asked for others, and ends none', async () => {
    const { phones } = await startVirtualPhones(options({ serial: 'S7' }), call())
    await expect(stop(['virtual-1', 'virtual-9'])).rejects.toMatchObject({
      code: 'DALA_VIRTUAL_NOT_FOUND',
      message: 'Cannot find virtual-9 as no such virtual phone runs',
      fix: ['Give one of those that run: virtual-1 (S7)'],
    })
    expect(await listVirtualPhones(dir)).toEqual(phones)
  })

  it('kills a phone that does not end when asked to', async () => {
    const program = `process.on('SIGTERM', () => {})
      require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
    const child = spawn(process.execPath, ['-e', program])
    const ended = new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)))
    const port = await new Promise<string>((resolve) =>
      child.stdout.once('data', (line) => resolve(String(line).trim())),
    )
    const identity = await identityOf(child.pid ?? 0)
    const rest = { platform: 'android', serial: 'S', profile: 'p', model: null, timeScale: 1, home: 'phone-x' } as const
    await registerPhone(dir, { ...rest, ...identity, address: `127.0.0.1:${port}` })
    let now = 0
    const hasty = { ...realClock, monotonicMs: () => (now += 1000) }
    await stopVirtualPhones('all', { dir, clock: hasty }, new AbortController().signal)
    expect(await ended).toBe('SIGKILL')
    expect(await readdir(dir)).toEqual([])
  })

  it('is content when all are none', async () => {
    expect(await stop('all')).toEqual([])
  })
})
