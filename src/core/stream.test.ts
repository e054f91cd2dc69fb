import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { ByteReader } from './bytes.js'
import { dialTcp, type Target } from './stream.js'

const CALL = { signal: new AbortController().signal, timeoutMs: 5000 }
const servers: Server[] = []

async function listen(onConnection: (socket: Socket) => void): Promise<Target> {
  const server = createServer(onConnection).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { host: '127.0.0.1', port: address.port }
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('dialTcp()', () => {
  test('rejects with ECONNREFUSED when nothing listens', async () => {
    const target = await listen(() => undefined)
    const server = servers.pop()
    server?.close()
    if (server) await once(server, 'close')
    await expect(dialTcp(target, CALL)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('rejects with the reason of an abort', async () => {
    const signal = AbortSignal.abort(new Error('stop'))
    await expect(dialTcp({ host: '127.0.0.1', port: 9 }, { signal, timeoutMs: 5000 })).rejects.toThrow('stop')
  })

  test('reads null once the peer has ended', async () => {
    const stream = await dialTcp(await listen((socket) => socket.end('hello')), CALL)
    expect(Buffer.from((await stream.read()) ?? []).toString()).toBe('hello')
    expect(await stream.read()).toBeNull()
    stream.close()
    expect(await stream.closed).toBeNull()
  })

  test('rejects a pending read with the reason it was closed for', async () => {
    const stream = await dialTcp(await listen(() => undefined), CALL)
    const pending = stream.read()
    stream.close(new Error('given up'))
    await expect(pending).rejects.toThrow('given up')
    expect(await stream.closed).toEqual(new Error('given up'))
  })
})

describe('ByteReader', () => {
  test('puts lengths together however the bytes come', async () => {
    const target = await listen((socket) => {
      socket.setNoDelay(true)
      for (const byte of 'abcdefgh') socket.write(byte)
      socket.end()
    })
    const reader = new ByteReader(await dialTcp(target, CALL))
    const text = async (length: number): Promise<string> => Buffer.from(await reader.exactly(length)).toString()
    expect([await text(3), await text(1), await text(4)]).toEqual(['abc', 'd', 'efgh'])
    expect(await reader.exactlyOrEnd(1)).toBeNull()
  })

  test('says how far it came when the stream ends too early', async () => {
    const reader = new ByteReader(await dialTcp(await listen((socket) => socket.end('abc')), CALL))
    await expect(reader.exactly(5)).rejects.toThrow('Cannot read 5 bytes as the stream ended after 3')
  })

  test('refuses to hold more than its limit', async () => {
    const reader = new ByteReader(await dialTcp(await listen((socket) => socket.end('x'.repeat(5000))), CALL))
    await expect(reader.rest(1000)).rejects.toThrow('Cannot read more than 1000 bytes')
  })
})
