import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inChunks, streamOf } from '../../../../test/fakes/streams.js'
import { ByteReader, EndOfStreamError } from '../../../core/bytes.js'
import { AdbError } from '../adb-error.js'
import { COMMAND, decodeHeader, encodePacket, HEADER_BYTES, MAX_PAYLOAD, readPacket, type Packet } from './packet.js'

const u32 = fc.integer({ min: 0, max: 0xffffffff })
const packets = fc.record({ command: u32, arg0: u32, arg1: u32, payload: fc.uint8Array({ maxLength: 300 }) })
const LIMIT = { maxPayload: MAX_PAYLOAD, checksums: 'check' } as const

function readerOf(bytes: Uint8Array, chunk = bytes.length): ByteReader {
  return new ByteReader(inChunks(streamOf(bytes), Math.max(chunk, 1)))
}

function plain({ command, arg0, arg1, payload }: Packet): unknown {
  return { command, arg0, arg1, payload: [...payload] }
}

describe('ADB packets', () => {
  it('reads what it has written, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(packets, { maxLength: 5 }), fc.integer({ min: 1, max: 64 }), async (sent, chunk) => {
        const reader = readerOf(Buffer.concat(sent.map((packet) => encodePacket(packet, true))), chunk)
        for (const packet of sent) {
          const read = await readPacket(reader, LIMIT)
          expect(read === null ? null : plain(read)).toEqual(plain(packet))
        }
        expect(await readPacket(reader, LIMIT)).toBeNull()
      }),
    )
  })

  it('calls every cut packet incomplete, never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(packets, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (packet, part) => {
        const whole = encodePacket(packet, true)
        const cut = whole.subarray(0, Math.floor(whole.length * part))
        const outcome = await readPacket(readerOf(cut), LIMIT).catch((error: unknown) => error)
        expect(cut.length === 0 ? outcome === null : outcome instanceof EndOfStreamError).toBe(true)
      }),
    )
  })

  it('calls garbage a protocol error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: HEADER_BYTES, maxLength: 100 }), async (garbage) => {
        const error = await readPacket(readerOf(garbage), LIMIT).catch((error: unknown) => error)
        // A magic that fits by chance has a probability of 2^-32.
        expect(error).toBeInstanceOf(AdbError)
        expect(error).toMatchObject({ code: 'protocol' })
      }),
    )
  })

  it('refuses 4 GB before it waits for them', () => {
    const header = Buffer.from(
      encodePacket({ command: COMMAND.wrte, arg0: 1, arg1: 2, payload: new Uint8Array(0) }, false),
    )
    header.writeUInt32LE(0xffffffff, 12)
    expect(() => decodeHeader(header, MAX_PAYLOAD)).toThrow('it says 4294967295 bytes')
  })

  it('takes no other number of bytes for a header', () => {
    expect(() => decodeHeader(new Uint8Array(23), MAX_PAYLOAD)).toThrow('it has 23 bytes')
  })

  it('checks sums when told to, and lets a zero pass while versions are unknown', async () => {
    const packet = { command: COMMAND.auth, arg0: 1, arg1: 0, payload: Buffer.from('sum') }
    const [unsummed, summed] = [encodePacket(packet, false), Buffer.from(encodePacket(packet, true))]
    const read = (bytes: Uint8Array, checksums: 'check' | 'unless-zero' | 'ignore'): Promise<Packet | null> =>
      readPacket(readerOf(bytes), { maxPayload: MAX_PAYLOAD, checksums })
    await expect(read(unsummed, 'check')).rejects.toThrow('its checksum is wrong')
    expect(await read(unsummed, 'unless-zero')).toMatchObject(packet)
    summed.writeUInt32LE(1, 16)
    await expect(read(summed, 'unless-zero')).rejects.toThrow('its checksum is wrong')
    expect(await read(summed, 'ignore')).toMatchObject(packet)
  })
})
