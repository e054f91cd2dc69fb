import type { Call } from '../../core/deadline.js'
import type { ByteStream } from '../../core/stream.js'

/** One phone's adbd, reached through the adb server or by a connection of our own. */
export interface AdbTransport {
  /** What the phone's adbd can do: `shell_v2`, `cmd`, … */
  readonly features: ReadonlySet<string>
  /** Opens a service such as `shell,v2,raw:id`. @throws AdbError */
  open(service: string, call: Call): Promise<ByteStream>
  close(): void
}
