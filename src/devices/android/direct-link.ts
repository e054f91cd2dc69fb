import type { Call } from '../../core/deadline.js'
import { parseHostPort } from '../../core/host-port.js'
import type { Dial } from '../../core/stream.js'
import { AdbError } from './adb-error.js'
import { loadAdbKeys, type AdbKeyPlaces, type AdbKeys } from './adb-keys.js'
import { connectAdbd } from './adbd-client.js'
import type { AdbTransport } from './transport.js'

/** Connects straight to the adbd at `host:port`. */
export type OpenDirect = (address: string, call: Call) => Promise<AdbTransport>

/**
 * Opens connections of our own to phones' adbds with the user's keys, which are read once, with the first.
 * Rejects as `connectAdbd` does.
 */
export function directLinks(places: AdbKeyPlaces, dial: Dial): OpenDirect {
  let loading: Promise<AdbKeys> | null = null
  return async (address, call) => {
    const target = parseHostPort(address)
    if (target === null) throw new AdbError('refused', `Cannot connect to ${address} as it is not HOST:PORT`)
    loading ??= loadAdbKeys(places).catch((error: unknown) => {
      // What keeps us from a key may be over at the next attempt.
      loading = null
      throw error
    })
    const { keys, skipped } = await loading
    return connectAdbd(target, { dial, keys, skipped }, call)
  }
}
