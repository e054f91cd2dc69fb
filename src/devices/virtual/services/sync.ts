import { constants, type BigIntStats } from 'node:fs'
import { lstat, open, opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ByteReader } from '../../../core/bytes.js'
import type { ByteStream } from '../../../core/stream.js'
import type { PhoneSystem } from '../system.js'
import { receiveFile } from './sync-send.js'
import {
  decodeHeader,
  encodeHeader,
  encodeStatV1,
  encodeStatV2,
  errnoOf,
  SYNC_DATA_MAX,
  SYNC_HEADER_BYTES,
  SYNC_PATH_MAX,
  SyncFailure,
  SyncWriter,
} from './sync-wire.js'

const EACCES = 13

/** The two ends of one `sync:` stream, and the phone whose files are meant. */
interface Session {
  readonly system: PhoneSystem
  readonly reader: ByteReader
  readonly out: SyncWriter
}

/** One request's work; false ends the stream, as after it nothing more can be understood. */
type Request = (session: Session, path: string) => Promise<boolean>

const REQUESTS: Readonly<Record<string, Request>> = {
  STAT: (session, path) => statV1(session, path),
  LST2: (session, path) => statV2(session, path, { id: 'LST2', look: lstat }),
  STA2: (session, path) => statV2(session, path, { id: 'STA2', look: stat }),
  LIST: (session, path) => list(session, path, false),
  LIS2: (session, path) => list(session, path, true),
  SEND: (session, path) => sendV1(session, path),
  SND2: (session, path) => sendV2(session, path),
  RECV: (session, path) => receive(session, path),
  RCV2: (session, path) => receiveV2(session, path),
}

/**
 * The file service, versions 1 and 2 (AOSP packages/modules/adb/SYNC.TXT, file_sync_protocol.h,
 * daemon/file_sync_service.cpp): requests one after another until QUIT or the end of the stream.
 */
export async function serveSync(system: PhoneSystem, stream: ByteStream): Promise<void> {
  const session: Session = { system, reader: new ByteReader(stream), out: new SyncWriter(stream) }
  for (;;) {
    const header = await session.reader.exactlyOrEnd(SYNC_HEADER_BYTES)
    if (header === null) return
    const { id, value: length } = decodeHeader(header)
    if (id === 'QUIT') return
    const request = Object.hasOwn(REQUESTS, id) ? REQUESTS[id] : undefined
    if (request === undefined) return session.out.fail(`unknown command ${JSON.stringify(id)}`)
    if (length > SYNC_PATH_MAX) return session.out.fail('path too long')
    const path = Buffer.from(await session.reader.exactly(length)).toString('utf8')
    if (!(await attempt(session, () => request(session, path)))) return
    await session.out.flush()
  }
}

/** A failure of the file system or of the request goes to the host, and the stream goes on. */
async function attempt({ out }: Session, request: () => Promise<boolean>): Promise<boolean> {
  try {
    return await request()
  } catch (error) {
    if (error instanceof SyncFailure) await out.fail(error.message)
    else throw error
    return true
  }
}

async function look(
  system: PhoneSystem,
  path: string,
  how: typeof lstat,
): Promise<{ readonly stats: BigIntStats | null; readonly error: number }> {
  const real = system.resolve(path)
  if (real === null) return { stats: null, error: EACCES }
  return how(real, { bigint: true }).then(
    (stats) => ({ stats, error: 0 }),
    (error: unknown) => ({ stats: null, error: errnoOf(error).number }),
  )
}

async function statV1({ system, out }: Session, path: string): Promise<boolean> {
  const { stats } = await look(system, path, lstat)
  await out.add(Buffer.from('STAT'), encodeStatV1(stats))
  return true
}

async function statV2(
  { system, out }: Session,
  path: string,
  { id, look: how }: { readonly id: string; readonly look: typeof lstat },
): Promise<boolean> {
  const { stats, error } = await look(system, path, how)
  await out.add(Buffer.from(id), encodeStatV2(stats, error))
  return true
}

/** DENT or DNT2 for each entry, then a DONE as long as an entry. A directory that can't be read looks empty, as in AOSP. */
async function list({ system, out }: Session, path: string, second: boolean): Promise<boolean> {
  const encode = second ? (stats: BigIntStats) => encodeStatV2(stats, 0) : encodeStatV1
  const real = system.resolve(path)
  const dir = real === null ? null : await opendir(real).catch((error: unknown) => void errnoOf(error))
  if (real !== null && dir) {
    for await (const entry of dir) {
      const stats = await lstat(join(real, entry.name), { bigint: true }).catch((error: unknown) => void errnoOf(error))
      // Gone since the directory was read.
      if (!stats) continue
      const name = Buffer.from(entry.name)
      await out.add(Buffer.from(second ? 'DNT2' : 'DENT'), encode(stats), lengthOf(name), name)
    }
  }
  const done = Buffer.alloc(second ? 76 : 20)
  done.write('DONE')
  await out.add(done)
  return true
}

function lengthOf(name: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(name.length)
  return bytes
}

/** SEND: the path ends in a comma and the mode, decimal. */
async function sendV1(session: Session, spec: string): Promise<boolean> {
  const comma = spec.lastIndexOf(',')
  const mode = /^\d{1,10}$/.test(spec.slice(comma + 1)) ? Number(spec.slice(comma + 1)) : null
  const path = comma < 0 ? null : spec.slice(0, comma)
  return receiveFile(session, { path, mode })
}

/** SND2: after the path, a second header with mode and flags; each flag asks for a compression that we don't name. */
async function sendV2(session: Session, path: string): Promise<boolean> {
  const { reader, out } = session
  const mode = decodeHeader(await reader.exactly(SYNC_HEADER_BYTES))
  const flags = Buffer.from(await reader.exactly(4)).readUInt32LE()
  if (mode.id !== 'SND2' || flags !== 0) return refuseFlags(out, flags)
  return receiveFile(session, { path, mode: mode.value })
}

async function receiveV2(session: Session, path: string): Promise<boolean> {
  const { id, value: flags } = decodeHeader(await session.reader.exactly(SYNC_HEADER_BYTES))
  if (id !== 'RCV2' || flags !== 0) return refuseFlags(session.out, flags)
  return receive(session, path)
}

async function refuseFlags(out: SyncWriter, flags: number): Promise<boolean> {
  await out.fail(`unknown flags: 0x${flags.toString(16)}`)
  return false
}

/** RECV: the file in DATA pieces, then DONE. */
async function receive({ system, out }: Session, path: string): Promise<boolean> {
  const real = system.resolve(path)
  if (real === null) throw new SyncFailure('Permission denied')
  const file = await orFailure(async () => {
    // Opening a pipe would wait for its other end: only regular files have content to send.
    const found = await stat(real)
    if (!found.isFile()) throw new SyncFailure(found.isDirectory() ? 'Is a directory' : 'Not a regular file')
    return open(real, constants.O_RDONLY)
  })
  try {
    for (;;) {
      const { bytesRead, buffer } = await orFailure(() =>
        file.read(Buffer.allocUnsafe(SYNC_DATA_MAX), 0, SYNC_DATA_MAX),
      )
      if (bytesRead === 0) break
      await out.add(encodeHeader('DATA', bytesRead), buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
  await out.add(encodeHeader('DONE', 0))
  return true
}

async function orFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SyncFailure) throw error
    throw new SyncFailure(errnoOf(error).words, { cause: error })
  }
}
