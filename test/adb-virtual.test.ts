import type { KeyObject } from 'node:crypto'
import { spawn } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodePublicKey, encodePublicKey } from '../src/devices/android/wire/auth.js'
import { startAdbd, type Adbd } from '../src/devices/virtual/adbd.js'
import { fakePhone, filled } from './fakes/phone-system.js'
import { needs } from './needs.js'
import { freePort } from './support/free-port.js'

interface AdbResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The real adb with a server, a home and a key of its own; the user's server on 5037 is never met. */
class RealAdb {
  readonly #env: NodeJS.ProcessEnv

  constructor(home: string, serverPort: number) {
    const { PATH } = process.env
    this.#env = { PATH, HOME: home, TMPDIR: home, ANDROID_ADB_SERVER_PORT: String(serverPort), ADB_MDNS: '0' }
  }

  async run(args: readonly string[], stdin: Uint8Array = new Uint8Array(0)): Promise<AdbResult> {
    const child = spawn('adb', args, { env: this.#env })
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    const code = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: await code, stdout, stderr }
  }

  async ok(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args)
    if (code !== 0) throw new Error(`adb ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
    return stdout
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const noKeys = (): Promise<readonly KeyObject[]> => Promise.resolve([])

const adbNeed = needs('adb')

describe.skipIf(!adbNeed.met)(`the real adb against a virtual adbd${adbNeed.reason}`, () => {
  const logged: string[] = []
  let dir: string
  let adb: RealAdb
  let adbd: Adbd
  let echo: Server
  let serial: string

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'dala-adb-'))
    await Promise.all([mkdir(join(dir, 'home')), mkdir(join(dir, 'phone'))])
    echo = createServer((socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    const ports = new Map([[9000, (echo.address() as AddressInfo).port]])
    const system = fakePhone({ root: join(dir, 'phone'), ports })
    adbd = await startAdbd({ system, strangers: 'accept', ownerKeys: noKeys, log: (line) => logged.push(line) })
    serial = `127.0.0.1:${adbd.address.port}`
    adb = new RealAdb(join(dir, 'home'), await freePort())
    await adb.run(['start-server'])
    // adb 29 says "failed to authenticate" when its key is new to the phone, and the phone comes up all the same.
    await adb.run(['connect', serial])
    await adb.ok('-s', serial, 'wait-for-device')
  })

  afterAll(async () => {
    await adb.run(['kill-server'])
    await adbd.close()
    await new Promise((resolve) => echo.close(resolve))
    await rm(dir, { recursive: true })
    if (logged.length > 0) throw new Error(`The phone's adbd complained: ${logged.join('; ')}`)
  })

  const onPhone = (...args: readonly string[]): Promise<string> => adb.ok('-s', serial, ...args)

  it('lists it with product, model and device', async () => {
    const listing = await adb.ok('devices', '-l')
    expect(listing).toContain(serial)
    expect(listing).toMatch(/ device product:fake_product model:Fake_Model device:fake_device transport_id:\d+/)
  })

  it('passes exit codes and keeps stderr apart from stdout', async () => {
    expect(await adb.run(['-s', serial, 'shell', 'exit 7'])).toMatchObject({ code: 7 })
    expect(await adb.run(['-s', serial, 'shell', 'echo out'])).toEqual({ code: 0, stdout: 'out\n', stderr: '' })
    expect(await adb.run(['-s', serial, 'shell', 'complain err'])).toEqual({ code: 0, stdout: '', stderr: 'err\n' })
    expect(await adb.run(['-s', serial, 'shell', 'nonsense'])).toMatchObject({ code: 127 })
  })

  it('passes stdin to its end', async () => {
    const stdin = randomBytes(300_000).toString('base64')
    expect(await adb.run(['-s', serial, 'shell', 'cat'], Buffer.from(stdin))).toEqual({
      code: 0,
      stdout: stdin,
      stderr: '',
    })
  })

  it('runs the interactive shell', async () => {
    const { code, stdout } = await adb.run(['-s', serial, 'shell'], Buffer.from('exit 3\n'))
    expect({ code, stdout }).toEqual({ code: 3, stdout: '$ ' })
  })

  it.each([['-tt'], ['-x', '-tt']])('takes the Enter of a raw terminal and echoes, with %s', async (...flags) => {
    const { code, stdout } = await adb.run(['-s', serial, 'shell', ...flags], Buffer.from('exit 4\u007f3\r'))
    // The older protocol carries no exit code.
    expect({ code, stdout }).toEqual({ code: flags.includes('-x') ? 0 : 3, stdout: '$ exit 4\b \b3\r\n' })
  })

