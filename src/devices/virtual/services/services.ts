import { messageOf } from '../../../core/errors.js'
import type { ByteStream } from '../../../core/stream.js'
import type { OpenHandler } from '../../android/wire/connection.js'
import { complaintOf } from '../complaint.js'
import type { PhoneSystem } from '../system.js'
import { parseShellService, runShell } from './shell.js'
import { serveSync } from './sync.js'
import { connectPort } from './tcp.js'

/** Serves one opened stream to its end; may reject. */
export type Service = (stream: ByteStream) => Promise<void>

/**
 * What adbd answers to OPEN (AOSP packages/modules/adb/daemon/services.cpp daemon_service_to_fd()): services it does not
 * have, the adb server's own `host:` among them, are refused with CLSE.
 */
export function openService(system: PhoneSystem, log: (line: string) => void): OpenHandler {
  return async (name) => {
    const service = await find(system, name).catch((error: unknown) => {
      // A bug of the phone refuses one service, which is CLSE, and not the whole connection.
      log(`Cannot open ${JSON.stringify(name.slice(0, 80))}: ${complaintOf(error) ?? messageOf(error)}`)
      return null
    })
    if (service === null) return null
    return (stream) => {
      service(stream).then(
        () => stream.close(),
        (error: unknown) => {
          stream.close()
          const complaint = complaintOf(error)
          if (complaint !== null) log(`Cannot go on with ${JSON.stringify(name.slice(0, 80))}: ${complaint}`)
        },
      )
    }
  }
}

async function find(system: PhoneSystem, name: string): Promise<Service | null> {
  const shell = parseShellService(name)
  if (shell !== null) return (stream) => runShell(system, shell, stream)
  if (name === 'sync:') return (stream) => serveSync(system, stream)
  if (name.startsWith('tcp:')) return connectPort(system, name.slice('tcp:'.length))
  return null
}
