import type { Target } from './stream.js'

/** What adb writes before addresses that are no TCP host: `vsock:2:5555`, `local:path`; `tcp:5037` is a port alone. */
const SCHEMES = new Set(['tcp', 'vsock', 'local', 'localabstract', 'localreserved', 'localfilesystem'])

/** `host:port`, or `[address]:port` for IPv6, as a target to dial; null for anything else. */
export function parseHostPort(text: string): Target | null {
  const [, six, name, digits] = /^(?:\[([0-9a-f:.]+(?:%[^\]\s]+)?)\]|([^\s:[\]/]+)):(\d{1,5})$/i.exec(text) ?? []
  const host = six ?? name
  const port = Number(digits)
  if (host === undefined || port < 1 || port > 65_535) return null
  return name !== undefined && SCHEMES.has(name) ? null : { host, port }
}

/** The target as people write it, IPv6 in brackets. */
export function formatHostPort({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
