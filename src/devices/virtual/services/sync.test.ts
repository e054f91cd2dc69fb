import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakePhone } from '../../../../test/fakes/phone-system.js'
import { socketPair } from '../../../../test/fakes/streams.js'
import { ByteReader } from '../../../core/bytes.js'
import type { ByteStream } from '../../../core/stream.js'
import { serveSync } from './sync.js'
import { encodeHeader } from './sync-wire.js'

let root: string
let host: ByteStream
let reader: ByteReader
let served: Promise<void>

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dala-sync-'))
  const [near, far] = await socketPair()
  host = near
  reader = new ByteReader(near)
  served = serveSync(fakePhone({ root }), far).finally(() => far.close())
})

afterEach(async () => {
  host.close()
  await served.catch((error: Error) => error)
  await rm(root, { recursive: true })
})

const request = (id: string, path: string): Promise<void> =>
  host.write(Buffer.concat([encodeHeader(id, Buffer.byteLength(path)), Buffer.from(path)]))

async function u32s(bytes: number): Promise<Buffer> {
  return Buffer.from(await reader.exactly(bytes))
}

async function failure(): Promise<string> {
  const head = await u32s(8)
  expect(head.toString('latin1', 0, 4)).toBe('FAIL')
  return Buffer.from(await reader.exactly(head.readUInt32LE(4))).toString()
}

const flags = (id: string, ...numbers: readonly number[]): Uint8Array =>
  Buffer.concat([Buffer.from(id), ...numbers.map((number) => Buffer.from(Uint32Array.of(number).buffer))])

