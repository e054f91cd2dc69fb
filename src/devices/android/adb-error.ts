/**
 * Why something between us and a phone's adbd failed:
 * - `refused`: nothing listens, or the host can't be reached
 * - `closed`: the connection ended in the middle
 * - `timeout`: no answer in time
 * - `protocol`: an answer that isn't ADB
 * - `fail`: the adb server said FAIL, or adbd refused the service; the message holds its words
 * - `no_device`: the adb server does not have that phone (any more), or it is offline
 * - `unauthorized`: the phone has not accepted this computer's key
 */
export type AdbErrorCode = 'refused' | 'closed' | 'timeout' | 'protocol' | 'fail' | 'no_device' | 'unauthorized'

export class AdbError extends Error {
  override readonly name = 'AdbError'
  readonly code: AdbErrorCode
  /** What to do besides what is always to do about that code, one line each. */
  readonly fix: readonly string[]

  constructor(code: AdbErrorCode, message: string, cause?: unknown, fix: readonly string[] = []) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.fix = fix
  }
}
