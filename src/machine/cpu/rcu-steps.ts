// RCU: read sections, grace periods, and what is built on them.
import { WaitingSteps } from './waiting-steps.js';

export abstract class RcuSteps<out Task> extends WaitingSteps<Task> {}
