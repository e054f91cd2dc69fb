import { EndOfStreamError } from '../../core/bytes.js'
import { isSystemError, messageOf } from '../../core/errors.js'
import { AdbError } from '../android/adb-error.js'

/**
 * What a phone's log is to say of what ended a connection or a service; null when a host has just gone away, which is
 * everyday. A host that does not speak ADB is worth a line; everything else is a bug, told with its stack.
 */
export function complaintOf(error: unknown): string | null {
  if (error instanceof AdbError) return error.code === 'closed' ? null : error.message
  if (error instanceof EndOfStreamError || isSystemError(error)) return null
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}
