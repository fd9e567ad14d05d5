// Time and timers.
import { RcuSteps } from './rcu-steps.js';

export abstract class TimeSteps<out Task> extends RcuSteps<Task> {}
