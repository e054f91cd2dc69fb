import { readFile } from 'node:fs/promises'
import { systemCodeOf } from '../../core/errors.js'
import { dialTcp, type Target } from '../../core/stream.js'

/** A process, and what tells it from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, as the kernel counts it; null where the kernel does not say (no /proc). */
  readonly startTime: string | null
}

/** How long a loopback port may take to answer, ms. */
const ANSWER_MS = 1000

/** A process that runs, such as this one. */
export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startTime: (await readProcStat(pid))?.startTime ?? null }
}

/**
 * Whether that very process still runs. Without a start time to compare, a process of that number that listens on its
 * address counts as it.
 */
export async function isSameProcess({ pid, startTime }: ProcessIdentity, address: Target): Promise<boolean> {
  if (!mayBeSignalled(pid)) return false
  const now = await readProcStat(pid)
  if (now === null || startTime === null) return answers(address)
  // A zombie has ended; only nobody has asked for its exit code yet.
  return now.startTime === startTime && now.state !== 'Z'
}

function mayBeSignalled(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // ESRCH: it is gone. EPERM: it is somebody else's, so it is not the one we started.
    if (systemCodeOf(error) === null) throw error
    return false
  }
}

/** Fields 3 and 22 of /proc/PID/stat, proc(5); the name in field 2 may hold spaces and parentheses. */
async function readProcStat(pid: number): Promise<{ readonly state: string; readonly startTime: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === null) throw error
    return null
  })
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, startTime] = [fields?.[0], fields?.[19]]
  return state === undefined || startTime === undefined ? null : { state, startTime }
}

async function answers(address: Target): Promise<boolean> {
  try {
    const stream = await dialTcp(address, { signal: new AbortController().signal, timeoutMs: ANSWER_MS })
    stream.close()
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}
