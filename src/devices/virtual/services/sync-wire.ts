import type { BigIntStats } from 'node:fs'
import { systemCodeOf } from '../../../core/errors.js'
import type { ByteStream } from '../../../core/stream.js'

/** SYNC_DATA_MAX of AOSP's packages/modules/adb/file_sync_protocol.h: the most bytes in one DATA. */
export const SYNC_DATA_MAX = 64 * 1024
/** The most bytes in a request's path (file_sync_service.cpp handle_sync_command()). */
export const SYNC_PATH_MAX = 1024
/** Request and reply headers: four letters and a little-endian u32. */
export const SYNC_HEADER_BYTES = 8

/** Replies are gathered up to this many bytes, as each write waits for its acknowledgement. */
const BATCH_BYTES = 256 * 1024

/** The request can't be done; its words go to the host in a FAIL. */
export class SyncFailure extends Error {
  override readonly name = 'SyncFailure'
}

/** Linux's numbers, whatever this computer's are: what a phone says is Linux's (AOSP sysdeps/errno.cpp). */
const ERRNO: Readonly<Record<string, { readonly number: number; readonly words: string }>> = {
  EPERM: { number: 1, words: 'Operation not permitted' },
  ENOENT: { number: 2, words: 'No such file or directory' },
  EIO: { number: 5, words: 'I/O error' },
  EACCES: { number: 13, words: 'Permission denied' },
  EEXIST: { number: 17, words: 'File exists' },
  ENOTDIR: { number: 20, words: 'Not a directory' },
  EISDIR: { number: 21, words: 'Is a directory' },
  EINVAL: { number: 22, words: 'Invalid argument' },
  ENOSPC: { number: 28, words: 'No space left on device' },
  EROFS: { number: 30, words: 'Read-only file system' },
  ENAMETOOLONG: { number: 36, words: 'File name too long' },
  ELOOP: { number: 40, words: 'Too many symbolic links encountered' },
}

const UNKNOWN_ERRNO = { number: 5, words: 'I/O error' } as const

/** A file system's error as the phone would say it. @throws the error itself when it is none */
export function errnoOf(error: unknown): { readonly number: number; readonly words: string } {
  const code = systemCodeOf(error)
  if (code === null) throw error
  return ERRNO[code === 'ERR_INVALID_ARG_VALUE' ? 'EINVAL' : code] ?? UNKNOWN_ERRNO
}

/** A header whose second half is a length or an argument. */
export function encodeHeader(id: string, value: number): Uint8Array {
  const bytes = Buffer.alloc(SYNC_HEADER_BYTES)
  bytes.write(id, 0, 'latin1')
  bytes.writeUInt32LE(value, 4)
  return bytes
}

export function decodeHeader(bytes: Uint8Array): { readonly id: string; readonly value: number } {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { id: header.toString('latin1', 0, 4), value: header.readUInt32LE(4) }
}

/** `struct sync_stat_v1`'s body: mode, size, mtime as u32, all 0 for a file that is not there. */
export function encodeStatV1(stats: BigIntStats | null): Uint8Array {
  const bytes = Buffer.alloc(12)
  if (stats === null) return bytes
  bytes.writeUInt32LE(Number(stats.mode & 0xffffffffn), 0)
  // Version 1 has 32 bits for a size; AOSP cuts what does not fit.
  bytes.writeUInt32LE(Number(stats.size & 0xffffffffn), 4)
  bytes.writeUInt32LE(Number((stats.mtimeMs / 1000n) & 0xffffffffn), 8)
  return bytes
}

/** `struct sync_stat_v2`'s body: error, dev, ino, mode, nlink, uid, gid, size, atime, mtime, ctime. */
export function encodeStatV2(stats: BigIntStats | null, error: number): Uint8Array {
  const bytes = Buffer.alloc(68)
  bytes.writeUInt32LE(error, 0)
  if (stats === null) return bytes
  bytes.writeBigUInt64LE(BigInt.asUintN(64, stats.dev), 4)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, stats.ino), 12)
  const small = [stats.mode, stats.nlink, stats.uid, stats.gid]
  for (const [index, value] of small.entries()) bytes.writeUInt32LE(Number(value & 0xffffffffn), 20 + 4 * index)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, stats.size), 36)
  const times = [stats.atimeMs, stats.mtimeMs, stats.ctimeMs]
  for (const [index, ms] of times.entries()) bytes.writeBigInt64LE(BigInt.asIntN(64, ms / 1000n), 44 + 8 * index)
  return bytes
}

/** Gathers a reply's pieces into larger writes. */
export class SyncWriter {
  readonly #stream: ByteStream
  #pieces: Uint8Array[] = []
  #bytes = 0

  constructor(stream: ByteStream) {
    this.#stream = stream
  }

  /** Takes the pieces over; writes when enough has gathered. */
  async add(...pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      this.#pieces.push(piece)
      this.#bytes += piece.length
    }
    if (this.#bytes >= BATCH_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const pieces = this.#pieces
    this.#pieces = []
    this.#bytes = 0
    if (pieces.length > 0) await this.#stream.write(Buffer.concat(pieces))
  }

  /** FAIL and its words. */
  async fail(words: string): Promise<void> {
    const text = Buffer.from(words)
    await this.add(encodeHeader('FAIL', text.length), text)
    await this.flush()
  }
}
