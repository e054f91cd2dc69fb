import { randomBytes, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fakePhone } from '../../../test/fakes/phone-system.js'
import { call } from '../../../test/fakes/streams.js'
import { ByteReader } from '../../core/bytes.js'
import { dialTcp, type ByteStream } from '../../core/stream.js'
import { AUTH } from '../android/wire/auth.js'
import { COMMAND, encodePacket, readPacket, type Packet } from '../android/wire/packet.js'
import { startAdbd, type Adbd } from './adbd.js'

let root: string
let adbd: Adbd
let logged: string[]
let host: ByteStream
let ownerKeys: () => Promise<readonly KeyObject[]>
let reader: ByteReader

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dala-adbd-'))
  logged = []
  ownerKeys = () => Promise.resolve([])
  adbd = await startAdbd({
    system: fakePhone({ root }),
    strangers: 'accept',
    ownerKeys: () => ownerKeys(),
    log: (line) => logged.push(line),
  })
  host = await dialTcp(adbd.address, call())
  reader = new ByteReader(host)
})

afterEach(async () => {
  host.close()
  await adbd.close()
  await rm(root, { recursive: true })
})

const send = (packet: Partial<Packet>): Promise<void> =>
  host.write(encodePacket({ command: 0, arg0: 0, arg1: 0, payload: new Uint8Array(0), ...packet }, true))
const next = (): Promise<Packet | null> => readPacket(reader, { maxPayload: 4096, checksums: 'unless-zero' })
const greet = (version = 0x01000001, maxPayload = 4096): Promise<void> =>
  send({ command: COMMAND.cnxn, arg0: version, arg1: maxPayload, payload: Buffer.from('host::') })

it('cuts off what does not speak ADB, and says so', async () => {
  await host.write(randomBytes(100))
  await expect(next()).resolves.toBeNull()
  expect(logged).toEqual([expect.stringContaining('its magic is wrong')])
})

it('gives a stranger no megabyte before it is known', async () => {
  const header = Buffer.from(
    encodePacket({ command: COMMAND.cnxn, arg0: 1, arg1: 1, payload: new Uint8Array(0) }, true),
  )
  header.writeUInt32LE(100_000, 12)
  await host.write(header)
  await expect(next()).resolves.toBeNull()
  expect(logged).toEqual([expect.stringContaining('it says 100000 bytes: 4096 are the most')])
})

it('serves nothing before the host has proved who it is', async () => {
  await greet()
  expect(await next()).toMatchObject({ command: COMMAND.auth, arg0: AUTH.token })
  await send({ command: COMMAND.open, arg0: 1, payload: Buffer.from('exec:echo no\0') })
  await send({ command: COMMAND.auth, arg0: AUTH.signature, payload: randomBytes(256) })
  // The next answer is a new token: the OPEN was not heard.
  expect(await next()).toMatchObject({ command: COMMAND.auth, arg0: AUTH.token })
})

it('gives each attempt a token of its own, and ends the guessing', async () => {
  const tokens = new Set<string>()
  await greet()
  for (let packet = await next(); packet !== null; packet = await next()) {
    tokens.add(Buffer.from(packet.payload).toString('hex'))
    await send({ command: COMMAND.auth, arg0: AUTH.signature, payload: randomBytes(256) })
  }
  expect(tokens.size).toBe(64)
})

it.each([
  [0x00ffffff, 4096],
  [0x01000001, 0],
])('refuses version %i with %i bytes a packet', async (version, maxPayload) => {
  await greet(version, maxPayload)
  await expect(next()).resolves.toBeNull()
})

it('refuses a damaged public key', async () => {
  await greet()
  await next()
  await send({ command: COMMAND.auth, arg0: AUTH.rsaPublicKey, payload: Buffer.from('AAAA me@here\0') })
  await expect(next()).resolves.toBeNull()
  expect(logged).toEqual([expect.stringContaining('Cannot read an ADB public key')])
})

it('tells a bug of its own with its stack, and cuts the connection', async () => {
  ownerKeys = () => Promise.reject(new TypeError('a bug'))
  const other = await dialTcp(adbd.address, call())
  await expect(other.read()).resolves.toBeNull()
  expect(logged).toEqual([expect.stringMatching(/TypeError: a bug\n +at /)])
})

it('says nothing of a host that goes away', async () => {
  const gone = await dialTcp(adbd.address, call())
  await gone.write(Buffer.from('CNXN'))
  gone.close()
  await greet()
  await next()
  expect(logged).toEqual([])
})
