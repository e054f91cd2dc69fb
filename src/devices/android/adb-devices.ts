import { linesOf } from '../../core/lines.js'

export type AdbLinkKind = 'usb' | 'tcp' | 'mdns' | 'emulator'

/** One line of `adb devices`. */
export interface AdbDeviceLine {
  /** As the server knows it; an mDNS serial can contain spaces. `(no serial number)` and `????????????` are kept. */
  readonly serial: string
  /** The state as printed, unknown words and trailing advice included. */
  readonly state: string
  readonly kind: AdbLinkKind
  /** True only for the state `device`. */
  readonly usable: boolean
  /** `product`, `model`, `device`, `usb`, `transport_id` and whatever else the server adds as `key:value`. */
  readonly props: Readonly<Record<string, string>>
}

/** Longer than any line adb writes: serial, state with its advice, and five properties of at most 92 characters. */
const MAX_LINE = 4096

/** State words of AOSP packages/modules/adb/adb.h `ConnectionState` as adb.cpp `to_string` prints them. */
const STATE_WORDS = new Set(
  'device offline unauthorized authorizing connecting recovery sideload rescue bootloader host detached unknown'.split(
    ' ',
  ),
)
/** Keys of transport.cpp `append_transport`; they end a state even inside a bracket that was never closed. */
const KNOWN_PROP = /^(?:usb|product|model|device|transport_id|features):/
/** Any other key; a URL (`http://…`) of a state's advice is not one. */
const ANY_PROP = /^[A-Za-z_][\w.-]*:(?!\/\/)\S/
/** Service types of adb_mdns.h; the instance name before them is free text and can contain spaces: `adb-X-y (2)`. */
const MDNS_SERIAL = /^\S.*?\._adb(?:-tls-connect|-tls-pairing)?\._tcp\S*/
const MDNS = /\._adb(?:-tls-connect|-tls-pairing)?\._tcp/
const ADDRESS = /^(?:\[[^\]\s]+\]|[^:\s]+):\d{1,5}$|^(?:vsock|tcp):\S+$/
/** Lines that adb, its daemon's start and shells write around the list; no serial starts so. */
const CHATTER =
  /^(?:\*|---|\$|#|>|List of?\b|(?:adb(?:\.exe)?|ADB|error|warning|Full|Server|cannot|could|failed) |\S*:\s|\S*:$)/i
/** Control characters other than a tab tell binary garbage from a line of adb. */
const GARBAGE = /(?!\t)\p{Cc}|\ufffd/u

/**
 * Reads the output of `adb devices`, `adb devices -l`, or one answer of `host:devices-l` and `host:track-devices-l`.
 * Never throws; what is not a device line is left out. Linear in the input.
 *
 * @example parseAdbDevices('List of devices attached\nR58M\tdevice\n') // [{ serial: 'R58M', state: 'device', … }]
 */
export function parseAdbDevices(text: string): AdbDeviceLine[] {
  const devices: AdbDeviceLine[] = []
  for (const line of linesOf(text, MAX_LINE)) {
    const device = parseLine(line.trim())
    if (device !== null) devices.push(device)
  }
  return devices
}

function parseLine(line: string): AdbDeviceLine | null {
  if (line === '' || CHATTER.test(line) || GARBAGE.test(line) || /\badb(?:\.exe)? devices\b/.test(line)) return null
  const serial = serialOf(line)
  const rest = line.slice(serial.length).trim()
  // Only a serial: the line was cut before its state.
  if (rest === '') return null
  const { state, props } = splitState(rest)
  if (state === '') return null
  return { serial, state, kind: kindOf(serial, props), usable: state === 'device', props }
}

/**
 * adb pads the serial to 22 columns or puts a tab behind it (transport.cpp), so a tab or a run of spaces ends it, even
 * before a state of several words. A single space is left where the serial is longer, or where somebody squeezed the
 * columns: there only an mDNS name, or a ` (2)` that mDNS adds to a name already taken, can hold spaces.
 */
function serialOf(line: string): string {
  const fixed = /^\(no serial number\)(?=\s)/.exec(line) ?? MDNS_SERIAL.exec(line)
  if (fixed !== null) return fixed[0]
  const gap = /\t|\s{2,}/.exec(line)
  if (gap !== null) {
    const before = line.slice(0, gap.index)
    const next = line.slice(gap.index).trimStart()
    if (!isProp(next) && !endsWithState(before)) return before
  }
  return /^\S+(?: \(\d+\)\S*)*/.exec(line)?.[0] ?? line
}

/** `emulator-5554 device` before a wide gap: the gap came after the state, not after the serial. */
function endsWithState(text: string): boolean {
  const words = text.split(/\s+/)
  const second = words[1]
  return second !== undefined && (STATE_WORDS.has(second) || (second === 'no' && words[2]?.startsWith('perm') === true))
}

function isProp(text: string): boolean {
  return KNOWN_PROP.test(text) || ANY_PROP.test(text)
}

/** The state is everything up to the first `key:value` outside of brackets. */
function splitState(rest: string): { readonly state: string; readonly props: Record<string, string> } {
  const props = new Map<string, string>()
  let depth = 0
  let stateEnd = rest.length
  for (const match of rest.matchAll(/\S+/g)) {
    const [word] = match
    const inState = stateEnd === rest.length
    if (inState && !(KNOWN_PROP.test(word) || (depth === 0 && ANY_PROP.test(word)))) {
      depth += bracketBalance(word)
      continue
    }
    if (inState) stateEnd = match.index
    const colon = word.indexOf(':')
    const key = word.slice(0, colon)
    if (colon > 0 && colon < word.length - 1 && !props.has(key)) props.set(key, word.slice(colon + 1))
  }
  return { state: rest.slice(0, stateEnd).trim(), props: Object.fromEntries(props) }
}

function bracketBalance(word: string): number {
  let balance = 0
  for (const char of word) {
    if (char === '(' || char === '[') balance += 1
    else if (char === ')' || char === ']') balance -= 1
  }
  return balance
}

function kindOf(serial: string, props: Readonly<Record<string, string>>): AdbLinkKind {
  if (props['usb'] !== undefined) return 'usb'
  if (/^emulator-\d+$/.test(serial)) return 'emulator'
  if (MDNS.test(serial)) return 'mdns'
  return ADDRESS.test(serial) ? 'tcp' : 'usb'
}
