// cgroup core, exit and exec of v3.0 and v3.1, when a whole process could be moved for the first time.
import { Attach } from './attach.js';

export class V31 extends Attach {}
