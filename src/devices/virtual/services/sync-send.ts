import { chmod, lstat, mkdir, open, rm, utimes, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ByteReader } from '../../../core/bytes.js'
import { systemCodeOf } from '../../../core/errors.js'
import type { PhoneSystem } from '../system.js'
import {
  decodeHeader,
  encodeHeader,
  errnoOf,
  SYNC_DATA_MAX,
  SYNC_HEADER_BYTES,
  SyncFailure,
  type SyncWriter,
} from './sync-wire.js'

export interface Upload {
  /** The phone's path; null when the request was not readable. */
  readonly path: string | null
  /** st_mode as the host sent it; null when the request was not readable. */
  readonly mode: number | null
}

const S_IFMT = 0o170000
const S_IFREG = 0o100000

interface Ends {
  readonly system: PhoneSystem
  readonly reader: ByteReader
  readonly out: SyncWriter
}

/**
 * Takes DATA pieces until DONE, whose value is the file's mtime in seconds, and answers OKAY or FAIL. The first failure
 * is said at once and the rest is read and dropped, so that the host, still writing, gets to read it (AOSP
 * file_sync_service.cpp handle_send_file()). False when a piece's length is impossible.
 */
export async function receiveFile({ system, reader, out }: Ends, upload: Upload): Promise<boolean> {
  let target = await guard(out, () => create(system, upload))
  try {
    for (;;) {
      const { id, value } = decodeHeader(await reader.exactly(SYNC_HEADER_BYTES))
      if (id === 'DONE') {
        const whole = target
        target = null
        if (whole !== null && (await guard(out, () => finish(whole, value)))) await out.add(encodeHeader('OKAY', 0))
        return true
      }
      if (id !== 'DATA' || value > SYNC_DATA_MAX) {
        await out.fail(id === 'DATA' ? 'oversize data message' : `invalid data message ${JSON.stringify(id)}`)
        return false
      }
      const piece = await reader.exactly(value)
      const part = target
      if (part === null || (await guard(out, () => append(part, piece)))) continue
      target = null
      await discard(part)
    }
  } finally {
    // The host went away or spoke nonsense: half a file must not look like a whole one.
    if (target !== null) await discard(target)
  }
}

interface Target {
  readonly real: string
  readonly file: FileHandle
  readonly mode: number
}

async function create(system: PhoneSystem, { path, mode }: Upload): Promise<Target> {
  if (path === null || mode === null) throw new SyncFailure('missing , in ID_SEND')
  const real = system.resolve(path)
  if (real === null) throw new SyncFailure('Permission denied')
  const type = mode & S_IFMT
  // A real adbd makes links too; nothing that dala measures pushes one, so none is made on the user's disk.
  if (type !== S_IFREG && type !== 0) throw new SyncFailure('only regular files can be pushed')
  await mkdir(dirname(real), { recursive: true })
  await removeOld(real)
  return { real, file: await open(real, 'wx', 0o600), mode: permissionsOf(mode) }
}

/** As AOSP's send_impl() does: what the owner may, the group and others may too. */
function permissionsOf(mode: number): number {
  const owner = mode & 0o777
  const group = owner | ((owner >> 3) & 0o070)
  return group | ((group >> 3) & 0o007)
}

/** As AOSP's do_send(): only a file or a link is replaced, and it is unlinked so that a link is not followed. */
async function removeOld(real: string): Promise<void> {
  const old = await lstat(real).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (old === null) return
  if (old.isDirectory()) throw new SyncFailure('Is a directory')
  await rm(real)
}

async function append({ file }: Target, piece: Uint8Array): Promise<true> {
  await file.writeFile(piece)
  return true
}

async function finish({ real, file, mode }: Target, mtimeS: number): Promise<true> {
  await file.close()
  await utimes(real, mtimeS, mtimeS)
  await chmod(real, mode)
  return true
}

async function discard({ real, file }: Target): Promise<void> {
  await file.close()
  await rm(real, { force: true })
}

/** What `work` gives; null once its failure has been said to the host. */
async function guard<T>(out: SyncWriter, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    await out.fail(error instanceof SyncFailure ? error.message : errnoOf(error).words)
    return null
  }
}
