import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakePhone, filled } from '../../../test/fakes/phone-system.js'
import { call, inChunks, listen, readAll } from '../../../test/fakes/streams.js'
import { ByteReader } from '../../core/bytes.js'
import { dialTcp, type Dial } from '../../core/stream.js'
import { startAdbd, type Adbd } from '../virtual/adbd.js'
import { connectAdbd, type AdbdTransport } from './adbd-client.js'
import type { AdbKey } from './adb-keys.js'
import { AUTH, encodePublicKey } from './wire/auth.js'
import { COMMAND, encodePacket } from './wire/packet.js'
import { decodeShellHeader, encodeShellPacket, SHELL_HEADER_BYTES, SHELL_ID } from './wire/shell-v2.js'

function newKey(): AdbKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { privateKey, publicLine: encodePublicKey(privateKey, 'test@host'), path: 'test' }
}

const keys = [newKey(), newKey()]
const byteByByte: Dial = async (target, bounds) => inChunks(await dialTcp(target, bounds), 1)

const noKeys = (): Promise<readonly KeyObject[]> => Promise.resolve([])

describe('our client and a virtual adbd', () => {
  let root: string
  let adbd: Adbd
  let open: AdbdTransport[]
  let started: { command: string | null; signal: AbortSignal }[]
  let onStart: () => void

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'dala-client-'))
    open = []
    started = []
    onStart = () => undefined
    const onRun = (command: string | null, signal: AbortSignal): void => {
      started.push({ command, signal })
      onStart()
    }
    adbd = await startAdbd({
      system: fakePhone({ root, onRun }),
      strangers: 'accept',
      ownerKeys: noKeys,
      log: () => undefined,
    })
  })

  afterEach(async () => {
    for (const transport of open) transport.close()
    await adbd.close()
    await rm(root, { recursive: true })
  })

  async function connect(dial: Dial = dialTcp): Promise<AdbdTransport> {
    const transport = await connectAdbd(adbd.address, { dial, keys }, call())
    open.push(transport)
    return transport
  }

  it('hears what the phone says of itself', async () => {
    const { banner, features } = await connect()
    expect(banner.type).toBe('device')
    expect(Object.fromEntries(banner.props)).toEqual({
      'ro.product.name': 'fake_product',
      'ro.product.model': 'Fake Model',
      'ro.product.device': 'fake_device',
    })
    expect([...features]).toContain('shell_v2')
  })

  it('shows its key once, and is known by its signature from then on', async () => {
    const kinds: number[] = []
    const recording: Dial = async (target, bounds) => {
      const stream = await dialTcp(target, bounds)
      const write = (bytes: Uint8Array): Promise<void> => {
        const header = Buffer.from(bytes)
        if (header.readUInt32LE(0) === COMMAND.auth) kinds.push(header.readUInt32LE(4))
        return stream.write(bytes)
      }
      return { read: () => stream.read(), write, close: () => stream.close(), closed: stream.closed }
    }
    await connect(recording)
    expect(kinds.splice(0)).toEqual([AUTH.signature, AUTH.signature, AUTH.rsaPublicKey])
    await connect(recording)
    expect(kinds).toEqual([AUTH.signature])
  })

  it.each([
    ['at once', dialTcp],
    ['byte by byte', byteByByte],
  ])('runs commands side by side, %s', async (_, dial) => {
    const transport = await connect(dial)
    const outputs = await Promise.all(
      ['fill 30000', 'echo one', 'fill 20000'].map(async (command) =>
        readAll(await transport.open(`exec:${command}`, call())),
      ),
    )
    expect(outputs.map((bytes) => bytes.toString())).toEqual([
      Buffer.from(filled(30_000)).toString(),
      'one\n',
      Buffer.from(filled(20_000)).toString(),
    ])
  })

  it('frames stdin, stdout, stderr and the exit code', async () => {
    const stream = await (await connect()).open('shell,v2,raw:complain so', call())
    const reader = new ByteReader(stream)
    const packets: [number, string][] = []
    for (let head = await reader.exactlyOrEnd(SHELL_HEADER_BYTES); head !== null;) {
      const { id, length } = decodeShellHeader(head)
      packets.push([id, Buffer.from(await reader.exactly(length)).toString('latin1')])
      head = await reader.exactlyOrEnd(SHELL_HEADER_BYTES)
    }
    expect(packets).toEqual([
      [SHELL_ID.stderr, 'so\n'],
      [SHELL_ID.exit, '\0'],
    ])
  })

  it('gives a terminal one output, with CR LF', async () => {
    const stream = await (await connect()).open('shell,v2,TERM=xterm,pty:complain so', call())
    const [out, exit] = [encodeShellPacket(SHELL_ID.stdout, Buffer.from('so\r\n')), [SHELL_ID.exit, 1, 0, 0, 0, 0]]
    expect([...(await readAll(stream))]).toEqual([...out, ...exit])
  })

  it('closes a shell whose host says 4 GB', async () => {
    const stream = await (await connect()).open('shell,v2,raw:cat', call())
    await stream.write(Uint8Array.of(SHELL_ID.stdin, 0xff, 0xff, 0xff, 0xff))
    expect(await readAll(stream)).toHaveLength(0)
  })

  it('tells a running command that its host has gone', async () => {
    const running = new Promise<void>((resolve) => {
      onStart = resolve
    })
    const transport = await connect()
    await transport.open('exec:hang', call())
    await running
    const { signal } = started[0] ?? {}
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
    transport.close()
    await aborted
    expect(signal?.aborted).toBe(true)
  })

  it.each(['abb_exec:package', 'host:devices', 'tcp:0', 'tcp:65536', 'tcp:9', 'reboot:', 'sync', ''])(
    'is refused the service "%s"',
    async (service) => {
      await expect((await connect()).open(service, call())).rejects.toMatchObject({ code: 'fail' })
    },
  )

  it('loses the link, gets none while it is down, and a new one when it is up', async () => {
    const transport = await connect()
    const stream = await transport.open('exec:hang', call())
    adbd.setLink('down')
    await expect(stream.read()).rejects.toMatchObject({ code: 'closed' })
    expect(await transport.closed).toMatchObject({ code: 'closed' })
    await expect(connect()).rejects.toMatchObject({ code: expect.stringMatching(/^(closed|refused)$/) as string })
    adbd.setLink('up')
    await expect(connect()).resolves.toBeDefined()
  })

  it('has no emulator port', () => {
    expect(adbd.address.port < 5555 || adbd.address.port > 5585).toBe(true)
  })

  it('says unauthorized when the phone leaves its dialog open', async () => {
    const strict = await startAdbd({
      system: fakePhone({ root }),
      strangers: 'refuse',
      ownerKeys: noKeys,
      log: () => undefined,
    })
    const attempt = connectAdbd(strict.address, { dial: dialTcp, keys }, call(300))
    await expect(attempt).rejects.toMatchObject({ code: 'unauthorized' })
    await strict.close()
  })

  it('says unauthorized without a key to show', async () => {
    const attempt = connectAdbd(adbd.address, { dial: dialTcp, keys: [] }, call())
    await expect(attempt).rejects.toMatchObject({ code: 'unauthorized' })
  })
})

