import type { Liveness } from './types.js'

/** What the process list alone can tell; null when it was not asked or did not answer. */
export function livenessOfProcess(appPids: readonly number[] | null): Liveness | null {
  if (appPids === null) return null
  return appPids.length > 0 ? 'process_only' : 'app_dead'
}
