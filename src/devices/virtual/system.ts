import type { ByteStream } from '../../core/stream.js'

/** Standard streams of one command that runs on the virtual phone. */
export interface ShellIo {
  /** Ends when the host closes its side. */
  readonly stdin: AsyncIterable<Uint8Array>
  /** Resolves once accepted, so that a slow host slows the command. */
  stdout(bytes: Uint8Array | string): Promise<void>
  stderr(bytes: Uint8Array | string): Promise<void>
  /** Aborted when the host went away. */
  readonly signal: AbortSignal
}

/** What adbd asks of the phone around it: the seam between the wire and the simulated phone. */
export interface PhoneSystem {
  /** System properties as `getprop` shows them. */
  readonly props: ReadonlyMap<string, string>
  /** Runs `sh -c commandLine`; null is the interactive shell. Resolves with the exit code, never rejects for what the command did. */
  run(commandLine: string | null, io: ShellIo): Promise<number>
  /** The real file behind an absolute phone path; null when the path leaves the phone or the phone denies it to shell. */
  resolve(path: string): string | null
  /** Connects to a port on the phone's loopback. Rejects when nothing listens. */
  openPort(port: number): Promise<ByteStream>
}
