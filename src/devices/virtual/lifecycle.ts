import { randomBytes, randomInt } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../core/clock.js'
import type { Call } from '../../core/deadline.js'
import { DalaError, systemCodeOf } from '../../core/errors.js'
import { startOnePhone } from './detached.js'
import { isSameProcess } from './process-identity.js'
import { listPhones, removePhone, targetOf, type VirtualPhone } from './registry.js'
import { makeHome, servePhone, type ServedPhone, type ServeOptions } from './serve.js'

export interface StartOptions {
  /** Where virtual phones are registered. Made when missing. */
  readonly dir: string
  readonly count: number
  readonly profile: string
  /** Major Android version; null: the profile's own. */
  readonly androidVersion: number | null
  /** Of the phones' randomness: the first phone has it, the next one more; null: any. */
  readonly seed: number | null
  /** Phone seconds in one second of ours. */
  readonly timeScale: number
  /** Only for a single phone; null: a new one each. */
  readonly serial: string | null
  /** True: processes of their own, which survive us. False: served by this process until the call's signal aborts. */
  readonly detach: boolean
  readonly clock: Clock
  /** Told what goes wrong at a phone of this process, one line each. */
  readonly log: (line: string) => void
  /** The compiled main.ts; by default the one beside this file. */
  readonly mainFile?: string
}

export interface StartedPhones {
  readonly phones: readonly VirtualPhone[]
  /** Resolves when this process has nothing left to do for them: at once when detached, otherwise when all have ended. */
  readonly ended: Promise<void>
}

/** How long a phone may take to end by itself, and after that to be ended, ms. */
const GRACE_MS = 5000
/** Between two looks at a process that is not our child, so that nothing tells us of its end, ms. */
const LOOK_MS = 25

/**
 * Starts virtual phones: all of them, or none. `call.timeoutMs` bounds each detached start; `call.signal` gives the
 * start up and, in the foreground, ends the phones.
 *
 * @throws DalaError DALA_VIRTUAL_START, DALA_PROFILE_UNKNOWN, DALA_USAGE (a serial for several)
 */
export async function startVirtualPhones(options: StartOptions, call: Call): Promise<StartedPhones> {
  const { count, serial } = options
  if (serial !== null && count !== 1) {
    throw new DalaError('DALA_USAGE', `Cannot start ${count} virtual phones as one serial was given for all`, {
      fix: ['Leave the serial out, or start one phone'],
    })
  }
  const seed = options.seed ?? randomInt(2 ** 31)
  const wanted = Array.from({ length: count }, (_, index) => ({
    dir: resolve(options.dir),
    profile: options.profile,
    androidVersion: options.androidVersion,
    seed: seed + index,
    timeScale: options.timeScale,
    serial: serial ?? `DALA${randomBytes(4).toString('hex').toUpperCase()}`,
  }))
  return options.detach ? startDetachedPhones(wanted, options, call) : servePhones(wanted, options, call.signal)
}

type Wanted = Omit<ServeOptions, 'home' | 'clock' | 'log'>

async function startDetachedPhones(
  wanted: readonly Wanted[],
  { mainFile }: StartOptions,
  call: Call,
): Promise<StartedPhones> {
  const entry = mainFile ?? fileURLToPath(new URL('main.js', import.meta.url))
  const phones: VirtualPhone[] = []
  try {
    for (const one of wanted) phones.push(await startOnePhone(one, entry, call))
  } catch (error) {
    for (const phone of phones) signalPhone(phone, 'SIGTERM')
    throw error
  }
  return { phones, ended: Promise.resolve() }
}

async function servePhones(
  wanted: readonly Wanted[],
  { clock, log }: StartOptions,
  signal: AbortSignal,
): Promise<StartedPhones> {
  const served: ServedPhone[] = []
  const closeAll = async (): Promise<void> => {
    await Promise.all(served.map((one) => one.close()))
  }
  try {
    for (const one of wanted) {
      signal.throwIfAborted()
      served.push(await serveHere(one, { clock, log }))
    }
    signal.throwIfAborted()
  } catch (error) {
    await closeAll()
    throw error
  }
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return { phones: served.map(({ phone }) => phone), ended: aborted.then(closeAll) }
}

async function serveHere(wanted: Wanted, around: Pick<ServeOptions, 'clock' | 'log'>): Promise<ServedPhone> {
  const home = await makeHome(wanted.dir)
  try {
    return await servePhone({ ...wanted, home, ...around })
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    throw error
  }
}

/** The virtual phones that run, lowest id first. */
export function listVirtualPhones(dir: string): Promise<readonly VirtualPhone[]> {
  return listPhones(dir)
}

/**
 * Ends these phones, or all: asked to end, and killed when they have not within 5 s. A phone served in the foreground
 * ends with its process, and so with that process's other phones. Resolves with what was ended.
 *
 * @throws DalaError DALA_VIRTUAL_NOT_FOUND for an id that does not run; then nothing is ended
 */
export async function stopVirtualPhones(
  which: readonly string[] | 'all',
  { dir, clock }: { readonly dir: string; readonly clock: Clock },
  signal: AbortSignal,
): Promise<readonly VirtualPhone[]> {
  const running = await listPhones(dir)
  const missing = which === 'all' ? [] : which.filter((id) => running.every((phone) => phone.id !== id))
  if (missing.length > 0) throw notFound(missing, running)
  const chosen = running.filter(({ id }) => which === 'all' || which.includes(id))
  await Promise.all(chosen.map((phone) => stopPhone(phone, clock, signal)))
  for (const phone of chosen) await removePhone(dir, phone)
  return chosen
}

function notFound(missing: readonly string[], running: readonly VirtualPhone[]): DalaError {
  const known = running.map(({ id, serial }) => `${id} (${serial})`).join(', ')
  return new DalaError('DALA_VIRTUAL_NOT_FOUND', `Cannot find ${missing.join(', ')} as no such virtual phone runs`, {
    fix: [known === '' ? 'None runs: start one with "dala virtual start"' : `Give one of those that run: ${known}`],
  })
}

async function stopPhone(phone: VirtualPhone, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const how of ['SIGTERM', 'SIGKILL'] as const) {
    signalPhone(phone, how)
    const until = clock.monotonicMs() + GRACE_MS
    while (clock.monotonicMs() < until) {
      if (!(await isSameProcess(phone, targetOf(phone)))) return
      await clock.sleep(LOOK_MS, signal)
    }
  }
  throw new Error(`Cannot stop ${phone.id} as its process ${phone.pid} has survived SIGKILL`)
}

function signalPhone({ pid }: VirtualPhone, how: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, how)
  } catch (error) {
    // It has ended since we looked, which is what is wanted.
    if (systemCodeOf(error) !== 'ESRCH') throw error
  }
}
