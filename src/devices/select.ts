import { DalaError } from '../core/errors.js'
import { parseHostPort } from '../core/host-port.js'
import { clip } from '../core/printable.js'
import type { DeviceInfo, FoundDevice } from './types.js'

/** A phone to choose from; `info` is null when it was not asked or did not answer. */
export interface Candidate {
  readonly device: FoundDevice
  readonly info: DeviceInfo | null
}

/** Which phone the user wants, and by what they said it. */
export interface Wanted {
  readonly value: string
  readonly origin: '--device' | 'DALA_DEVICE' | 'ANDROID_SERIAL'
}

export interface Selection<T extends Candidate> {
  readonly chosen: T
  /** Why this one, for the first line of output: `the only usable device`, `given by DALA_DEVICE`. */
  readonly reason: string
}

/** `--device`, else `DALA_DEVICE`, else `ANDROID_SERIAL`; empty variables count as unset. */
export function wantedDevice(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Wanted | null {
  if (flag !== undefined) return { value: flag, origin: '--device' }
  const dala = env['DALA_DEVICE']?.trim()
  if (dala !== undefined && dala !== '') return { value: dala, origin: 'DALA_DEVICE' }
  const serial = env['ANDROID_SERIAL']?.trim()
  return serial === undefined || serial === '' ? null : { value: serial, origin: 'ANDROID_SERIAL' }
}

/**
 * The phone to use. `wanted` may be an id, a serial, `host:port` or a host in full, or the beginning of an id, serial
 * or model (case and `_` for space don't matter); without it there has to be exactly one usable phone.
 *
 * @param notes why sources listed nothing, for the message when no phone is found
 * @throws DalaError DALA_NO_DEVICE, DALA_SEVERAL_DEVICES, DALA_DEVICE_NOT_FOUND, DALA_DEVICE_UNUSABLE, DALA_USAGE
 */
export function selectDevice<T extends Candidate>(
  candidates: readonly T[],
  wanted: Wanted | null,
  notes: readonly string[] = [],
): Selection<T> {
  if (wanted !== null) return selectWanted(candidates, wanted, notes)
  const usable = candidates.filter(isUsable)
  const [first, second] = usable
  if (first === undefined) throw noneUsable(candidates, notes)
  if (second !== undefined) throw several('several are usable', usable)
  return { chosen: first, reason: 'the only usable device' }
}

function selectWanted<T extends Candidate>(
  candidates: readonly T[],
  wanted: Wanted,
  notes: readonly string[],
): Selection<T> {
  const value = fold(wanted.value)
  if (value === '') {
    const fix = ['Give a device, such as --device emulator-5554; list them with: dala devices'] as const
    throw new DalaError('DALA_USAGE', `Cannot choose a device as ${wanted.origin} is empty`, { fix })
  }
  const [chosen, second] = bestMatches(candidates, value)
  if (chosen === undefined) throw notFound(candidates, wanted, notes)
  if (second !== undefined) {
    throw several(
      `“${clip(wanted.value, 60)}”, given by ${wanted.origin}, fits several`,
      bestMatches(candidates, value),
    )
  }
  if (!isUsable(chosen)) throw unusable(chosen, ` (given by ${wanted.origin})`)
  return { chosen, reason: `given by ${wanted.origin}` }
}

/** Matches of the most exact kind that has any. */
function bestMatches<T extends Candidate>(candidates: readonly T[], value: string): readonly T[] {
  const kinds: readonly ((candidate: Candidate) => boolean)[] = [
    ({ device }) => fold(device.id) === value,
    (candidate) => addressesOf(candidate).includes(value),
    (candidate) => addressesOf(candidate).some((address) => hostOf(address) === value),
    (candidate) => namesOf(candidate).includes(value),
    (candidate) => [...addressesOf(candidate), ...namesOf(candidate)].some((name) => name.startsWith(value)),
  ]
  for (const kind of kinds) {
    const matches = candidates.filter(kind)
    if (matches.length > 0) return matches
  }
  return []
}

/** Ids, addresses and the phone's own serial. */
function addressesOf({ device, info }: Candidate): string[] {
  const serials = [info?.serial ?? '', device.hints['serial'] ?? '']
  return [device.id, ...device.links.map(({ address }) => address), ...serials].map(fold).filter(Boolean)
}

function hostOf(address: string): string {
  return parseHostPort(address)?.host ?? address
}

function namesOf({ device, info }: Candidate): string[] {
  const { model } = device.hints
  const full = info === null ? [] : [info.model, `${info.manufacturer ?? ''} ${info.model ?? ''}`, info.product]
  return [...full, model].map((name) => fold(name ?? '')).filter(Boolean)
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll('_', ' ').replace(/\s+/g, ' ').trim()
}

function isUsable({ device }: Candidate): boolean {
  return device.state.name === 'ready'
}

function modelOf({ device, info }: Candidate): string {
  return info?.model ?? device.hints['model']?.replaceAll('_', ' ') ?? 'unknown model'
}

function linksOf({ device }: Candidate): string {
  return [...new Set(device.links.map(({ transport }) => transport))].join(', ')
}

function flagFor({ device }: Candidate): string {
  return /^[\w.:@%+-]+$/.test(device.id) ? `--device ${device.id}` : `--device '${device.id}'`
}

/** More would fill the screen and help nobody. */
const MAX_LISTED = 20

function list(candidates: readonly Candidate[], line: (candidate: Candidate) => string): string[] {
  const lines = candidates.slice(0, MAX_LISTED).map(line)
  const more = candidates.length - lines.length
  return more > 0 ? [...lines, `… and ${more} more; see: dala devices`] : lines
}

function several(why: string, candidates: readonly Candidate[]): DalaError {
  const lines = list(candidates, (candidate) => {
    const state = isUsable(candidate) ? '' : `, ${candidate.device.state.name}`
    return `${candidate.device.id} (${modelOf(candidate)}, ${linksOf(candidate)}${state})`
  })
  const [first = 'dala devices', ...rest] = list(candidates, (candidate) => `Add ${flagFor(candidate)}`)
  return new DalaError('DALA_SEVERAL_DEVICES', `Cannot choose a device as ${why}: ${lines.join('; ')}`, {
    fix: [first, ...rest],
  })
}

function noneUsable(candidates: readonly Candidate[], notes: readonly string[]): DalaError {
  const [only, second] = candidates
  if (only === undefined) {
    return new DalaError('DALA_NO_DEVICE', `Cannot choose a device as none was found${noteText(notes)}`, {
      fix: [
        'Connect an Android phone and turn on USB debugging, then see: dala devices',
        'Or start a virtual phone: dala virtual start',
      ],
    })
  }
  if (second === undefined) return unusable(only, '')
  const states = list(candidates, ({ device }) => `${device.id} is ${device.state.name}`)
  const fixes = new Set(list(candidates, ({ device }) => `${device.id}: ${device.state.fix ?? 'see dala devices'}`))
  return new DalaError('DALA_NO_DEVICE', `Cannot choose a device as none is usable: ${states.join('; ')}`, {
    fix: ['See them all with: dala devices', ...fixes],
  })
}

function unusable(candidate: Candidate, origin: string): DalaError {
  const { id, state } = candidate.device
  const what = `Cannot use ${id}${origin} as it is ${state.name} and has to be ready: ${state.cause ?? state.detail}`
  return new DalaError('DALA_DEVICE_UNUSABLE', what, { fix: [state.fix ?? 'See its state with: dala devices'] })
}

function notFound(candidates: readonly Candidate[], wanted: Wanted, notes: readonly string[]): DalaError {
  const near = nearest(candidates, fold(wanted.value))
  const there = candidates.length === 0 ? `none was found${noteText(notes)}` : 'none of the devices found has that name'
  const what = `Cannot find the device “${clip(wanted.value, 60)}”, given by ${wanted.origin}, as ${there}`
  const see = 'See what is there with: dala devices'
  const hints = near.map((candidate) => `Did you mean ${flagFor(candidate)} (${modelOf(candidate)})?`)
  const [first = see, ...rest] = hints.length === 0 ? [] : [...hints, see]
  return new DalaError('DALA_DEVICE_NOT_FOUND', what, { fix: [first, ...rest] })
}

function noteText(notes: readonly string[]): string {
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}

/** Up to three phones one of whose names shares the most pairs of letters with `value`. */
function nearest(candidates: readonly Candidate[], value: string): Candidate[] {
  const scored = candidates.map((candidate) => {
    const names = [...addressesOf(candidate), ...namesOf(candidate)]
    return { candidate, score: Math.max(...names.map((name) => likeness(name, value))) }
  })
  const good = scored.filter(({ score }) => score >= 0.4).toSorted((a, b) => b.score - a.score)
  return good.slice(0, 3).map(({ candidate }) => candidate)
}

/** Dice's coefficient of the pairs of letters: 0 nothing in common, 1 the same. */
function likeness(one: string, other: string): number {
  const pairs = pairsOf(one)
  const others = pairsOf(other)
  const shared = [...pairs].filter((pair) => others.has(pair)).length
  return pairs.size + others.size === 0 ? 0 : (2 * shared) / (pairs.size + others.size)
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, Math.min(text.length, 200) - 1) }, (_, at) => text.slice(at, at + 2)))
}
