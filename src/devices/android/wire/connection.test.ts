import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inChunks, readAll, socketPair } from '../../../../test/fakes/streams.js'
import { ByteReader } from '../../../core/bytes.js'
import { defer } from '../../../core/deferred.js'
import type { ByteStream } from '../../../core/stream.js'
import { AdbConnection, type OpenHandler } from './connection.js'
import { COMMAND, encodePacket, MAX_PAYLOAD, readPacket, type Packet } from './packet.js'

const NEVER = new AbortController().signal
const refuse: OpenHandler = () => Promise.resolve(null)
const EMPTY = new Uint8Array(0)

function start(stream: ByteStream, onOpen: OpenHandler = refuse, version = 0x01000001): AdbConnection {
  return AdbConnection.start({ stream, reader: new ByteReader(stream), version, maxPayload: 4096, onOpen })
}

async function pair(
  onOpen: OpenHandler,
  { chunk = 65_536, version = 0x01000001 } = {},
): Promise<[AdbConnection, AdbConnection]> {
  const [near, far] = await socketPair()
  return [start(inChunks(near, chunk), refuse, version), start(inChunks(far, chunk), onOpen, version)]
}

const echo: OpenHandler = async () => (stream) => {
  const copy = async (): Promise<void> => {
    for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) await stream.write(bytes)
  }
  // The host leaves when it has seen enough.
  copy().catch((error: Error) => stream.close(error))
}

/** Sends `bytes` and reads as many back. */
async function roundTrip(stream: ByteStream, bytes: Uint8Array): Promise<Uint8Array> {
  const reader = new ByteReader(stream)
  const [back] = await Promise.all([reader.exactly(bytes.length), stream.write(bytes)])
  return back
}

/** One end driven packet by packet, against a connection. */
async function raw(onOpen: OpenHandler = refuse): Promise<{
  connection: AdbConnection
  send: (packet: Partial<Packet>) => Promise<void>
  next: () => Promise<Packet | null>
  stream: ByteStream
}> {
  const [near, far] = await socketPair()
  const reader = new ByteReader(near)
  return {
    connection: start(far, onOpen),
    stream: near,
    send: (packet) => near.write(encodePacket({ command: 0, arg0: 0, arg1: 0, payload: EMPTY, ...packet }, false)),
    next: () => readPacket(reader, { maxPayload: MAX_PAYLOAD, checksums: 'ignore' }),
  }
}

