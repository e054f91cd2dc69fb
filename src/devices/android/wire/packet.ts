import type { ByteReader } from '../../../core/bytes.js'
import { AdbError } from '../adb-error.js'

/** Commands of the ADB transport (AOSP packages/modules/adb/adb.h), four ASCII letters read as a little-endian u32. */
export const COMMAND = {
  cnxn: 0x4e584e43,
  auth: 0x48545541,
  stls: 0x534c5453,
  open: 0x4e45504f,
  okay: 0x59414b4f,
  wrte: 0x45545257,
  clse: 0x45534c43,
} as const

/** A_VERSION_MIN: every packet carries the sum of its payload's bytes. */
export const VERSION_CHECKSUMS = 0x01000000
/** A_VERSION_SKIP_CHECKSUM: the sum is sent as 0 and not looked at. */
export const VERSION_NO_CHECKSUMS = 0x01000001

/** MAX_PAYLOAD of adb.h: what either side may put into one packet, bytes. */
export const MAX_PAYLOAD = 1024 * 1024
/** MAX_PAYLOAD_V1 of adb.h: every adbd ever shipped takes at least this, bytes. */
export const MIN_PAYLOAD = 4096

/** Six little-endian u32: command, arg0, arg1, payload length, payload sum, command ^ 0xffffffff. */
export const HEADER_BYTES = 24

/** One packet; `arg0` and `arg1` are u32 whose meaning depends on the command (protocol.txt of AOSP's adb). */
export interface Packet {
  readonly command: number
  readonly arg0: number
  readonly arg1: number
  readonly payload: Uint8Array
}

export interface PacketHeader {
  readonly command: number
  readonly arg0: number
  readonly arg1: number
  readonly length: number
  readonly checksum: number
}

/**
 * What is done with payload sums. `unless-zero` is for the time before both sides know each other's version: a side
 * that skips sums sends 0 from its first packet on.
 */
export type ChecksumRule = 'check' | 'unless-zero' | 'ignore'

const EMPTY = new Uint8Array(0)

/** Header and payload in one buffer; the payload is copied once. `withChecksum` false sends the sum as 0. */
export function encodePacket(packet: Packet, withChecksum: boolean): Uint8Array {
  const { command, arg0, arg1, payload } = packet
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
  bytes.writeUInt32LE(command, 0)
  bytes.writeUInt32LE(arg0, 4)
  bytes.writeUInt32LE(arg1, 8)
  bytes.writeUInt32LE(payload.length, 12)
  bytes.writeUInt32LE(withChecksum ? checksumOf(payload) : 0, 16)
  bytes.writeUInt32LE((command ^ 0xffffffff) >>> 0, 20)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

/**
 * Reads the 24 bytes of a header. An unknown command is not an error: AOSP's handle_packet() ignores it.
 *
 * @throws AdbError `protocol` when the magic is wrong or the payload would exceed `maxPayload` bytes
 */
export function decodeHeader(bytes: Uint8Array, maxPayload: number): PacketHeader {
  if (bytes.length !== HEADER_BYTES) {
    throw new AdbError(
      'protocol',
      `Cannot read an ADB header as it has ${bytes.length} bytes: it needs ${HEADER_BYTES}`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const command = view.getUint32(0, true)
  if (view.getUint32(20, true) !== (command ^ 0xffffffff) >>> 0) {
    throw new AdbError('protocol', 'Cannot read an ADB packet as its magic is wrong: the peer does not speak ADB')
  }
  const length = view.getUint32(12, true)
  if (length > maxPayload) {
    throw new AdbError('protocol', `Cannot read an ADB packet as it says ${length} bytes: ${maxPayload} are the most`)
  }
  return {
    command,
    arg0: view.getUint32(4, true),
    arg1: view.getUint32(8, true),
    length,
    checksum: view.getUint32(16, true),
  }
}

/**
 * The next packet; null when the stream ends between two packets.
 *
 * @throws AdbError `protocol`; EndOfStreamError when the stream ends within a packet; whatever the stream throws
 */
export async function readPacket(
  reader: ByteReader,
  { maxPayload, checksums }: { readonly maxPayload: number; readonly checksums: ChecksumRule },
): Promise<Packet | null> {
  const head = await reader.exactlyOrEnd(HEADER_BYTES)
  if (head === null) return null
  const { command, arg0, arg1, length, checksum } = decodeHeader(head, maxPayload)
  const payload = length === 0 ? EMPTY : await reader.exactly(length)
  const checked = checksums === 'check' || (checksums === 'unless-zero' && checksum !== 0)
  if (checked && checksum !== checksumOf(payload)) {
    throw new AdbError('protocol', 'Cannot read an ADB packet as its checksum is wrong')
  }
  return { command, arg0, arg1, payload }
}

/** The sum of all bytes, modulo 2^32 (named data_check, once data_crc32, in AOSP; it never was a CRC). */
function checksumOf(payload: Uint8Array): number {
  let sum = 0
  for (const byte of payload) sum += byte
  return sum >>> 0
}
