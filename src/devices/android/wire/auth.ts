import { createPublicKey, privateEncrypt, publicDecrypt, constants, type KeyObject } from 'node:crypto'
import { messageOf } from '../../../core/errors.js'
import { AdbError } from '../adb-error.js'

/** First argument of an AUTH packet (AOSP packages/modules/adb/adb.h). */
export const AUTH = { token: 1, signature: 2, rsaPublicKey: 3 } as const

/** TOKEN_SIZE of AOSP's adb_auth.h: as long as a SHA-1, which it is signed as. */
export const TOKEN_BYTES = 20

const MODULUS_BYTES = 256
const MODULUS_WORDS = MODULUS_BYTES / 4
/** u32 words, u32 n0inv, n, rr, u32 exponent: little-endian (AOSP libcrypto_utils android_pubkey.cpp). */
const PUBLIC_KEY_BYTES = 4 + 4 + MODULUS_BYTES + MODULUS_BYTES + 4
/** A key line with its comment is some 720 characters; adbd takes no more than one packet. */
const MAX_LINE = 4096

/** DER of DigestInfo { SHA-1, 20 bytes }, the prefix of RFC 8017 section 9.2. */
const SHA1_PREFIX = Buffer.from('3021300906052b0e03021a05000414', 'hex')

/** Signs a token as if it were a SHA-1 that is already made: RSASSA-PKCS1-v1_5 without the hashing. */
export function signToken(token: Uint8Array, privateKey: KeyObject): Uint8Array {
  checkToken(token)
  const padding = constants.RSA_PKCS1_PADDING
  return privateEncrypt({ key: privateKey, padding }, Buffer.concat([SHA1_PREFIX, token]))
}

/** Whether `signature` is this key's for `token`. A signature that can't even be read is simply not. */
export function verifyToken(token: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  checkToken(token)
  try {
    const signed = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature)
    return signed.equals(Buffer.concat([SHA1_PREFIX, token]))
  } catch (error) {
    // OpenSSL throws for a wrong padding, which is what any other key's signature looks like.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

function checkToken(token: Uint8Array): void {
  if (token.length !== TOKEN_BYTES) {
    throw new AdbError('protocol', `Cannot use an ADB token as it has ${token.length} bytes: ${TOKEN_BYTES} are right`)
  }
}

/**
 * The key as the phone stores it in adb_keys: base64 of the structure above, a space, and who owns it (`user@host`).
 *
 * @throws AdbError `protocol` for a key that is not RSA with 2048 bits
 */
export function encodePublicKey(key: KeyObject, owner: string): string {
  const { n, e } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  const modulus = Buffer.from(n ?? '', 'base64url')
  if (modulus.length !== MODULUS_BYTES) {
    throw new AdbError('protocol', `Cannot use an ADB key as it has ${modulus.length * 8} bits: 2048 are needed`)
  }
  const number = BigInt(`0x${modulus.toString('hex')}`)
  const bytes = Buffer.alloc(PUBLIC_KEY_BYTES)
  bytes.writeUInt32LE(MODULUS_WORDS, 0)
  bytes.writeUInt32LE(negativeInverse(number), 4)
  bytes.set(reversed(modulus), 8)
  bytes.set(littleEndian(2n ** BigInt(2 * 8 * MODULUS_BYTES) % number), 8 + MODULUS_BYTES)
  bytes.writeUInt32LE(Number(`0x${Buffer.from(e ?? '', 'base64url').toString('hex')}`), 8 + 2 * MODULUS_BYTES)
  return `${bytes.toString('base64')} ${owner}`
}

/**
 * Reads such a line (the trailing NUL of the wire may be there). n0inv and rr are only shortcuts for the phone's own
 * arithmetic and are not looked at.
 *
 * @throws AdbError `protocol` when it is no RSA-2048 key
 */
export function decodePublicKey(line: string): { readonly key: KeyObject; readonly owner: string } {
  if (line.length > MAX_LINE) throw badKey(`the line has ${line.length} characters: ${MAX_LINE} are the most`)
  const [encoded = '', ...rest] = line.replace(/\0.*$/s, '').trim().split(/\s+/)
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length !== PUBLIC_KEY_BYTES) throw badKey(`it has ${bytes.length} bytes: ${PUBLIC_KEY_BYTES} are right`)
  if (bytes.readUInt32LE(0) !== MODULUS_WORDS) throw badKey('its modulus does not have 2048 bits')
  const n = reversed(bytes.subarray(8, 8 + MODULUS_BYTES))
  const exponent = bytes.readUInt32LE(8 + 2 * MODULUS_BYTES)
  if (exponent !== 3 && exponent !== 65537) throw badKey(`its exponent is ${exponent}`)
  const e = Buffer.from(exponent === 3 ? [3] : [1, 0, 1])
  try {
    const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') }
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), owner: rest.join(' ') }
  } catch (error) {
    throw badKey(messageOf(error))
  }
}

function badKey(why: string): AdbError {
  return new AdbError('protocol', `Cannot read an ADB public key as it is damaged: ${why}`)
}

/** -1 / n modulo 2^32, by Newton's iteration: each round doubles the correct bits, an odd n starts with three. */
function negativeInverse(n: bigint): number {
  const mask = 0xffffffffn
  const low = n & mask
  let inverse = low
  for (let round = 0; round < 4; round += 1) inverse = (inverse * (2n - low * inverse)) & mask
  return Number(-inverse & mask)
}

function littleEndian(number: bigint): Uint8Array {
  return reversed(Buffer.from(number.toString(16).padStart(2 * MODULUS_BYTES, '0'), 'hex'))
}

function reversed(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toReversed())
}
