import { DalaError, type DalaErrorOptions } from '../core/errors.js'
import type { DeviceState } from './types.js'

/** DALA_DEVICE_UNUSABLE of a phone whose state, met only when it was asked, says why. */
export class UnusableStateError extends DalaError {
  readonly state: DeviceState

  constructor(state: DeviceState, message: string, options: DalaErrorOptions) {
    super('DALA_DEVICE_UNUSABLE', message, options)
    this.state = state
  }
}
