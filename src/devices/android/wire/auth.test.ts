import { generateKeyPairSync, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AdbError } from '../adb-error.js'
import { decodePublicKey, encodePublicKey, signToken, verifyToken } from './auth.js'

const mine = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })

describe('RSA auth', () => {
  it('accepts the signature of the key, and of no other', () => {
    const token = randomBytes(20)
    const signature = signToken(token, mine.privateKey)
    expect(verifyToken(token, signature, mine.publicKey)).toBe(true)
    expect(verifyToken(randomBytes(20), signature, mine.publicKey)).toBe(false)
    expect(verifyToken(token, signature, other.publicKey)).toBe(false)
    expect(verifyToken(token, new Uint8Array(0), mine.publicKey)).toBe(false)
    expect(verifyToken(token, randomBytes(4000), mine.publicKey)).toBe(false)
  })

  it('signs only what can be a token', () => {
    expect(() => signToken(randomBytes(21), mine.privateKey)).toThrow('it has 21 bytes: 20 are right')
  })

  it('keeps the key and its owner through the line that a phone stores', () => {
    const line = encodePublicKey(mine.privateKey, 'ann@host')
    expect(encodePublicKey(mine.publicKey, 'ann@host')).toBe(line)
    const { key, owner } = decodePublicKey(`${line}\0`)
    expect(owner).toBe('ann@host')
    expect(key.equals(mine.publicKey)).toBe(true)
  })

  it('gives the phone its shortcuts: n * n0inv = -1 mod 2^32, and rr = 2^4096 mod n', () => {
    const bytes = Buffer.from(encodePublicKey(mine.publicKey, '').trim(), 'base64')
    const numberAt = (at: number): bigint =>
      BigInt(`0x${Buffer.from(bytes.subarray(at, at + 256).toReversed()).toString('hex')}`)
    const n = numberAt(8)
    expect((n * BigInt(bytes.readUInt32LE(4))) % 2n ** 32n).toBe(2n ** 32n - 1n)
    expect(numberAt(264)).toBe(2n ** 4096n % n)
    expect([bytes.readUInt32LE(0), bytes.readUInt32LE(520)]).toEqual([64, 65537])
  })

  it('refuses keys that are not RSA-2048', () => {
    expect(() => encodePublicKey(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey, '')).toThrow('2048')
    expect(() => encodePublicKey(generateKeyPairSync('ed25519').publicKey, '')).toThrow(AdbError)
  })

  it('calls any damaged line a protocol error', () => {
    const line = encodePublicKey(mine.publicKey, 'x')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat(600).map((at) => line.slice(0, at)),
          fc.constant('A'.repeat(9999)),
        ),
        (text) => {
          expect(() => decodePublicKey(text)).toThrow(AdbError)
        },
      ),
    )
  })
})
