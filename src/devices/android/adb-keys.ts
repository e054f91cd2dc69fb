import { createPrivateKey, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto'
import { chmod, link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf, systemCodeOf } from '../../core/errors.js'
import { encodePublicKey } from './wire/auth.js'

/** A key that phones know this computer by. */
export interface AdbKey {
  readonly privateKey: KeyObject
  /** What is shown to a phone: base64, a space, `user@host`. */
  readonly publicLine: string
  /** The file it came from. */
  readonly path: string
}

export interface AdbKeys {
  /** The user's own first, then vendor keys; never empty. */
  readonly keys: readonly AdbKey[]
  /** Key files that exist and can't be used, and why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

export interface AdbKeyPlaces {
  /** The user's home, where adb keeps `.android/adbkey`. */
  readonly home: string
  /** ADB_VENDOR_KEYS: files, or directories of `*.adb_key`, separated as in PATH; null when not set. */
  readonly vendorKeys: string | null
  /** Where dala keeps a key of its own when the user has none. Made when missing. */
  readonly ownDir: string
}

/**
 * The keys to show to a phone, as AOSP's adb_auth_init() collects them. Without any, one is made and kept in `ownDir`
 * (RSA-2048, PKCS#8 PEM, mode 0600), so that a phone has to be asked only once.
 */
export async function loadAdbKeys({ home, vendorKeys, ownDir }: AdbKeyPlaces): Promise<AdbKeys> {
  const listed = vendorKeys?.split(delimiter).filter((path) => path !== '') ?? []
  const paths = [join(home, '.android', 'adbkey'), ...(await Promise.all(listed.map(keyFiles))).flat()]
  const keys: AdbKey[] = []
  const skipped: { path: string; reason: string }[] = []
  for (const path of paths) {
    try {
      keys.push(await readKey(path))
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') skipped.push({ path, reason: messageOf(error) })
    }
  }
  if (keys.length === 0) keys.push(await ownKey(ownDir))
  return { keys, skipped }
}

async function keyFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCodeOf(error) === null) throw error
    return null
  })
  if (found?.isDirectory() !== true) return [path]
  const names = await readdir(path)
  return names.filter((name) => name.endsWith('.adb_key')).map((name) => join(path, name))
}

async function readKey(path: string): Promise<AdbKey> {
  const privateKey = createPrivateKey(await readFile(path))
  return { privateKey, publicLine: encodePublicKey(privateKey, owner()), path }
}

async function ownKey(dir: string): Promise<AdbKey> {
  const path = join(dir, 'adbkey')
  try {
    return await readKey(path)
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error
  }
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const draft = join(dir, `adbkey.${randomUUID()}`)
  try {
    await writeFile(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' })
    await chmod(draft, 0o600)
    await link(draft, path)
  } catch (error) {
    // Another dala has made one at the same time: that one counts, as only whole files get this name.
    if (systemCodeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return readKey(path)
}

/** `user@host` as adb writes it; the phone shows it in its list of trusted computers. */
function owner(): string {
  const user = userNameOrNull() ?? 'unknown'
  return `${user}@${hostname()}`.replaceAll(/[\s\0]/g, '_').slice(0, 200)
}

function userNameOrNull(): string | null {
  try {
    return userInfo().username
  } catch (error) {
    // A container's user may have no entry in passwd (ENOENT).
    if (systemCodeOf(error) === null) throw error
    return null
  }
}
