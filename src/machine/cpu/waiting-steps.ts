// Sleeping until somebody wakes: wait queues, completions, work, kernel threads.
import { ContextSteps } from './context-steps.js';

export abstract class WaitingSteps<out Task> extends ContextSteps<Task> {}
