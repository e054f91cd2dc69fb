import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialTcp } from '../../src/core/stream.js'
import { loadAdbKeys } from '../../src/devices/android/adb-keys.js'
import { connectAdbd } from '../../src/devices/android/adbd-client.js'
import { runShell } from '../../src/devices/android/shell.js'

/** Runs a command on the phone whose adbd listens at `address`, past the program under test; resolves with its stdout. */
export async function phoneShell(address: string, command: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'dala-key-'))
  const call = { signal: new AbortController().signal, timeoutMs: 10_000 }
  try {
    const { keys } = await loadAdbKeys({ home, vendorKeys: null, ownDir: home })
    const [host = '', port] = address.split(':')
    const transport = await connectAdbd({ host, port: Number(port) }, { dial: dialTcp, keys }, call)
    try {
      return (await runShell(transport, command, call)).stdout
    } finally {
      transport.close()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
