import { TimeoutError, withDeadline, type Call } from '../core/deadline.js'
import { DalaError, ERROR_CODES, type ErrorCode } from '../core/errors.js'
import { mergeBy, mergeDevices } from './merge.js'
import { SourceAbsentError } from './source-absent.js'
import { UnusableStateError } from './unusable-error.js'
import type { DeviceInfo, DeviceSession, DeviceSource, DeviceState, FoundDevice } from './types.js'

/** Why a source listed nothing. */
export interface SourceProblem {
  readonly source: string
  /** The source isn't there (no adb server runs), which need not be wrong; false: it is there and failed. */
  readonly absent: boolean
  /** Null when absent. */
  readonly code: ErrorCode | null
  readonly message: string
  readonly fix: readonly string[]
}

/** The worst exit code of the sources that failed: their phones are missing from the list. 0 when none did. */
export function sourcesExitCode(problems: readonly SourceProblem[]): number {
  return Math.max(0, ...problems.map(({ code }) => (code === null ? 0 : ERROR_CODES[code].exit)))
}

export interface Listing {
  readonly devices: readonly FoundDevice[]
  readonly problems: readonly SourceProblem[]
}

export interface DescribedDevice {
  /** As found, or with the state `timeout` when it did not answer. */
  readonly device: FoundDevice
  /** Null unless the phone was ready and answered. */
  readonly info: DeviceInfo | null
}

export interface DeviceHubParts {
  readonly sources: readonly DeviceSource[]
  readonly openSession: (device: FoundDevice) => DeviceSession
}

/** A source or a phone that takes longer is given up, so that it never delays the others (host time). */
const PATIENCE_MS = 2000

/** All phones of all sources. */
export class DeviceHub {
  readonly #sources: readonly DeviceSource[]
  readonly #openSession: (device: FoundDevice) => DeviceSession

  constructor({ sources, openSession }: DeviceHubParts) {
    this.#sources = sources
    this.#openSession = openSession
  }

  /** Asks all sources at once, 2 s at most. Rejects only with the caller's abort reason, or for a bug. */
  async list(call: Call): Promise<Listing> {
    const answers = await Promise.all(this.#sources.map((source) => listOne(source, call)))
    return {
      devices: mergeDevices(answers.flatMap(({ devices }) => devices)),
      problems: answers.flatMap(({ problems }) => problems),
    }
  }

  /** Asks each ready phone what it is, all at once, 2 s at most; the same phone found twice becomes one. */
  async describeAll(devices: readonly FoundDevice[], call: Call): Promise<DescribedDevice[]> {
    const described = await Promise.all(devices.map((device) => this.#describe(device, call)))
    const infos = new Map(described.map(({ device, info }) => [device, info]))
    const merged = mergeBy(
      described.map(({ device }) => device),
      (device) => bootKeys(infos.get(device) ?? null),
    )
    return merged.map((device) => {
      const whole = described.find(({ device: { id } }) => id === device.id)
      return { device, info: whole?.info ?? null }
    })
  }

  open(device: FoundDevice): DeviceSession {
    return this.#openSession(device)
  }

  async #describe(device: FoundDevice, call: Call): Promise<DescribedDevice> {
    if (device.state.name !== 'ready') return { device, info: null }
    const bounds = bounded(call)
    const session = this.#openSession(device)
    try {
      return { device, info: await withDeadline(bounds, 'The phone', (signal) => session.info({ ...bounds, signal })) }
    } catch (error) {
      return { device: { ...device, state: stateAfter(error, call, bounds.timeoutMs) }, info: null }
    } finally {
      session.close()
    }
  }
}

async function listOne(source: DeviceSource, call: Call): Promise<Listing> {
  const bounds = bounded(call)
  try {
    const what = `Listing the phones of ${source.name}`
    return { devices: await withDeadline(bounds, what, (signal) => source.list({ ...bounds, signal })), problems: [] }
  } catch (error) {
    call.signal.throwIfAborted()
    return { devices: [], problems: [problemOf(error, source)] }
  }
}

function bounded({ signal, timeoutMs }: Call): Call {
  return { signal, timeoutMs: Math.min(timeoutMs, PATIENCE_MS) }
}

/** @throws the error itself when it is nothing that a source may fail with */
function problemOf(error: unknown, { name: source, whenLate }: DeviceSource): SourceProblem {
  if (error instanceof SourceAbsentError) {
    return { source, absent: true, code: null, message: error.message, fix: error.fix }
  }
  if (error instanceof DalaError) {
    return { source, absent: false, code: error.code, message: error.message, fix: error.fix }
  }
  if (!(error instanceof TimeoutError)) throw error
  const { code, who, fix } = whenLate
  const message = `Cannot list the phones of ${who} as it gave no answer within ${error.timeoutMs} ms`
  return { source, absent: false, code, message, fix: [fix] }
}

/** @throws the caller's abort reason, and every error that isn't the phone's */
function stateAfter(error: unknown, call: Call, timeoutMs: number): DeviceState {
  call.signal.throwIfAborted()
  if (error instanceof TimeoutError) return timedOutState(timeoutMs)
  if (!(error instanceof DalaError)) throw error
  if (error instanceof UnusableStateError) return { ...error.state, detail: error.message, fix: error.fix[0] }
  return { ...timedOutState(timeoutMs), detail: error.message, fix: error.fix[0] }
}

/** A phone that is listed as ready but did not answer in time. */
function timedOutState(timeoutMs: number): DeviceState {
  return {
    name: 'timeout',
    detail: `no answer within ${timeoutMs} ms`,
    cause: 'The phone is listed as ready but did not answer',
    fix: 'Unlock it, look at its cable or network, and run the command again',
  }
}

/** What only the same phone in the same boot can share. A serial alone is not enough: emulators of a version share theirs. */
function bootKeys(info: DeviceInfo | null): string[] {
  return info?.bootId == null || info.serial === null ? [] : [`${info.serial} ${info.bootId}`]
}
