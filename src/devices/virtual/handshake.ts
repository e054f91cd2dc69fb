import { randomBytes, type KeyObject } from 'node:crypto'
import type { ByteReader } from '../../core/bytes.js'
import type { ByteStream } from '../../core/stream.js'
import { AdbError } from '../android/adb-error.js'
import { AUTH, decodePublicKey, TOKEN_BYTES, verifyToken } from '../android/wire/auth.js'
import {
  COMMAND,
  encodePacket,
  MAX_PAYLOAD,
  MIN_PAYLOAD,
  readPacket,
  VERSION_CHECKSUMS,
  VERSION_NO_CHECKSUMS,
  type Packet,
} from '../android/wire/packet.js'

/** The computers a phone trusts. `accepting` false leaves the dialog for new ones unanswered. */
export interface TrustedKeys {
  readonly known: readonly KeyObject[]
  /** New ones are added here. */
  readonly accepted: KeyObject[]
  readonly accepting: boolean
}

export interface Agreed {
  readonly version: number
  readonly maxPayload: number
}

type Verdict = 'trusted' | 'unknown' | 'asking'

/** More signatures than any computer has keys: what tries on is guessing. */
const MAX_TRIES = 64

/**
 * The device's half of the handshake (AOSP packages/modules/adb/adb.cpp handle_packet(), daemon/auth.cpp): the host's
 * CNXN, a token to sign until a known key has signed it or a new key is accepted, then our CNXN.
 *
 * @throws AdbError `protocol`, or `closed` when the host leaves
 */
export async function acceptHost(
  { stream, reader }: { readonly stream: ByteStream; readonly reader: ByteReader },
  trusted: TrustedKeys,
  banner: Uint8Array,
): Promise<Agreed> {
  // The host's first packets are small: a stranger is not given a megabyte.
  const next = async (command: number): Promise<Packet> => {
    for (;;) {
      const packet = await readPacket(reader, { maxPayload: MIN_PAYLOAD, checksums: 'unless-zero' })
      if (packet === null) throw new AdbError('closed', 'Cannot go on as the host has left during the handshake')
      if (packet.command === command) return packet
    }
  }
  const send = (packet: Packet): Promise<void> => stream.write(encodePacket(packet, true))

  const { arg0: version, arg1: maxPayload } = await next(COMMAND.cnxn)
  if (version < VERSION_CHECKSUMS || maxPayload < MIN_PAYLOAD) {
    throw new AdbError('protocol', `Cannot accept the host as its version or packet size is impossible: ${version}`)
  }
  for (let tries = 0, verdict: Verdict = 'unknown'; verdict !== 'trusted'; tries += 1) {
    if (tries === MAX_TRIES) throw new AdbError('protocol', `Cannot accept the host as none of ${tries} keys is known`)
    const token = randomBytes(TOKEN_BYTES)
    // A real phone shows its dialog for a new key and says nothing until it is answered.
    if (verdict === 'unknown') await send({ command: COMMAND.auth, arg0: AUTH.token, arg1: 0, payload: token })
    verdict = judge(await next(COMMAND.auth), token, trusted)
  }
  await send({ command: COMMAND.cnxn, arg0: VERSION_NO_CHECKSUMS, arg1: MAX_PAYLOAD, payload: banner })
  return { version: Math.min(version, VERSION_NO_CHECKSUMS), maxPayload: Math.min(maxPayload, MAX_PAYLOAD) }
}

function judge({ arg0: kind, payload }: Packet, token: Uint8Array, trusted: TrustedKeys): Verdict {
  if (kind === AUTH.signature) {
    const keys = [...trusted.known, ...trusted.accepted]
    return keys.some((key) => verifyToken(token, payload, key)) ? 'trusted' : 'unknown'
  }
  if (kind !== AUTH.rsaPublicKey) return 'unknown'
  const { key } = decodePublicKey(Buffer.from(payload).toString('latin1'))
  if (!trusted.accepting) return 'asking'
  trusted.accepted.push(key)
  return 'trusted'
}
