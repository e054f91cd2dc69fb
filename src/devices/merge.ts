import type { FoundDevice, Link } from './types.js'

/** What is quickest and surest first. */
const LINK_ORDER = ['virtual', 'usb', 'wifi', 'tcp', 'emulator', 'simulator'] as const

/** adb's mDNS names hold the phone's own serial: `adb-SERIAL-xxxxxx._adb-tls-connect._tcp`, ` (2)` if taken. */
const MDNS_NAME = /^adb-(.+)-[^-]+?(?: \(\d+\))?\._adb/

/**
 * One device for each phone: what shares an address, or whose mDNS name holds another's serial, is the same phone with
 * several links. Order is that of the first sighting.
 */
export function mergeDevices(devices: readonly FoundDevice[]): FoundDevice[] {
  return mergeBy(devices, (device) => device.links.flatMap(keysOf))
}

/** Merges the devices that share a key. Keys of one device join all that have any of them. */
export function mergeBy(
  devices: readonly FoundDevice[],
  keysOf: (device: FoundDevice) => readonly string[],
): FoundDevice[] {
  const groups: FoundDevice[][] = []
  const groupOf = new Map<string, FoundDevice[]>()
  for (const device of devices) {
    const keys = keysOf(device)
    const group = keys.map((key) => groupOf.get(key)).find((found) => found !== undefined) ?? []
    if (group.length === 0) groups.push(group)
    for (const key of keys) {
      const other = groupOf.get(key)
      // The device joins two groups that were apart.
      if (other !== undefined && other !== group) {
        group.push(...other.splice(0))
        for (const [theirs, owner] of groupOf) if (owner === other) groupOf.set(theirs, group)
      }
      groupOf.set(key, group)
    }
    group.push(device)
  }
  return groups.flatMap((group) => {
    const [first, ...rest] = group
    return first === undefined ? [] : [rest.reduce(mergeTwo, first)]
  })
}

function keysOf({ address }: Link): string[] {
  const host = address.toLowerCase().replace(/^localhost:/, '127.0.0.1:')
  const serial = MDNS_NAME.exec(address)?.[1]?.toLowerCase()
  return serial === undefined ? [host] : [host, serial]
}

/** The better one gives name and state; links of a phone that is not ready there come last. */
function mergeTwo(one: FoundDevice, other: FoundDevice): FoundDevice {
  const [best, second] = rank(other) < rank(one) ? [other, one] : [one, other]
  const known = new Set(best.links.map(({ via, address }) => `${via} ${address}`))
  const extra = second.links.filter(({ via, address }) => !known.has(`${via} ${address}`))
  const [first, ...rest] = best.links
  const same = (best.state.name === 'ready') === (second.state.name === 'ready')
  const others = same ? [...rest, ...extra].toSorted((a, b) => order(a) - order(b)) : [...rest, ...extra]
  return { ...best, links: [first, ...others], hints: { ...second.hints, ...best.hints } }
}

function rank({ state, links }: FoundDevice): number {
  return (state.name === 'ready' ? 0 : 100) + order(links[0])
}

function order({ transport, via }: Link): number {
  // A connection of our own to a phone that the adb server has is for when that server dies.
  const spare = via === 'adbd' && transport !== 'virtual'
  return LINK_ORDER.indexOf(transport) + (spare ? LINK_ORDER.length : 0)
}
