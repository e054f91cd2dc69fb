import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadAdbKeys } from './adb-keys.js'
import { decodePublicKey } from './wire/auth.js'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dala-keys-'))
})

afterEach(() => rm(dir, { recursive: true }))

const pem = (): string => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
}

it('makes a key of its own when there is none, once, for its owner only', async () => {
  const places = { home: dir, vendorKeys: null, ownDir: join(dir, 'own', 'keys') }
  const several = await Promise.all([loadAdbKeys(places), loadAdbKeys(places), loadAdbKeys(places)])
  const lines = new Set(several.map(({ keys }) => keys[0]?.publicLine))
  expect(lines.size).toBe(1)
  expect(await readdir(places.ownDir)).toEqual(['adbkey'])
  const path = join(places.ownDir, 'adbkey')
  expect(await readFile(path, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
  const mode = (await stat(path)).mode & 0o777
  expect(process.platform === 'win32' ? 0o600 : mode).toBe(0o600)
})

it("prefers the user's key, then vendor keys from files and folders, and names what it can't use", async () => {
  const [user, file, folder] = [join(dir, '.android', 'adbkey'), join(dir, 'vendor.key'), join(dir, 'vendor')]
  await Promise.all([mkdir(join(dir, '.android')), mkdir(folder)])
  await Promise.all([user, file, join(folder, 'a.adb_key')].map((path) => writeFile(path, pem())))
  await Promise.all([writeFile(join(folder, 'b.adb_key'), 'no key'), writeFile(join(folder, 'notes.txt'), 'x')])
  const vendorKeys = [file, folder, join(dir, 'missing')].join(delimiter)
  const { keys, skipped } = await loadAdbKeys({ home: dir, vendorKeys, ownDir: join(dir, 'own') })
  expect(keys.map(({ path }) => path)).toEqual([user, file, join(folder, 'a.adb_key')])
  expect(skipped.map(({ path }) => path)).toEqual([join(folder, 'b.adb_key')])
  expect(decodePublicKey(keys[0]?.publicLine ?? '').owner).toMatch(/^\S+@\S+$/)
})
