import { TimeoutError } from '../../../core/deadline.js'
import { isSystemError } from '../../../core/errors.js'
import type { ByteStream } from '../../../core/stream.js'
import type { PhoneSystem } from '../system.js'
import type { Service } from './services.js'

/** `tcp:PORT`: a connection to a port of the phone itself; null when the port is no port or nothing listens. */
export async function connectPort(system: PhoneSystem, port: string): Promise<Service | null> {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0
  if (number < 1 || number > 65535) return null
  const connected = await system.openPort(number).then(
    (far) => ({ far }),
    (error: unknown) => {
      // Nothing listens there, or not in time: the host hears it as CLSE, the only answer ADB has.
      if (isSystemError(error) || error instanceof TimeoutError) return null
      throw error
    },
  )
  if (connected === null) return null
  return (stream) => join(stream, connected.far)
}

/** ADB knows no half-close: when one side has ended and its bytes are delivered, both end. */
async function join(stream: ByteStream, far: ByteStream): Promise<void> {
  try {
    await Promise.race([copy(stream, far), copy(far, stream)])
  } finally {
    stream.close()
    far.close()
  }
}

async function copy(from: ByteStream, to: ByteStream): Promise<void> {
  for (let bytes = await from.read(); bytes !== null; bytes = await from.read()) await to.write(bytes)
}
