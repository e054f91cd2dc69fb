import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DalaError, isSystemError, messageOf, systemCodeOf } from '../../core/errors.js'
import { parseHostPort } from '../../core/host-port.js'
import type { Target } from '../../core/stream.js'
import { isSameProcess } from './process-identity.js'

/** A started virtual phone, as its file `<dir>/<id>.json` says it. */
export interface VirtualPhone {
  /** `virtual-1`, `virtual-2`, … */
  readonly id: string
  readonly platform: 'android'
  readonly serial: string
  readonly profile: string
  readonly model: string | null
  /** Where its adbd listens, `127.0.0.1:PORT`. */
  readonly address: string
  /** Phone seconds in one second of ours. */
  readonly timeScale: number
  readonly pid: number
  /** Tells the process from a later one of that number; null where the system does not say. */
  readonly startTime: string | null
  /** Its folder within `<dir>`: files and log. Removed with it. */
  readonly home: string
}

const ID = /^virtual-([1-9]\d{0,3})$/
const HOME = /^phone-\w{1,32}$/
const MAX_PHONES = 9999

/**
 * The virtual phones that run, lowest number first. What is left of phones whose process has gone is removed, and so
 * are files that can't be read as a phone.
 *
 * @throws DalaError DALA_DISK when the folder can't be read or tidied
 */
export async function listPhones(dir: string): Promise<readonly VirtualPhone[]> {
  try {
    return await listIn(dir)
  } catch (error) {
    throw diskError(error, dir)
  }
}

/** A file system's error as a user's, any other as it is. */
function diskError(error: unknown, dir: string): unknown {
  if (!isSystemError(error)) return error
  return new DalaError('DALA_DISK', `Cannot keep the list of virtual phones in ${dir}: ${messageOf(error)}`, {
    fix: [`See what is at ${dir}: it has to be a folder that you may read and write`],
    cause: error,
  })
}

async function listIn(dir: string): Promise<readonly VirtualPhone[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  })
  const ids = names
    .filter((name) => name.endsWith('.json') && ID.test(name.slice(0, -5)))
    .map((name) => name.slice(0, -5))
  const found = await Promise.all(ids.map((id) => findRunning(dir, id)))
  return found.filter((phone) => phone !== null).toSorted((one, other) => numberOf(one.id) - numberOf(other.id))
}

/**
 * Writes the phone's file under the lowest free id. Safe when several start at once: a file gets its name only when it
 * is whole and the name is free.
 */
export async function registerPhone(dir: string, phone: Omit<VirtualPhone, 'id'>): Promise<VirtualPhone> {
  await makeDir(dir)
  const used = new Set((await listPhones(dir)).map(({ id }) => id))
  for (let number = 1; number <= MAX_PHONES; number += 1) {
    const named: VirtualPhone = { ...phone, id: `virtual-${number}` }
    if (!used.has(named.id) && (await claim(dir, named))) return named
  }
  throw new Error(`Cannot register a virtual phone as all ${MAX_PHONES} ids are taken`)
}

/** Makes the folder for virtual phones, for its owner only. @throws DalaError DALA_DISK */
export async function makeDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw diskError(error, dir)
  }
}

async function claim(dir: string, phone: VirtualPhone): Promise<boolean> {
  const draft = join(dir, `draft-${randomUUID()}`)
  try {
    await writeFile(draft, `${JSON.stringify(phone, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await link(draft, fileOf(dir, phone.id))
    return true
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    await rm(draft, { force: true })
  }
}

/** Removes the phone's file and folder. Idempotent; a newer phone that has got the id meanwhile is left alone. */
export async function removePhone(dir: string, phone: VirtualPhone): Promise<void> {
  await takeAway(dir, phone.id, (found) => found?.pid === phone.pid && found.startTime === phone.startTime)
  await rm(join(dir, phone.home), { recursive: true, force: true, maxRetries: 3 })
}

/** Where the phone's adbd listens. */
export function targetOf({ address }: VirtualPhone): Target {
  const target = parseHostPort(address)
  if (target === null) throw new Error(`Cannot dial ${address}: it has to be HOST:PORT`)
  return target
}

async function findRunning(dir: string, id: string): Promise<VirtualPhone | null> {
  const phone = await readPhone(fileOf(dir, id), id)
  if (phone === 'gone') return null
  if (phone === null) {
    await takeAway(dir, id, (found) => found === null)
    return null
  }
  if (await isSameProcess(phone, targetOf(phone))) return phone
  await removePhone(dir, phone)
  return null
}

/** Removes the file if it is the one meant: it is moved aside first, as between a look and a removal it may change. */
async function takeAway(dir: string, id: string, isMeant: (found: VirtualPhone | null) => boolean): Promise<void> {
  const aside = join(dir, `old-${randomUUID()}`)
  try {
    await rename(fileOf(dir, id), aside)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return
    throw error
  }
  try {
    const found = await readPhone(aside, id)
    if (found !== 'gone' && !isMeant(found)) await link(aside, fileOf(dir, id))
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Null for a file that holds no phone; `gone` when there is none. */
async function readPhone(path: string, id: string): Promise<VirtualPhone | 'gone' | null> {
  try {
    return parsePhone(JSON.parse(await readFile(path, 'utf8')), id)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return 'gone'
    if (error instanceof SyntaxError || systemCodeOf(error) === 'EISDIR') return null
    throw error
  }
}

function parsePhone(value: unknown, id: string): VirtualPhone | null {
  if (typeof value !== 'object' || value === null) return null
  const { platform, serial, profile, model, address, timeScale, pid, startTime, home } = value as Record<
    string,
    unknown
  >
  if (platform !== 'android' || typeof serial !== 'string' || typeof profile !== 'string') return null
  if (typeof address !== 'string' || parseHostPort(address)?.host !== '127.0.0.1') return null
  if (typeof timeScale !== 'number' || typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return null
  if (typeof home !== 'string' || !HOME.test(home)) return null
  if (!isTextOrNull(model) || !isTextOrNull(startTime)) return null
  return { id, platform, serial, profile, model, address, timeScale, pid, startTime, home }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function fileOf(dir: string, id: string): string {
  return join(dir, `${id}.json`)
}

function numberOf(id: string): number {
  return Number(ID.exec(id)?.[1])
}
