import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TimeoutError, withDeadline, type Call } from '../../core/deadline.js'
import { DalaError, ERROR_CODES, messageOf, systemCodeOf, type ErrorCode } from '../../core/errors.js'
import { startDetached, type DetachedProcess } from '../../core/exec.js'
import type { VirtualPhone } from './registry.js'
import { makeHome, type ServeOptions } from './serve.js'

/** What main.ts says on its first line. */
export type StartReply =
  | { readonly ready: VirtualPhone }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly fix: readonly string[] } }

/** What is shown of a failed phone's log, characters. */
const LOG_TAIL = 2000

/**
 * Starts a phone as a process of its own that survives us, and waits until it is ready.
 *
 * @throws DalaError as the phone's own process gave it, or DALA_VIRTUAL_START with its stderr; the caller's abort reason
 */
export async function startOnePhone(
  options: Omit<ServeOptions, 'home' | 'clock' | 'log'>,
  mainFile: string,
  call: Call,
): Promise<VirtualPhone> {
  const { dir, profile, serial, seed, timeScale, androidVersion } = options
  const home = await makeHome(dir)
  const logFile = join(home, 'phone.log')
  const flags = { dir, home, profile, serial, seed: String(seed), 'time-scale': String(timeScale) }
  const version = androidVersion === null ? {} : { 'android-version': String(androidVersion) }
  const args = Object.entries({ ...flags, ...version }).map(([name, value]) => `--${name}=${value}`)
  let child: DetachedProcess | null = null
  try {
    child = await startDetached([process.execPath, mainFile, ...args], { logFile, cwd: dir })
    const { firstLine } = child
    const line = await withDeadline(call, 'Starting a virtual phone', () => firstLine)
    return await readReply(line, child, logFile)
  } catch (error) {
    child?.kill()
    await child?.ended
    const told = call.signal.aborted || error instanceof DalaError ? error : await startFailure(error, logFile)
    await rm(home, { recursive: true, force: true })
    throw told
  } finally {
    child?.release()
  }
}

async function readReply(line: string | null, child: DetachedProcess, logFile: string): Promise<VirtualPhone> {
  if (line === null) {
    const { exitCode, signal } = await child.ended
    throw await startFailure(new Error(`its process ended with ${signal ?? exitCode ?? 'no exit code'}`), logFile)
  }
  const reply = JSON.parse(line) as StartReply
  if ('ready' in reply) return reply.ready
  const { code, message, fix } = reply.error
  const [first = 'Read the message above', ...more] = fix
  throw new DalaError(code in ERROR_CODES ? code : 'DALA_VIRTUAL_START', message, { fix: [first, ...more] })
}

async function startFailure(error: unknown, logFile: string): Promise<DalaError> {
  const log = await readLog(logFile)
  const late = error instanceof TimeoutError
  const why = late ? `it was not ready within ${error.timeoutMs} ms` : messageOf(error)
  const said = log.trim() === '' ? 'It said nothing on stderr.' : `It said on stderr:\n${log.trim().slice(-LOG_TAIL)}`
  const fix = late ? 'Try again: a loaded computer may need longer' : 'Run it without --detach to watch it start'
  return new DalaError('DALA_VIRTUAL_START', `Cannot start a virtual phone as ${why}. ${said}`, {
    fix: [fix],
    cause: error,
  })
}

async function readLog(logFile: string): Promise<string> {
  try {
    return await readFile(logFile, 'utf8')
  } catch (error) {
    // The phone's folder is already gone when it has tidied up after itself.
    if (systemCodeOf(error) === 'ENOENT') return ''
    throw error
  }
}
