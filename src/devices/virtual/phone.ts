import { mkdir, rm } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import type { PhoneSystem } from './system.js'

// A stand-in, TO BE REPLACED by the simulated phone: just enough for its adbd to be started and asked.

export interface PhoneOptions {
  readonly profile: string
  readonly seed: number
  readonly timeScale: number
  readonly serial: string
  /** Where the phone's files are kept; made when missing, removed by close(). */
  readonly rootDir: string
}

export interface Phone extends PhoneSystem {
  close(): Promise<void>
}

export async function createPhone({ profile, serial, rootDir }: PhoneOptions): Promise<Phone> {
  await mkdir(rootDir, { recursive: true })
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
    close: () => rm(rootDir, { recursive: true, force: true }),
  }
}