  it('merges the streams for the legacy shell and for exec-out', async () => {
    expect(await adb.run(['-s', serial, 'shell', '-x', 'complain old'])).toMatchObject({ code: 0, stdout: 'old\n' })
    expect(await onPhone('exec-out', 'echo plain')).toBe('plain\n')
  })

  it('carries a megabyte of output unchanged', async () => {
    const stdout = await onPhone('exec-out', 'fill 1000000')
    expect(sha256(Buffer.from(stdout))).toBe(sha256(filled(1_000_000)))
  })

  it.each([0, 1, 65_536, 5_000_000])('pushes and pulls %i bytes unchanged, with mode and time', async (length) => {
    const [local, back] = [join(dir, `local-${length}`), join(dir, `back-${length}`)]
    const bytes = randomBytes(length)
    await writeFile(local, bytes, { mode: 0o755 })
    await utimes(local, 1_700_000_000, 1_700_000_000)
    await onPhone('push', local, `/data/local/tmp/new folder/file-${length}`)
    const stored = await stat(join(dir, 'phone', 'data', 'local', 'tmp', 'new folder', `file-${length}`))
    expect({ mode: stored.mode & 0o777, mtime: stored.mtimeMs }).toEqual({ mode: 0o777, mtime: 1_700_000_000_000 })
    await onPhone('pull', '-a', `/data/local/tmp/new folder/file-${length}`, back)
    expect(sha256(await readFile(back))).toBe(sha256(bytes))
    expect((await stat(back)).mtimeMs).toBe(1_700_000_000_000)
  })

  it('pushes and pulls a directory', async () => {
    const [local, back] = [join(dir, 'tree'), join(dir, 'tree-back')]
    await mkdir(join(local, 'a', 'b'), { recursive: true })
    await writeFile(join(local, 'top'), 'top')
    await writeFile(join(local, 'a', 'b', 'größe.txt'), 'deep')
    await onPhone('push', local, '/sdcard/tree')
    await onPhone('pull', '/sdcard/tree', back)
    expect(await readFile(join(back, 'a', 'b', 'größe.txt'), 'utf8')).toBe('deep')
    expect((await readdir(back)).toSorted()).toEqual(['a', 'top'])
    expect(await onPhone('ls', '/sdcard/tree')).toMatch(/ top\n/)
  })

  it('says why a file can be neither pulled nor pushed', async () => {
    const missing = await adb.run(['-s', serial, 'pull', '/nowhere', join(dir, 'x')])
    expect(missing.code).toBe(1)
    expect(missing.stdout + missing.stderr).toContain('No such file or directory')
    await writeFile(join(dir, 'secret'), randomBytes(1_000_000))
    const denied = await adb.run(['-s', serial, 'push', join(dir, 'secret'), '/secret/file'])
    expect(denied.code).toBe(1)
    expect(denied.stdout + denied.stderr).toContain('Permission denied')
  })

  it('forwards a port', async () => {
    const port = Number(await onPhone('forward', 'tcp:0', 'tcp:9000'))
    const sent = randomBytes(2_000_000)
    const socket = connect({ host: '127.0.0.1', port })
    const chunks: Buffer[] = []
    let received = 0
    const whole = new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.on('data', (chunk) => {
        chunks.push(chunk)
        received += chunk.length
        if (received === sent.length) resolve()
      })
    })
    socket.write(sent)
    await whole
    socket.destroy()
    expect(sha256(Buffer.concat(chunks))).toBe(sha256(sent))
    await onPhone('forward', '--remove', `tcp:${port}`)
  })

  it('makes of a key what adb makes of it', async () => {
    const path = join(dir, 'compared')
    await adb.ok('keygen', path)
    const line = (await readFile(`${path}.pub`, 'utf8')).trim()
    const [encoded, owner] = encodePublicKey(createPrivateKey(await readFile(path)), 'me@here').split(' ')
    expect(encoded).toBe(line.split(' ')[0])
    expect(owner).toBe('me@here')
    expect(decodePublicKey(line).key.equals(createPublicKey(await readFile(path)))).toBe(true)
  })

  it('refuses a service that it does not have', async () => {
    const { code, stdout, stderr } = await adb.run(['-s', serial, 'root'])
    expect(code).not.toBe(0)
    expect(stdout + stderr).toContain('closed')
  })

  it('comes back after a disconnect, with its key known', async () => {
    await adb.ok('disconnect', serial)
    expect(await adb.ok('devices')).not.toContain(serial)
    expect(await adb.ok('connect', serial)).toContain(`connected to ${serial}`)
    await onPhone('wait-for-device')
    expect(await onPhone('shell', 'echo back')).toBe('back\n')
  })
})