describe('an ADB connection', () => {
  it.each([1, 7, 65_536])('carries interleaved streams in chunks of %i bytes', async (chunk) => {
    const [host] = await pair(echo, { chunk })
    const sent = Array.from({ length: 8 }, (_, index) => randomBytes(5000 + index * 3000))
    const streams = await Promise.all(sent.map((_, index) => host.open(`echo:${index}`, NEVER)))
    const back = await Promise.all(streams.map((stream, index) => roundTrip(stream, sent[index] ?? EMPTY)))
    expect(back.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(sent.map((bytes) => bytes.toString('hex')))
    host.close()
  })

  it('carries checksums for a peer of the first version', async () => {
    const [host] = await pair(echo, { version: 0x01000000 })
    const bytes = randomBytes(10_000)
    expect(Buffer.from(await roundTrip(await host.open('echo:', NEVER), bytes)).equals(bytes)).toBe(true)
    host.close()
  })

  it('delivers what was written before the end, then the end, on both sides', async () => {
    const ended = defer<Error | null>()
    const [host] = await pair(async () => async (stream) => {
      await stream.write(Buffer.from('last words'))
      stream.close()
      ended.resolve(await stream.closed)
    })
    const stream = await host.open('talk:', NEVER)
    expect((await readAll(stream)).toString()).toBe('last words')
    expect(await ended.promise).toBeNull()
    await expect(stream.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'closed' })
    host.close()
  })

  it('keeps the writer waiting until the reader takes what was sent', async () => {
    const taken = defer<ByteStream>()
    const [host] = await pair(() => Promise.resolve((stream) => taken.resolve(stream)))
    const stream = await host.open('slow:', NEVER)
    const order: string[] = []
    const writes = [stream.write(Buffer.alloc(10)), stream.write(Buffer.alloc(10))].map((written, index) =>
      written.then(() => order.push(`written ${index}`)),
    )
    const far = await taken.promise
    for (const turn of [0, 1]) {
      await Promise.resolve(order.push(`before read ${turn}`))
      expect(await far.read()).toHaveLength(10)
      await writes[turn]
    }
    expect(order).toEqual(['before read 0', 'written 0', 'before read 1', 'written 1'])
    host.close()
  })

  it('sends one packet and waits for its OKAY', async () => {
    const { connection, send, next } = await raw()
    const opening = connection.open('one:', NEVER)
    const open = await next()
    expect(open).toMatchObject({ command: COMMAND.open, payload: Buffer.from('one:\0') })
    const local = open?.arg0 ?? 0
    await send({ command: COMMAND.okay, arg0: 77, arg1: local })
    const stream = await opening
    const written = stream.write(Buffer.alloc(5000, 1))
    expect(await next()).toMatchObject({ command: COMMAND.wrte, arg0: local, arg1: 77, payload: Buffer.alloc(4096, 1) })
    // Any answer to another stream's packet would have come before this one's second part.
    await send({ command: COMMAND.open, arg0: 5, payload: Buffer.from('no:\0') })
    expect(await next()).toMatchObject({ command: COMMAND.clse, arg0: 0, arg1: 5 })
    await send({ command: COMMAND.okay, arg0: 77, arg1: local })
    expect(await next()).toMatchObject({ command: COMMAND.wrte, payload: Buffer.alloc(904, 1) })
    await send({ command: COMMAND.okay, arg0: 77, arg1: local })
    await written
    connection.close()
  })

  it('takes CLOSE(0, id) for the end of an open stream, as old adbs send it', async () => {
    const { connection, send, next } = await raw()
    const opening = connection.open('old:', NEVER)
    const local = (await next())?.arg0 ?? 0
    await send({ command: COMMAND.okay, arg0: 9, arg1: local })
    const stream = await opening
    await send({ command: COMMAND.clse, arg0: 0, arg1: local })
    expect(await stream.read()).toBeNull()
    expect(await stream.closed).toBeNull()
    connection.close()
  })

  it('ignores packets of streams that it does not have, and commands that it does not know', async () => {
    const { connection, send, next } = await raw()
    const opening = connection.open('this:', NEVER)
    const local = (await next())?.arg0 ?? 0
    await send({ command: COMMAND.okay, arg0: 9, arg1: local })
    const stream = await opening
    await send({ command: COMMAND.clse, arg0: 8, arg1: local })
    await send({ command: COMMAND.wrte, arg0: 8, arg1: local, payload: Buffer.from('not mine') })
    await send({ command: COMMAND.okay, arg0: 1, arg1: 4711 })
    await send({ command: 0x12345678 })
    await send({ command: COMMAND.wrte, arg0: 9, arg1: local, payload: Buffer.from('mine') })
    expect(Buffer.from((await stream.read()) ?? EMPTY).toString()).toBe('mine')
    connection.close()
  })

  it('says what was refused', async () => {
    const [host] = await pair(refuse)
    await expect(host.open('abb:', NEVER)).rejects.toMatchObject({
      code: 'fail',
      message: 'Cannot open "abb:" as the phone has refused it',
    })
    host.close()
  })

  it('gives an OPEN up when told to, and closes it if it succeeds all the same', async () => {
    const { connection, send, next } = await raw()
    const stop = new AbortController()
    const opening = connection.open('late:', stop.signal)
    const local = (await next())?.arg0 ?? 0
    stop.abort(new Error('enough'))
    await expect(opening).rejects.toThrow('enough')
    await send({ command: COMMAND.okay, arg0: 6, arg1: local })
    expect(await next()).toMatchObject({ command: COMMAND.clse, arg0: local, arg1: 6 })
    connection.close()
  })

  it('fails every stream and every OPEN when the peer goes away', async () => {
    const { connection, send, next, stream: peer } = await raw()
    const opening = connection.open('one:', NEVER)
    await send({ command: COMMAND.okay, arg0: 9, arg1: (await next())?.arg0 ?? 0 })
    const stream = await opening
    const pending = [stream.read(), stream.write(Buffer.from('x')), connection.open('two:', NEVER)]
    const outcomes = Promise.allSettled(pending)
    peer.close()
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed' } })
    expect(await connection.closed).toMatchObject({ code: 'closed' })
    expect(await stream.closed).toMatchObject({ code: 'closed' })
    await expect(connection.open('three:', NEVER)).rejects.toMatchObject({ code: 'closed' })
  })

  it('hands over even a stream whose peer has gone while it was opened, so that nothing leaks', async () => {
    const [asked, ready, taken] = [defer<void>(), defer<void>(), defer<ByteStream>()]
    const { connection, send, stream } = await raw(async () => {
      asked.resolve()
      await ready.promise
      return (opened) => taken.resolve(opened)
    })
    await send({ command: COMMAND.open, arg0: 3, payload: Buffer.from('slow:\0') })
    await asked.promise
    stream.close()
    await connection.closed
    ready.resolve()
    expect(await (await taken.promise).closed).toMatchObject({ code: 'closed' })
  })

  it('cuts off a peer that does not wait for OKAY', async () => {
    const { connection, send, next } = await raw(() => Promise.resolve(() => undefined))
    await send({ command: COMMAND.open, arg0: 3, payload: Buffer.from('sink:\0') })
    const remote = (await next())?.arg0 ?? 0
    for (const text of ['one', 'two']) {
      await send({ command: COMMAND.wrte, arg0: 3, arg1: remote, payload: Buffer.from(text) })
    }
    expect(await connection.closed).toMatchObject({ code: 'protocol' })
    expect(await next()).toBeNull()
  })

  it('cuts off a peer that sends garbage', async () => {
    const { connection, stream } = await raw()
    await stream.write(randomBytes(64))
    expect(await connection.closed).toMatchObject({ code: 'protocol' })
  })

  it('refuses more streams than it can hold', async () => {
    const { connection, send, next } = await raw(() => Promise.resolve(() => undefined))
    const answers: number[] = []
    for (let id = 1; id <= 513; id += 1) {
      await send({ command: COMMAND.open, arg0: id, payload: Buffer.from('x:\0') })
      answers.push((await next())?.command ?? 0)
    }
    expect(answers.filter((command) => command === COMMAND.okay)).toHaveLength(512)
    expect(answers.at(-1)).toBe(COMMAND.clse)
    connection.close()
  })
})
