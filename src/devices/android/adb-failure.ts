import { EndOfStreamError, TooLongError } from '../../core/bytes.js'
import { TimeoutError } from '../../core/deadline.js'
import { messageOf, systemCodeOf } from '../../core/errors.js'
import { AdbError, type AdbErrorCode } from './adb-error.js'

const SYSTEM_CODES: Readonly<Record<string, AdbErrorCode>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ETIMEDOUT: 'timeout',
  ENOENT: 'refused',
  EACCES: 'refused',
  EHOSTUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ENETUNREACH: 'refused',
  ENETDOWN: 'refused',
  ENOTFOUND: 'refused',
  EAI_AGAIN: 'refused',
  EADDRNOTAVAIL: 'refused',
  ERR_STREAM_PREMATURE_CLOSE: 'closed',
}

/** `error` as an `AdbError` when the network or the peer caused it; any other error as it is. `what`: "read the devices of …". */
export function toAdbError(error: unknown, what: string): unknown {
  if (error instanceof AdbError) return error
  const code = codeOf(error)
  return code === null ? error : new AdbError(code, `Cannot ${what} as ${reasonOf(code)}: ${messageOf(error)}`, error)
}

function codeOf(error: unknown): AdbErrorCode | null {
  if (error instanceof TimeoutError) return 'timeout'
  if (error instanceof EndOfStreamError) return 'closed'
  if (error instanceof TooLongError) return 'protocol'
  return SYSTEM_CODES[systemCodeOf(error) ?? ''] ?? null
}

function reasonOf(code: AdbErrorCode): string {
  if (code === 'refused') return 'nothing answers there'
  if (code === 'timeout') return 'no answer came in time'
  return code === 'closed' ? 'the connection ended' : 'the answer is not ADB'
}

/**
 * What the words of a FAIL mean. adb has no codes, only texts: AOSP transport.cpp `acquire_one_transport` ("device
 * 'x' not found", "device offline", "device unauthorized.\nThis adb server's …", "device still authorizing").
 */
export function failCode(text: string): AdbErrorCode {
  if (/\bunauthori[sz]ed\b|\bstill authori[sz]ing\b/i.test(text)) return 'unauthorized'
  return /\bnot found\b|\bno devices\b|\boffline\b|\bno emulators\b|still connecting|insufficient permissions|no permissions|no device with/i.test(
    text,
  )
    ? 'no_device'
    : 'fail'
}

/** A peer's words for a message: one line, printable, bounded. */
export function clipWords(text: string): string {
  // A peer must not be able to move the terminal's cursor.
  return text
    .slice(0, 400)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
}