describe('the file service', () => {
  it.each([
    [0o100640, 0o666],
    [0o100700, 0o777],
    [0o100400, 0o444],
    [0o100604, 0o666],
  ])('lets everyone do what the owner of a pushed file may: %o', async (mode, wanted) => {
    await request('SEND', `/pushed,${mode}`)
    await host.write(Buffer.concat([encodeHeader('DATA', 2), Buffer.from('hi'), encodeHeader('DONE', 1000)]))
    expect((await u32s(8)).toString('latin1', 0, 4)).toBe('OKAY')
    expect((await stat(join(root, 'pushed'))).mode & 0o777).toBe(wanted)
  })

  it('tells a file in both versions, and what is not there', async () => {
    await writeFile(join(root, 'file'), 'four', { mode: 0o640 })
    await request('STAT', '/file')
    const first = await u32s(16)
    expect([first.toString('latin1', 0, 4), first.readUInt32LE(4), first.readUInt32LE(8)]).toEqual([
      'STAT',
      0o100640,
      4,
    ])
    await request('STA2', '/file')
    const second = await u32s(72)
    expect([second.toString('latin1', 0, 4), second.readUInt32LE(4), second.readUInt32LE(24)]).toEqual([
      'STA2',
      0,
      0o100640,
    ])
    expect([second.readBigUInt64LE(40), second.readBigInt64LE(56)]).toEqual([4n, BigInt(first.readUInt32LE(12))])
    await request('STAT', '/none')
    expect([...(await u32s(16))].slice(4)).toEqual(Array.from({ length: 12 }, () => 0))
    await request('LST2', '/none')
    expect((await u32s(72)).readUInt32LE(4)).toBe(2)
    await request('LST2', '/secret')
    expect((await u32s(72)).readUInt32LE(4)).toBe(13)
  })

  it('follows a link with STA2 and not with LST2', async () => {
    await writeFile(join(root, 'file'), '')
    await symlink('file', join(root, 'link'))
    await request('LST2', '/link')
    expect((await u32s(72)).readUInt32LE(24) & 0o170000).toBe(0o120000)
    await request('STA2', '/link')
    expect((await u32s(72)).readUInt32LE(24) & 0o170000).toBe(0o100000)
  })

  it('lists a folder in both versions, and nothing for what is none', async () => {
    await mkdir(join(root, 'folder'))
    await writeFile(join(root, 'folder', 'größe'), 'abc')
    await request('LIST', '/folder')
    const entry = await u32s(20)
    expect([entry.toString('latin1', 0, 4), entry.readUInt32LE(8)]).toEqual(['DENT', 3])
    expect((await u32s(entry.readUInt32LE(16))).toString()).toBe('größe')
    expect((await u32s(20)).toString('latin1', 0, 4)).toBe('DONE')
    await request('LIS2', '/folder')
    const second = await u32s(76)
    expect([second.toString('latin1', 0, 4), second.readBigUInt64LE(40)]).toEqual(['DNT2', 3n])
    expect((await u32s(second.readUInt32LE(72))).toString()).toBe('größe')
    expect((await u32s(76)).toString('latin1', 0, 4)).toBe('DONE')
    await request('LIST', '/none')
    expect((await u32s(20)).toString('latin1', 0, 4)).toBe('DONE')
  })

  it('takes and gives a file in version 2', async () => {
    await request('SND2', '/new/folder/file')
    await host.write(flags('SND2', 0o100755, 0))
    await host.write(
      Buffer.concat([encodeHeader('DATA', 5), Buffer.from('hello'), encodeHeader('DONE', 1_600_000_000)]),
    )
    expect((await u32s(8)).toString('latin1', 0, 4)).toBe('OKAY')
    const stored = await stat(join(root, 'new', 'folder', 'file'))
    expect([stored.mode & 0o777, stored.mtimeMs]).toEqual([0o777, 1_600_000_000_000])
    await request('RCV2', '/new/folder/file')
    await host.write(flags('RCV2', 0))
    expect((await u32s(8)).readUInt32LE(4)).toBe(5)
    expect((await u32s(5)).toString()).toBe('hello')
    expect((await u32s(8)).toString('latin1', 0, 4)).toBe('DONE')
  })

  it('refuses compressions that it has not named', async () => {
    await request('RCV2', '/file')
    await host.write(flags('RCV2', 1))
    expect(await failure()).toBe('unknown flags: 0x1')
    await served
  })

  it('replaces a link instead of writing through it', async () => {
    await writeFile(join(root, 'target'), 'kept')
    await symlink('target', join(root, 'link'))
    await request('SEND', '/link,33188')
    await host.write(Buffer.concat([encodeHeader('DATA', 3), Buffer.from('new'), encodeHeader('DONE', 1)]))
    expect((await u32s(8)).toString('latin1', 0, 4)).toBe('OKAY')
    expect(await readFile(join(root, 'target'), 'utf8')).toBe('kept')
    expect(await readFile(join(root, 'link'), 'utf8')).toBe('new')
  })

  it('says a failure at once, drops the rest, and goes on', async () => {
    await mkdir(join(root, 'folder'))
    await request('SEND', '/folder,33188')
    expect(await failure()).toBe('Is a directory')
    await host.write(Buffer.concat([encodeHeader('DATA', 3), Buffer.from('new'), encodeHeader('DONE', 1)]))
    await request('RECV', '/folder')
    expect(await failure()).toBe('Is a directory')
    await request('RECV', '/none')
    expect(await failure()).toBe('No such file or directory')
    await request('SEND', 'no mode')
    expect(await failure()).toBe('missing , in ID_SEND')
    await host.write(encodeHeader('DONE', 1))
    await request('SEND', '/link,41471')
    expect(await failure()).toBe('only regular files can be pushed')
    await host.write(encodeHeader('DONE', 1))
    await request('QUIT', '')
    await served
  })

  it.each([0xffffffff, 0x80000000, 65_537])(
    'refuses a piece of %i bytes and keeps nothing of the file',
    async (length) => {
      await request('SEND', '/half,33188')
      await host.write(Buffer.concat([encodeHeader('DATA', 3), Buffer.from('abc'), encodeHeader('DATA', length)]))
      expect(await failure()).toBe('oversize data message')
      await served
      await expect(stat(join(root, 'half'))).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )

  it('keeps nothing of a file whose host goes away', async () => {
    await request('SEND', '/half,33188')
    await host.write(Buffer.concat([encodeHeader('DATA', 10), Buffer.from('abc')]))
    host.close()
    await served.catch((error: Error) => error)
    await expect(stat(join(root, 'half'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it.each([0xffffffff, 1025])('refuses a path of %i bytes', async (length) => {
    await host.write(encodeHeader('STAT', length))
    expect(await failure()).toBe('path too long')
    await served
  })

  it('refuses what it does not know', async () => {
    await host.write(encodeHeader('toSt', 8))
    expect(await failure()).toBe('unknown command "toSt"')
    await served
  })
})
