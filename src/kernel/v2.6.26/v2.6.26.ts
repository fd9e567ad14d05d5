// cgroup core of v2.6.26, but for the test of PF_EXITING when lists are enabled (0e04388f0189), which is the first
// patch of its history here: the functions that are modelled are those of v2.6.25 and, but for the hash, v2.6.24.
import { Attach } from './attach.js';

export class V2626 extends Attach {}
