import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { call } from '../../../test/fakes/streams.js'
import { identityOf } from './process-identity.js'
import { listPhones, registerPhone, removePhone, type VirtualPhone } from './registry.js'
import { virtualSource } from './source.js'

let dir: string
let server: Server
let entry: Omit<VirtualPhone, 'id'>

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dala-registry-'))
  server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  entry = {
    platform: 'android',
    serial: 'S1',
    profile: 'p',
    model: 'Model',
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeScale: 60,
    ...(await identityOf(process.pid)),
    home: 'phone-abc',
  }
})

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(dir, { recursive: true })
})

const ids = async (): Promise<string[]> => (await listPhones(dir)).map(({ id }) => id)

/** As the file of a phone whose process has been followed by another of the same number. */
const gone = (): Omit<VirtualPhone, 'id'> => ({
  ...entry,
  startTime: entry.startTime === null ? null : '1',
  pid: entry.startTime === null ? 2 ** 30 : entry.pid,
})

describe('the registry of virtual phones', () => {
  it('gives each of many that start at once an id of its own, and leaves no draft', async () => {
    const phones = await Promise.all(Array.from({ length: 12 }, () => registerPhone(dir, entry)))
    const wanted = Array.from({ length: 12 }, (_, index) => `virtual-${index + 1}`)
    expect(new Set(phones.map(({ id }) => id))).toEqual(new Set(wanted))
    expect(await ids()).toEqual(wanted)
    expect((await readdir(dir)).toSorted()).toEqual(wanted.map((id) => `${id}.json`).toSorted())
  })

  it('fills the lowest gap', async () => {
    const phones = [await registerPhone(dir, entry), await registerPhone(dir, entry), await registerPhone(dir, entry)]
    for (const phone of phones.slice(1, 2)) await removePhone(dir, phone)
    expect((await registerPhone(dir, entry)).id).toBe('virtual-2')
  })

  it('keeps its files from others', async () => {
    const { id } = await registerPhone(dir, entry)
    const mode = (await stat(join(dir, `${id}.json`))).mode & 0o777
    expect(process.platform === 'win32' ? 0o600 : mode).toBe(0o600)
  })

  it('removes what is left of a phone whose process has gone', async () => {
    await mkdir(join(dir, 'phone-abc', 'files'), { recursive: true })
    await writeFile(join(dir, 'virtual-3.json'), JSON.stringify({ ...gone(), id: 'virtual-3' }))
    expect(await ids()).toEqual([])
    expect(await readdir(dir)).toEqual([])
  })

  it('knows a phone by its port where there is no start time', async () => {
    await registerPhone(dir, { ...entry, startTime: null })
    expect(await ids()).toEqual(['virtual-1'])
    await registerPhone(dir, { ...entry, startTime: null, address: '127.0.0.1:1', home: 'phone-xyz' })
    expect(await ids()).toEqual(['virtual-1'])
  })

  it.each(['', '{', '[]', 'null', '{"id":"virtual-5"}', '\0\0', '{"home":"../.."}'])(
    'removes the unreadable file %j and goes on',
    async (text) => {
      await registerPhone(dir, entry)
      await writeFile(join(dir, 'virtual-5.json'), text)
      await writeFile(join(dir, 'notes.json'), 'not ours')
      expect(await ids()).toEqual(['virtual-1'])
      expect((await readdir(dir)).toSorted()).toEqual(['notes.json', 'virtual-1.json'])
    },
  )

  it('does not remove a folder that is not a phone’s', async () => {
    await mkdir(join(dir, 'keep'))
    await writeFile(join(dir, 'virtual-1.json'), JSON.stringify({ ...gone(), home: 'keep' }))
    expect(await ids()).toEqual([])
    expect(await readdir(dir)).toEqual(['keep'])
  })

  it('leaves a newer phone alone that has got the id', async () => {
    const newer = await registerPhone(dir, entry)
    await removePhone(dir, { ...newer, startTime: 'older', home: 'phone-old' })
    expect(await listPhones(dir)).toEqual([newer])
  })

  it('is empty when nothing was ever started', async () => {
    expect(await listPhones(join(dir, 'never'))).toEqual([])
  })

  it('that can’t be read is an error that says what is wrong, and no bug', async () => {
    const file = join(dir, 'a-file')
    await writeFile(file, '')
    for (const place of [file, join(file, 'below')]) {
      const problem = { code: 'DALA_DISK', message: expect.stringContaining(place) as string }
      await expect(virtualSource(place).list(call())).rejects.toMatchObject(problem)
      await expect(registerPhone(place, entry)).rejects.toMatchObject(problem)
    }
  })

  it('is where devices come from', async () => {
    await registerPhone(dir, entry)
    expect(await virtualSource(dir).list(call())).toEqual([
      {
        id: 'virtual-1',
        platform: 'android',
        links: [{ transport: 'virtual', via: 'adbd', address: entry.address }],
        state: { name: 'ready', detail: 'device', cause: null, fix: null },
        hints: { serial: 'S1', profile: 'p', model: 'Model' },
      },
    ])
  })
})
