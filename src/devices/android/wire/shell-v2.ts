/** Packet ids of the shell protocol, version 2 (AOSP packages/modules/adb/shell_protocol.h). */
export const SHELL_ID = { stdin: 0, stdout: 1, stderr: 2, exit: 3, closeStdin: 4, windowSize: 5 } as const

/** A packet is an id byte, a little-endian u32 length, and that many bytes. */
export const SHELL_HEADER_BYTES = 5

export interface ShellHeader {
  readonly id: number
  readonly length: number
}

export function encodeShellPacket(id: number, payload: Uint8Array): Uint8Array {
  const packet = Buffer.allocUnsafe(SHELL_HEADER_BYTES + payload.length)
  packet.writeUInt8(id, 0)
  packet.writeUInt32LE(payload.length, 1)
  packet.set(payload, SHELL_HEADER_BYTES)
  return packet
}

export function decodeShellHeader(header: Uint8Array): ShellHeader {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  return { id: view.getUint8(0), length: view.getUint32(1, true) }
}
