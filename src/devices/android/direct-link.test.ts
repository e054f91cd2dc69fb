import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fakePhone } from '../../../test/fakes/phone-system.js'
import { call } from '../../../test/fakes/streams.js'
import { dialTcp, type Dial, type Target } from '../../core/stream.js'
import { startAdbd, type Adbd } from '../virtual/adbd.js'
import type { AdbError } from './adb-error.js'
import { toDalaError } from './device-error.js'
import { directLinks } from './direct-link.js'

let home: string
let adbd: Adbd

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dala-direct-'))
  const ownerKeys = (): Promise<[]> => Promise.resolve([])
  adbd = await startAdbd({ system: fakePhone({ root: home }), strangers: 'refuse', ownerKeys, log: () => undefined })
})

afterEach(async () => {
  await adbd.close()
  await rm(home, { recursive: true })
})

const places = (): { home: string; vendorKeys: null; ownDir: string } => ({
  home,
  vendorKeys: null,
  ownDir: join(home, 'own'),
})

it('names the key that could not be read when the phone trusts none of the others', async () => {
  const key = join(home, '.android', 'adbkey')
  await mkdir(join(home, '.android'))
  await writeFile(key, 'no key')
  const address = `${adbd.address.host}:${adbd.address.port}`
  const refused = await directLinks(places(), dialTcp)(address, call(500)).catch((error: AdbError) => error)
  expect(refused).toMatchObject({ code: 'unauthorized', message: expect.stringContaining(key) as string })
  const link = { transport: 'tcp', via: 'adbd', address } as const
  expect(toDalaError(refused, 'phone', link)).toMatchObject({
    code: 'DALA_DEVICE_UNUSABLE',
    message: expect.stringContaining(key) as string,
    fix: [expect.stringContaining(`Make ${key} readable`), expect.stringContaining('Allow USB debugging')],
  })
})

it('dials an IPv6 address without its brackets, and nothing that is no address', async () => {
  const dialled: Target[] = []
  const dial: Dial = (target) => {
    dialled.push(target)
    return Promise.reject(new Error('enough'))
  }
  const open = directLinks(places(), dial)
  await expect(open('[fe80::1]:5555', call())).rejects.toMatchObject({ code: 'refused' })
  await expect(open('vsock:2:5555', call())).rejects.toMatchObject({ code: 'refused' })
  expect(dialled).toEqual([{ host: 'fe80::1', port: 5555 }])
})