describe('our client and what is no adbd', () => {
  async function codeAgainst(onSocket: (socket: Socket) => void, timeoutMs = 20_000): Promise<unknown> {
    const server = await listen(onSocket)
    const outcome = await connectAdbd(server.target, { dial: dialTcp, keys }, call(timeoutMs)).catch(
      (error: unknown) => error,
    )
    await server.close()
    return outcome
  }

  it('is refused where nothing listens', async () => {
    const server = await listen(() => undefined)
    await server.close()
    await expect(connectAdbd(server.target, { dial: dialTcp, keys }, call())).rejects.toMatchObject({ code: 'refused' })
  })

  it('gives up on one that says nothing', async () => {
    expect(await codeAgainst(() => undefined, 100)).toMatchObject({ code: 'timeout' })
  })

  it('stops when its caller does, with the caller’s reason', async () => {
    const stop = new AbortController()
    const server = await listen(() => stop.abort(new Error('enough')))
    const attempt = connectAdbd(server.target, { dial: dialTcp, keys }, { signal: stop.signal, timeoutMs: 20_000 })
    await expect(attempt).rejects.toThrow('enough')
    await server.close()
  })

  it('says closed when it ends within a packet', async () => {
    const outcome = await codeAgainst((socket) => {
      socket.once('data', () => socket.end(Buffer.from('CNXN')))
    })
    expect(outcome).toMatchObject({ code: 'closed' })
  })

  it('says protocol for garbage', async () => {
    expect(await codeAgainst((socket) => socket.write(randomBytes(100)))).toMatchObject({ code: 'protocol' })
  })

  it('says protocol for a packet of 4 GB', async () => {
    const header = Buffer.from(
      encodePacket({ command: COMMAND.cnxn, arg0: 1, arg1: 1, payload: new Uint8Array(0) }, false),
    )
    header.writeUInt32LE(0xffffffff, 12)
    expect(await codeAgainst((socket) => socket.write(header))).toMatchObject({ code: 'protocol' })
  })

  it.each([
    ['no room for a payload', 0x01000001, 0],
    ['an impossible version', 0, 4096],
  ])('says protocol for a greeting with %s', async (_, arg0, arg1) => {
    const packet = encodePacket({ command: COMMAND.cnxn, arg0, arg1, payload: Buffer.from('device::') }, false)
    expect(await codeAgainst((socket) => socket.write(packet))).toMatchObject({ code: 'protocol' })
  })

  it('says fail for a phone that wants TLS', async () => {
    const packet = encodePacket({ command: COMMAND.stls, arg0: 0x01000000, arg1: 0, payload: new Uint8Array(0) }, false)
    expect(await codeAgainst((socket) => socket.write(packet))).toMatchObject({ code: 'fail' })
  })
})
