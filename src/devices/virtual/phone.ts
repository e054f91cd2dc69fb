import { join, normalize } from 'node:path'
import type { Clock } from '../../core/clock.js'
import type { PhoneSystem } from './system.js'

// A stand-in, TO BE REPLACED by the simulated phone: just enough for its adbd to be started and asked.

export interface PhoneOptions {
  readonly profile: string
  readonly androidVersion?: number
  readonly seed: number
  readonly timeScale: number
  readonly serial: string
  /** An existing folder of its own, for the phone's files. */
  readonly rootDir: string
  readonly clock: Clock
}

export interface Phone extends PhoneSystem {
  close(): Promise<void>
}

export async function createPhone({ profile, serial, rootDir }: PhoneOptions): Promise<Phone> {
  const props = new Map([
    ['ro.product.model', profile],
    ['ro.serialno', serial],
  ])
  return {
    props,
    resolve: (path) => join(rootDir, normalize(join('/', path))),
    openPort: (port) => Promise.reject(new Error(`Nothing listens on ${port}`)),
    async run(command, io) {
      const [name, argument = ''] = (command ?? '').split(' ')
      if (name === 'getprop') await io.stdout(`${props.get(argument) ?? ''}\n`)
      return name === 'exit' ? Number(argument) : 0
    },
    close: () => Promise.resolve(),
  }
}
